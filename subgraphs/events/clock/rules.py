"""The rule tables of the response clock: data, each in force from a day on (`rules.yaml`; `domain.md` §7.8).

What comes in: YAML. What goes out: `RuleTable`s, oldest first, and the area that a place counts as.
Source: Cabinet regulation Nr. 190; ATVK as of Cabinet regulation Nr. 379 of 2021.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import msgspec

from subgraphs.events.enumerations import ResponseCategory

LATVIA: Final = ZoneInfo("Europe/Riga")

Minutes = Annotated[int, msgspec.Meta(gt=0)]


class Area(Enum):
    """What a place counts as: a city (state city, or a town inside a county), or anything else."""

    CITY = "city"
    OTHER = "other"


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The minutes of one category; `verified`: whether they were read in the law."""

    city: Minutes
    other: Minutes
    verified: bool


class RuleTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"in_force_from": "from"}):
    """One version of the rules. A category without limits is never counted."""

    in_force_from: date
    legal_source: str
    minutes: dict[ResponseCategory, Limits]

    def minutes_of(self, category: ResponseCategory, area: Area) -> int | None:
        """How many minutes there are; None: no response time."""
        limits = self.minutes.get(category)
        if limits is None:
            return None
        return limits.city if area is Area.CITY else limits.other


def read_rules(text: bytes) -> tuple[RuleTable, ...]:
    """The tables, oldest first. Raises msgspec.ValidationError when the text has another form, ValueError when two tables
    begin on one day or the category NONE has a time.
    """
    tables = tuple(sorted(msgspec.yaml.decode(text, type=tuple[RuleTable, ...]), key=lambda table: table.in_force_from))
    days = [table.in_force_from for table in tables]
    if len(set(days)) != len(days):
        raise ValueError("Two rule tables are in force from the same day: give each a day of its own.")
    if any(ResponseCategory.NONE in table.minutes for table in tables):
        raise ValueError("The category NONE has no response time: take it out of the rule table.")
    return tables


@cache
def rules() -> tuple[RuleTable, ...]:
    """The tables that ship."""
    return read_rules((files(__package__) / "rules.yaml").read_bytes())


def table_at(tables: Sequence[RuleTable], at: datetime) -> RuleTable | None:
    """The table in force at a moment, by the day in Latvia; None before the first one."""
    day = at.astimezone(LATVIA).date()
    return next((table for table in reversed(tables) if table.in_force_from <= day), None)


def area_of(atvk: str | None) -> Area | None:
    """What a place counts as, by its ATVK code; None when the code is not known or has another form.

    Digits 3 and 4 name the municipality (01 to 19: state city), 5 and 6 the unit in it (01 to 19: state city, 20 to 39:
    town, 40 to 99: parish). A county without a unit counts as OTHER: the place may be anywhere in it.
    """
    if atvk is None or len(atvk) != 7 or not (atvk.isascii() and atvk.isdigit()):
        return None
    is_state_city = 1 <= int(atvk[2:4]) <= 19
    is_town = 1 <= int(atvk[4:6]) <= 39
    return Area.CITY if is_state_city or is_town else Area.OTHER
