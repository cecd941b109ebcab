"""Given names that are one name: spellings in other traditions, and what people are called at home.

What comes in: a folded word. What goes out: the names of the groups of `given_names.csv` that it belongs to. A group holds
true variants only: `Jānis` and `Ivans` are two names, though books translate one by the other.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from search.names.folding import fold


@cache
def _groups() -> tuple[Mapping[str, frozenset[str]], Mapping[str, frozenset[str]]]:
    """Group names by the folded form, of variants and of diminutives (the latter hold the former, too)."""
    variants: dict[str, set[str]] = {}
    familiar: dict[str, set[str]] = {}
    lines = files("search.names").joinpath("given_names.csv").read_text("utf-8").splitlines()
    for row in csv.DictReader(line for line in lines if not line.startswith("#")):
        group = fold(row["name"])
        for form in (row["name"], *row["variants"].split()):
            variants.setdefault(fold(form), set()).add(group)
            familiar.setdefault(fold(form), set()).add(group)
        for form in row["diminutives"].split():
            familiar.setdefault(fold(form), set()).add(group)
    return (
        {form: frozenset(found) for form, found in variants.items()},
        {form: frozenset(found) for form, found in familiar.items()},
    )


def variants_of(folded: str) -> frozenset[str]:
    """The groups in which the word is a variant of the name."""
    return _groups()[0].get(folded, frozenset())


def familiar_of(folded: str) -> frozenset[str]:
    """The groups in which the word is a variant or a diminutive."""
    return _groups()[1].get(folded, frozenset())
