"""Who may see a person moves with the event while the registers are being served."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from authz.rows import Overlaps
from ingest.registers import Registers
from saite.folder import DataFolder
from saite.following import in_step
from saite.registers import open_registers
from subgraphs.events.errors import EventsUnavailable
from subgraphs.events.model import Place
from subgraphs.room.projecting import Projections, announce
from subgraphs.room.records import Involved
from subgraphs.room.store import ProjectionChange
from tests.subgraphs.samples import event, id_of, person, person_part

RIGA, LIEPAJA = "0001000", "0005000"
ANNA = id_of("per", 1)
FIRST = event(1, place=Place(atvk=RIGA), persons=(person_part(1, 1),))


async def seen_by(registers: Registers, territory: str) -> bool:
    return ANNA in await registers.persons.by_ids([ANNA], {"Person": Overlaps("involvedTerritories", (territory,))})


async def until_seen_by(registers: Registers, territory: str) -> None:
    while not await seen_by(registers, territory):  # noqa: ASYNC110 - a register has no event to wait for
        await asyncio.sleep(0.01)


async def registered(registers: Registers) -> None:
    await registers.persons.put_many([person(1)])
    await announce(registers.projections, [Involved(ANNA, (RIGA,), (FIRST.territory_owner,))])
    await registers.events.put_many([FIRST])


async def test_a_changed_event_is_followed_while_the_registers_are_served(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        async with in_step(registers.projections, every_seconds=0.01), asyncio.timeout(20):
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
            await until_seen_by(registers, LIEPAJA)
            assert not await seen_by(registers, RIGA)


async def test_what_changed_last_is_followed_before_the_end(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        async with in_step(registers.projections, every_seconds=60):
            await asyncio.sleep(0.1)  # the first turn is over
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
        assert await seen_by(registers, LIEPAJA)
        assert not await seen_by(registers, RIGA)


async def test_a_register_that_fails_is_asked_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        flaky = _FailingOnce(registers.projections)
        async with in_step(flaky.projections, every_seconds=0.01), asyncio.timeout(20):
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
            await until_seen_by(registers, LIEPAJA)
        assert flaky.failed


class _FailingOnce:
    """A source of changes that is away at the first question, as a database that restarts is."""

    def __init__(self, right: Projections) -> None:
        self.failed = False
        self.projections = Projections(right.events, right.by_kind, (self, *right.sources))

    async def projection_changes(self, limit: int) -> Sequence[ProjectionChange]:
        if not self.failed:
            self.failed = True
            raise EventsUnavailable("The register does not answer.")
        return ()

    async def last_projection_change(self) -> int:
        return 0

    async def followed(self, numbers: Sequence[int]) -> None:
        raise AssertionError("nothing to follow")
