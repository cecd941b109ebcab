"""Reads the small tables that the world is made from.

What comes in: the files of `tables/` (invented or chosen by us, each says from what) and `measured/` (counts out of two real
registers, written by `measure.py`). What goes out: rows as dictionaries, weights, counts.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `tables/<name>.csv`; lines that start with `#` say where the table comes from."""
    delimiter = "|" if name == "summaries" else ","  # sentences have commas
    return tuple(csv.DictReader(_lines(_HERE / "tables" / f"{name}.csv"), delimiter=delimiter))


@cache
def counts(name: str) -> dict[tuple[str, ...], int]:
    """The counts of `measured/<name>.csv`: the last column by the others."""
    reader = csv.reader(_lines(_HERE / "measured" / f"{name}.csv"))
    next(reader)
    return {tuple(row[:-1]): int(row[-1]) for row in reader}


def weights(text: str) -> dict[str, float]:
    """Weights written as `VICTIM:60 WITNESS:40`."""
    pairs = (part.rpartition(":") for part in text.split())
    return {name: float(weight) for name, _, weight in pairs}


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
