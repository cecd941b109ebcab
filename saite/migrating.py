"""Brings the registers' databases up to date, and says how they stand.

What comes in: rooms and the addresses of their databases. What goes out: one `Standing` a room. Files of the data folder need
none of this: they are made anew from journals, or by the verb that opens them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from subgraphs.room.partitions import Partitioned, State

MONTHS_THAT_MUST_BE_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Standing:
    """One database: what was done to it, the revision that is missing (None: none), and its months where it has such."""

    applied: tuple[str, ...]
    made: tuple[date, ...]
    missing: str | None
    months: State | None

    @property
    def is_well(self) -> bool:
        """Whether nothing is missing, now and for the next two months."""
        has_months = self.months is None or (self.months.ahead >= MONTHS_THAT_MUST_BE_AHEAD and not self.months.stray)
        return self.missing is None and has_months

    def as_json(self) -> dict[str, Any]:
        """One flat object."""
        told: dict[str, Any] = {"applied": self.applied, "missing": self.missing, "isWell": self.is_well}
        if self.months is not None:
            made = [f"{month:%Y-%m}" for month in self.made]
            told |= {"monthsMade": made, "monthsAhead": self.months.ahead, "strayRows": self.months.stray}
        return told


async def migrate_all(addresses: Mapping[str, str], first: date, today: date) -> dict[str, Standing]:
    """Apply what is missing and make the months from `first` until three ahead. Raises StoreFailed."""
    from subgraphs.room.migrating import migrate
    from subgraphs.room.partitions import AHEAD, later, make_months

    found = {}
    for room, address in addresses.items():
        applied = await migrate(address, room)
        partitioned = _partitioned(room)
        made = () if partitioned is None else await make_months(address, partitioned, first, later(today, AHEAD))
        found[room] = await _standing(room, address, today, applied, made)
    return found


async def look_at_all(addresses: Mapping[str, str], today: date) -> dict[str, Standing]:
    """How each stands; nothing is changed. Raises StoreFailed."""
    return {room: await _standing(room, address, today) for room, address in addresses.items()}


async def _standing(
    room: str, address: str, today: date, applied: tuple[str, ...] = (), made: tuple[date, ...] = ()
) -> Standing:
    from subgraphs.room.migrating import missing_of
    from subgraphs.room.partitions import state_of

    missing, partitioned = await missing_of(address, room), _partitioned(room)
    months = None if partitioned is None or missing is not None else await state_of(address, partitioned, today)
    return Standing(applied, made, missing, months)


def _partitioned(room: str) -> Partitioned | None:
    if room != "events":
        return None
    from subgraphs.events.store_postgresql import PARTITIONED

    return PARTITIONED
