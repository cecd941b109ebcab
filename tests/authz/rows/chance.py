"""Rows and rules by chance, with everything that stores are known to differ by: nulls, missing values, empty sets, letters that
fold, decompose or sort apart, zero with a sign, days and instants, points on both sides of a line.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from authz.rows import All, AnyOf, Eq, Exists, GeoWithin, Gte, In, Lte, Not, Overlaps, Predicate, bind, normal
from authz.rows.moments import written
from authz.rows.predicate import leaves_of

TEXTS = (
    "0001000",
    "0034000",
    "1000",
    "",
    " ",
    "a",
    "A",
    "Ā",
    unicodedata.normalize("NFD", "Ā"),
    "ā",
    "ß",
    "ss",
    "a'b",
    "%",
    "_",
    "*",
    "a*",
    "$eq",
    "null",
    "true",
    "x" * 300,
    "\U0001f693",
)
WHOLES = (-1, 0, 1, 2, 3, 2_147_483_647)
FLOATS = (-1.5, -0.0, 0.0, 0.1, 2.0, 3.25, 1e-300)
DAYS = (*(date(2026, 1, 1) + timedelta(days) for days in (-1, 0, 1, 30, 400)), date(1, 1, 1), date(1899, 12, 31))
SUMMER_TIME = datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC)
INSTANTS = (
    *(SUMMER_TIME + timedelta(microseconds=step) for step in (0, 1, 2, 999, 1_000)),
    datetime(2026, 3, 29, 3, 0, tzinfo=timezone(timedelta(hours=3))),
    datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
)
CENTRE = (56.95, 24.1)

Row = dict[str, Any]


def row(chance: random.Random) -> Row:
    """One row; a third of its values is not there."""

    def perhaps(make: Callable[[], object]) -> object:
        return make() if chance.random() < 0.7 else None

    return {
        "territory": perhaps(lambda: chance.choice(TEXTS)),
        "classification": perhaps(lambda: chance.choice(WHOLES)),
        "weight": perhaps(lambda: chance.choice(FLOATS)),
        "sealed": perhaps(lambda: chance.random() < 0.5),
        "born": perhaps(lambda: chance.choice(DAYS)),
        "seen": perhaps(lambda: chance.choice(INSTANTS)),
        "tags": perhaps(lambda: set(chance.sample(TEXTS, chance.randrange(4)))),
        "place": perhaps(lambda: (CENTRE[0] + chance.uniform(-0.05, 0.05), CENTRE[1] + chance.uniform(-0.1, 0.1))),
    }


def rule(chance: random.Random, depth: int = 3) -> Predicate:
    """One rule, nested up to `depth`; every second one asks for a value that rows have."""
    if depth == 0 or chance.random() < 0.35:
        return _leaf(chance)
    match chance.randrange(4):
        case 0:
            return All(tuple(rule(chance, depth - 1) for _ in range(chance.randrange(4))))
        case 1:
            return AnyOf(tuple(rule(chance, depth - 1) for _ in range(chance.randrange(4))))
        case _:
            return Not(rule(chance, depth - 1))


def _leaf(chance: random.Random) -> Predicate:
    match chance.randrange(11):
        case 0:
            return Eq("territory", chance.choice(TEXTS))
        case 1:
            return Eq("classification", chance.choice(WHOLES))
        case 2:
            return Eq("weight", chance.choice((*FLOATS, 0, 2)))
        case 3:
            return Eq("sealed", chance.random() < 0.5)
        case 4:
            return In("territory", tuple(chance.sample(TEXTS, chance.randrange(4))))
        case 5:
            return In(
                *chance.choice((("classification", WHOLES[: chance.randrange(4)]), ("weight", FLOATS[: chance.randrange(5)])))
            )
        case 6:
            return Overlaps("tags", tuple(chance.sample(TEXTS, chance.randrange(4))))
        case 7:
            kind = chance.choice((Lte, Gte))
            return chance.choice(
                (kind("classification", chance.choice((*WHOLES, 1.5))), kind("weight", chance.choice((*FLOATS, 0))))
            )
        case 8:
            kind = chance.choice((Lte, Gte))
            return chance.choice((kind("born", written(chance.choice(DAYS))), kind("seen", written(chance.choice(INSTANTS)))))
        case 9:
            names = ("territory", "classification", "weight", "sealed", "born", "seen", "tags", "place")
            return Exists(chance.choice(names))
        case _:
            centre = (CENTRE[0] + chance.uniform(-0.03, 0.03), CENTRE[1] + chance.uniform(-0.05, 0.05))
            return GeoWithin("place", *centre, chance.choice((100.0, 1_000.0, 5_000.0)))


def world(seed: int, rows: int, rules: int) -> tuple[list[Row], list[Predicate]]:
    """So many rows and bound rules, the same for the same seed."""
    chance = random.Random(seed)
    return [row(chance) for _ in range(rows)], [bind(rule(chance), {}) for _ in range(rules)]


def every_leaf_both_ways(rules: list[Predicate]) -> list[Predicate]:
    """The rules, then each of their leaves alone and denied."""
    leaves = dict.fromkeys(leaf for found in rules for leaf in leaves_of(found))
    return [*rules, *leaves, *(normal(Not(leaf)) for leaf in leaves)]
