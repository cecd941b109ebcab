"""Sows an invented register into a store: in batches, from where an earlier run ended.

What comes in: a store, a world, what the register holds of a community. What goes out: an `Outcome`. There is no marker
beside the records: batches are written whole and in order, ids are derived, so the store itself tells how far the register
has grown. A register that holds the last community of a world holds that world, and a smaller world grows into a larger one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, Protocol, TypeVar

from authz.rows import EVERY_ROW
from subgraphs.room.records import Kept, Outcome
from subgraphs.room.where import Rows
from subgraphs.room.world.world import World

R = TypeVar("R")
E = TypeVar("E", bound=Enum)

Progress = Callable[[int, int], None]
"""Told after each batch: how many of the world's events the register holds the part of, and how many there are."""

BATCH: Final = 20
"""Communities in a batch: a thousand events and what belongs to them."""

# a type without a rule shows nothing; sowing has no caller to hide anything from
_EVERYTHING: Final[Rows] = dict.fromkeys(("Event", "Person", "Vehicle", "Document"), EVERY_ROW)


class Soil(Protocol[R]):
    """What sowing needs of a store."""

    async def put_many(self, records: Sequence[R]) -> Outcome: ...

    async def by_ids(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[R]]: ...


@dataclass(frozen=True, slots=True)
class Register(Generic[R]):
    """What one register holds of the community `number` of a world: ids and records, in the same order."""

    ids: Callable[[World, int], Sequence[str]]
    records: Callable[[World, int], Sequence[R]]


async def sow(store: Soil[R], world: World, register: Register[R], progress: Progress) -> Outcome:
    """Write what the store lacks of the world; what it has is counted as `same` without being written again."""
    start = await grown(store, world, register)
    progress(start * world.events_each, world.events)
    outcome = (
        Outcome(same=sum(len(register.ids(world, number)) for number in range(start)))
        if start < world.communities
        else Outcome()
    )
    for first in range(start, world.communities, BATCH):
        end = min(first + BATCH, world.communities)
        batch = [record for number in range(first, end) for record in register.records(world, number)]
        outcome += await store.put_many(batch)
        progress(end * world.events_each, world.events)
    return outcome


async def grown(store: Soil[R], world: World, register: Register[R]) -> int:
    """How many communities of the world, from the first on, the store holds: a handful of look-ups, however large it is."""
    low, high = 0, world.communities
    while low < high:
        # the last community first: the usual answer of a second start
        middle = high - 1 if high == world.communities and low == 0 else (low + high) // 2
        if await _holds(store, world, register, middle):
            low = middle + 1
        else:
            high = middle
    return low


async def _holds(store: Soil[R], world: World, register: Register[R], number: int) -> bool:
    """Whether the store has the community's last record, or that of the nearest one before that has records at all."""
    for candidate in range(number, -1, -1):
        ids = register.ids(world, candidate)
        if ids:
            return ids[-1] in await store.by_ids([ids[-1]], _EVERYTHING)
    return True


def words(enumeration: type[E]) -> Mapping[str, E]:
    """The members of an enumeration by their value: the world speaks in plain words."""
    return {str(member.value): member for member in enumeration}
