"""Writes invented registers in which every value says where it comes from.

A value is written for the places at which the graph shows it (`Spot`s) and for the row that it belongs to. Texts are canaries:
one pattern finds them in any bytes, and `planted` tells which rights a caller needs to have seen them. A second pen, given what
a contract denies, writes the same registers with other values wherever nobody under that contract may tell the difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Final, TypeVar

CANARY: Final = re.compile(rb"zq[0-9a-f]{8}q", re.IGNORECASE)
START: Final = datetime(2026, 1, 1, tzinfo=UTC)

T = TypeVar("T")

Spot = tuple[str, ...]
"""The coordinates that all have to be readable for a value to be shown: `("Event.place", "Place.text")`."""

Row = tuple[str, str]
"""A type's name and an id."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a canary may be seen: at any of the spots, when the row is visible."""

    spots: tuple[Spot, ...]
    row: Row


def spots_of(*places: str) -> tuple[Spot, ...]:
    """`"Event.place Place.text"` is one spot."""
    return tuple(tuple(place.split()) for place in places)


@dataclass
class Pen:
    """`differs` says of which (spots, row) the values are to be others than the first pen's; the first pen's says never.
    `hides` says to which rows a reference may lead nowhere instead: nobody may tell a hidden row from none.
    """

    differs: Callable[[tuple[Spot, ...], Row], bool] = lambda _spots, _row: False
    hides: Callable[[Row], bool] = lambda _row: False
    planted: dict[str, Planted] = field(default_factory=dict)

    def text(self, row: Row, *places: str, before: str = "") -> str:
        """A text that is nowhere else."""
        spots = spots_of(*places)
        canary = f"zq{self._digest(spots, row)[:8]}q"
        assert canary not in self.planted or self.planted[canary] == Planted(spots, row)
        self.planted[canary] = Planted(spots, row)
        return before + canary

    def one_of(self, row: Row, values: Sequence[T], *places: str) -> T:
        """One of the values; a differing pen takes another."""
        spots = spots_of(*places)
        at = int(self._digest(spots, row, same=True), 16) % len(values)
        return values[(at + 1) % len(values) if self.differs(spots, row) else at]

    def reference(self, row: Row, target: Row) -> str | None:
        """The id of another row; of a hidden one, a pen that hides sometimes names none."""
        drops = self.hides(target) and int(sha256(f"{row}{target}".encode()).hexdigest(), 16) % 2 == 0
        return None if drops else target[1]

    def number(self, row: Row, most: int, *places: str) -> int:
        return self.one_of(row, range(most), *places)

    def moment(self, row: Row, *places: str) -> datetime:
        return START + timedelta(minutes=self.number(row, 250_000, *places) * 7 % 250_000)

    def day(self, row: Row, *places: str) -> date:
        return date(1960, 1, 1) + timedelta(days=self.number(row, 20_000, *places) * 7 % 20_000)

    def _digest(self, spots: tuple[Spot, ...], row: Row, *, same: bool = False) -> str:
        salt = "" if same or not self.differs(spots, row) else "other"
        return sha256(f"{spots}{row}{salt}".encode()).hexdigest()


def canaries_in(text: bytes) -> set[str]:
    """The canaries that stand in some bytes."""
    return {found.decode().lower() for found in CANARY.findall(text)}


def seen_by(planted: Mapping[str, Planted], readable: frozenset[str], is_visible: Callable[[Row], bool]) -> frozenset[str]:
    """The canaries that somebody with these rights may see in full."""
    return frozenset(
        canary
        for canary, one in planted.items()
        if is_visible(one.row) and any(all(step in readable for step in spot) for spot in one.spots)
    )
