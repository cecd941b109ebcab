"""Code lists: what authorities extend without a change of the schema. Each list is one CSV file here: code, Latvian, English.

What comes in: the name of a list and a code. What goes out: the code with its labels; a code that the list does not have (yet)
keeps itself and has no labels.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class CodeValue:
    """A code of a list, with its labels where the list has them."""

    list: str
    code: str
    label_lv: str | None
    label_en: str | None


@cache
def code_list(name: str) -> Mapping[str, CodeValue]:
    """The codes of the list `name` in the list's order. Raises FileNotFoundError when there is no such list."""
    text = (files(__package__) / f"{name}.csv").read_text("utf-8")
    return {row["code"]: CodeValue(name, row["code"], row["lv"], row["en"]) for row in csv.DictReader(text.splitlines())}


def code_of(name: str, code: str) -> CodeValue:
    """One code of the list `name`."""
    return code_list(name).get(code) or CodeValue(name, code, None, None)
