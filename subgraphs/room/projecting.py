"""Keeping the projection of events in step: which territories and agencies each person, vehicle and document has to do with.

A room sees its own store alone, so its row rules read a projection that it keeps of the events (`involvedTerritories`). What
comes in: the event register and the registers that project it. What goes out: the same registers, in step.

    reach of a thing  the events that it is involved in, and those of the things that are linked to it (`linked`: holders)
    new event         `announce` adds to the projections before the event is written: nobody is seen too late
    change            the register notes in the change's own transaction whose projection moves; `follow` makes those anew
    rebuilding        `differences` holds a whole projection against the events, `rebuild` mends what differs

Nothing is counted up or down: what moves is computed from the events again, so following twice, late, or after a crash ends in
the same projection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from subgraphs.room.enumerations import EntityKind
from subgraphs.room.records import Involved
from subgraphs.room.store import ProjectionChange

BATCH: Final = 500
_KINDS: Final = {"per": EntityKind.PERSON, "veh": EntityKind.VEHICLE, "doc": EntityKind.DOCUMENT}


class Changing(Protocol):
    """See `subgraphs.room.store.ChangingStore`."""

    async def projection_changes(self, limit: int) -> Sequence[ProjectionChange]: ...

    async def last_projection_change(self) -> int: ...

    async def followed(self, numbers: Sequence[int]) -> None: ...


class Events(Changing, Protocol):
    """What following needs of the event register (`subgraphs.events.store.EventStore`)."""

    def involved(self, kind: EntityKind, ids: Sequence[str] | None = None) -> AsyncIterator[list[Involved]]: ...


class Projecting(Protocol):
    """What following needs of a register that projects (`subgraphs.room.store.ProjectingStore`)."""

    async def add_involved(self, items: Sequence[Involved]) -> None: ...

    async def replace_involved(self, items: Sequence[Involved]) -> None: ...

    async def involved_of(self, ids: Sequence[str]) -> dict[str, Involved]: ...

    def projected(self) -> AsyncIterator[list[Involved]]: ...

    async def linked(self, ids: Sequence[str]) -> dict[str, frozenset[str]]: ...


@dataclass(frozen=True, slots=True)
class Projections:
    """The event register, the registers that project it by kind, and all whose changes move a projection."""

    events: Events
    by_kind: Mapping[EntityKind, Projecting]
    sources: tuple[Changing, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the projection says of one thing, and what the events say."""

    kept: Involved
    right: Involved

    @property
    def shows_too_much(self) -> bool:
        """Whether the projection opens the thing to somebody to whom the events do not."""
        is_within = set(self.kept.territories) <= set(self.right.territories)
        return not (is_within and set(self.kept.agencies) <= set(self.right.agencies))


def kind_of(thing: str) -> EntityKind:
    """The kind that an id's prefix says."""
    return _KINDS[thing.partition("_")[0]]


async def announce(here: Projections, items: Collection[Involved]) -> None:
    """Add to the projections what new events are about to say; what is linked to the things hears of it, too."""
    said: dict[str, Involved] = {}
    for item in items:
        said[item.id] = _joined(item.id, (said.get(item.id), item))
    for other, things in (await _linked(here, list(said))).items():
        for thing in things:
            said[thing] = _joined(thing, (said.get(thing), said[other]))
    for kind, projecting in here.by_kind.items():
        if own := [item for item in said.values() if kind_of(item.id) is kind]:
            await projecting.add_involved(own)


async def follow(here: Projections) -> int:
    """Bring the projections in step with every change that waits; how many changes that were.

    May run in several processes at once, and beside writers.
    """
    done = 0
    for source in here.sources:
        while changes := await source.projection_changes(BATCH):
            await _renew(here, {change.target for change in changes})
            await source.followed([change.number for change in changes])
            done += len(changes)
    return done


async def _renew(here: Projections, things: Collection[str]) -> None:
    """Compute anew until nothing changed meanwhile: another process may have written a newer projection in between."""
    while True:
        newest = [await source.last_projection_change() for source in here.sources]
        linked = await _linked(here, list(things))
        moved = sorted({*things, *(other for others in linked.values() for other in others)})
        right = await reach(here, moved)
        for kind, projecting in here.by_kind.items():
            if own := [item for item in right.values() if kind_of(item.id) is kind]:
                await projecting.replace_involved(own)
        if newest == [await source.last_projection_change() for source in here.sources]:
            return


async def reach(here: Projections, things: Collection[str]) -> dict[str, Involved]:
    """What the events say of each thing now: its own, and those of the things linked to it."""
    linked = await _linked(here, list(things))
    asked = sorted({*things, *(other for others in linked.values() for other in others)})
    direct: dict[str, Involved] = {}
    for kind in here.by_kind:
        if ids := [thing for thing in asked if kind_of(thing) is kind]:
            direct.update({item.id: item async for batch in here.events.involved(kind, ids) for item in batch})
    return {thing: _joined(thing, (direct.get(each) for each in (thing, *linked.get(thing, ())))) for thing in things}


async def differences(here: Projections, kind: EntityKind) -> AsyncIterator[Difference]:
    """Where a register's projection and the events differ, each thing once."""
    projecting = here.by_kind[kind]
    told: set[str] = set()
    async for ids in _candidates(here, kind):
        right, kept = await reach(here, ids), await projecting.involved_of(ids)
        for thing in ids:
            if kept[thing] != right[thing] and thing not in told:
                told.add(thing)
                yield Difference(kept[thing], right[thing])


async def _candidates(here: Projections, kind: EntityKind) -> AsyncIterator[list[str]]:
    """Everything that has a projection, and everything that should have one."""
    async for batch in here.by_kind[kind].projected():
        yield [item.id for item in batch]
    for other in here.by_kind:
        async for batch in here.events.involved(other):
            ids = [item.id for item in batch]
            linked = await _linked(here, ids)
            near = {*ids, *(thing for things in linked.values() for thing in things)}
            if own := sorted(thing for thing in near if kind_of(thing) is kind):
                yield own


async def rebuild(here: Projections, kind: EntityKind) -> int:
    """Mend what differs from the events; how many things that were."""
    wrong = [difference.right.id async for difference in differences(here, kind)]
    for start in range(0, len(wrong), BATCH):
        await _renew(here, wrong[start : start + BATCH])
    return len(wrong)


async def _linked(here: Projections, things: Sequence[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for projecting in here.by_kind.values():
        for thing, others in (await projecting.linked(things)).items():
            found[thing] = found.get(thing, frozenset()) | others
    return found


def _joined(thing: str, parts: Iterable[Involved | None]) -> Involved:
    known = [part for part in parts if part is not None]
    territories = {value for part in known for value in part.territories}
    agencies = {value for part in known for value in part.agencies}
    return Involved(thing, tuple(sorted(territories)), tuple(sorted(agencies)))
