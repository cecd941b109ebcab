"""Who may see a person moves with the event while the registers are being served."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from authz.rows import Overlaps
from changes.relay import Relay
from ingest.registers import Registers
from saite.folder import DataFolder
from saite.following import NAME, consumer_of, in_step
from saite.registers import open_registers
from subgraphs.events.errors import EventsUnavailable
from subgraphs.events.model import Place
from subgraphs.room.projecting import announce
from subgraphs.room.records import Involved
from subgraphs.room.store import ProjectionChange
from tests.changes.conftest import Own, own
from tests.changes.test_relay import FAST
from tests.subgraphs.samples import event, id_of, person, person_part

__all__ = ["own"]

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
        async with in_step(registers, every_seconds=0.01), asyncio.timeout(20):
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
            await until_seen_by(registers, LIEPAJA)
            assert not await seen_by(registers, RIGA)


async def test_what_changed_last_is_followed_before_the_end(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        async with in_step(registers, every_seconds=60):
            await asyncio.sleep(0.1)  # the first turn is over
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
        assert await seen_by(registers, LIEPAJA)
        assert not await seen_by(registers, RIGA)


async def test_a_register_that_fails_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        ask, failures = registers.events.projection_changes, [EventsUnavailable("The register does not answer.")]

        async def flaky(limit: int) -> Sequence[ProjectionChange]:
            if failures:
                raise failures.pop()
            return await ask(limit)

        monkeypatch.setattr(registers.events, "projection_changes", flaky)
        async with in_step(registers, every_seconds=0.01), asyncio.timeout(20):
            await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
            await until_seen_by(registers, LIEPAJA)
        assert not failures


async def test_what_nobody_was_told_of_is_followed_at_the_next_start(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
        await registers.events.move(NAME, 0, await registers.events.last())
        async with in_step(registers, every_seconds=60), asyncio.timeout(20):
            await until_seen_by(registers, LIEPAJA)


async def test_told_by_the_broker_projections_follow_too(tmp_path: Path, own: Own) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_registers(folder) as registers:
        await registered(registers)
        relay = asyncio.create_task(Relay("events", registers.events, own.broker, own.exchange, FAST).run())
        consumer = replace(consumer_of(registers.projections), name="search")
        following = asyncio.create_task(consumer.follow_broker(own.broker, own.exchange))
        await registers.events.put_many([msgspec.structs.replace(FIRST, place=Place(atvk=LIEPAJA))])
        async with asyncio.timeout(20):
            await until_seen_by(registers, LIEPAJA)
        for task in (relay, following):
            task.cancel()
        await asyncio.gather(relay, following, return_exceptions=True)
