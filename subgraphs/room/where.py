"""What a list is narrowed by, before any store knows of it: a closed little tree, and the order and page of a listing.

What comes in: the `where`, `orderBy` and paging arguments of a connection. What goes out: `Listing`, which every store adapter
turns into its own language (SQL: `subgraphs/room/sql.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from authz.rows import Predicate
from kernel.paging import Page

Operator = Literal["eq", "in", "startsWith", "from", "to", "within"]

Rows = Mapping[str, Predicate]
"""The row rule for each type name; a type that is not named shows every row.

For callers the guard names every type of the room (`subgraphs.room.guard`); seeds and imports act for the registers and name
none.
"""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle on the earth: centre in WGS 84 degrees, radius in metres."""

    lat: float
    lon: float
    metres: float


@dataclass(frozen=True, slots=True)
class Compare:
    """One attribute against one value. `from` is inclusive, `to` exclusive; unknown (null) never passes."""

    attribute: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class All:
    """Every item holds; none at all holds too."""

    items: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one item holds; none at all does not."""

    items: tuple[Where, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The item does not hold; an attribute that is unknown counts as not holding."""

    item: Where


@dataclass(frozen=True, slots=True)
class Some:
    """At least one thing at the other end of `edge`, that the caller may see, for which the item holds."""

    edge: str
    item: Where


Where = Compare | All | AnyOf | Not | Some


@dataclass(frozen=True, slots=True)
class Sort:
    """One attribute and its direction; unknown values come last whichever the direction."""

    attribute: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What part of a list is wanted: narrowed by `where` and by the caller's row rules, ordered, one page of it.

    The id breaks ties, so pages never overlap.
    """

    where: Where
    order: tuple[Sort, ...]
    page: Page
    rows: Rows
