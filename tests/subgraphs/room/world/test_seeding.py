"""Sowing: only what lacks, from where an earlier run ended."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kernel.clock import SystemClock
from subgraphs.documents.seed import seed as seed_documents
from subgraphs.documents.store_sqlite import open_store as open_documents
from subgraphs.events.seed import seed as seed_events
from subgraphs.events.store_sqlite import open_store as open_events
from subgraphs.persons.seed import records as person_records
from subgraphs.persons.seed import seed as seed_persons
from subgraphs.persons.store_sqlite import open_store as open_persons
from subgraphs.room.records import Kept, Outcome
from subgraphs.room.world import World
from subgraphs.room.world.seeding import BATCH
from subgraphs.vehicles.seed import seed as seed_vehicles
from subgraphs.vehicles.store_sqlite import open_store as open_vehicles
from tests.subgraphs.room.world.registers import registers

SEEDS = {"events": seed_events, "persons": seed_persons, "vehicles": seed_vehicles, "documents": seed_documents}


class Killed(Exception):
    """The process died."""


OPEN = {
    "events": open_events,
    "persons": open_persons,
    "vehicles": open_vehicles,
    "documents": open_documents,
}


class Memory:
    """A store that keeps records in a dictionary and may die before a batch is written."""

    def __init__(self, dies_at_batch: int | None = None) -> None:
        self.kept: dict[str, object] = {}
        self.batches = 0
        self.lookups = 0
        self.dies_at_batch = dies_at_batch

    async def put_many(self, records: Sequence) -> Outcome:
        await asyncio.sleep(0)
        self.batches += 1
        if self.batches == self.dies_at_batch:
            raise Killed
        new = [record for record in records if record.id not in self.kept]
        self.kept.update({record.id: record for record in records})
        return Outcome(new=len(new), same=len(records) - len(new))

    async def by_ids(self, ids: Sequence[str], rows: Mapping) -> dict[str, Kept]:
        self.lookups += 1
        assert set(rows) == {"Event", "Person", "Vehicle", "Document"}, "a type without a rule shows nothing"
        return {found: self.kept[found] for found in ids if found in self.kept}


def ignore(done: int, total: int) -> None:
    """No progress is shown."""


@pytest.mark.parametrize("room", SEEDS)
async def test_a_register_is_filled_with_the_whole_world(room):
    world = World(BATCH + 3)
    store = Memory()
    told = []

    outcome = await SEEDS[room](store, world, lambda done, total: told.append((done, total)))

    whole = getattr(registers(world), room)
    assert tuple(store.kept.values()) == whole
    assert outcome == Outcome(new=len(whole))
    assert told == [(0, world.events), (BATCH * 50, world.events), (world.events, world.events)]


@pytest.mark.parametrize("room", SEEDS)
async def test_a_second_seed_writes_nothing_and_looks_once(room):
    store, world = Memory(), World(5)
    await SEEDS[room](store, world, ignore)
    before, store.batches, store.lookups = dict(store.kept), 0, 0

    outcome = await SEEDS[room](store, world, ignore)

    assert outcome == Outcome()
    assert (store.batches, store.lookups) == (0, 1)
    assert store.kept == before


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_killed_at_any_batch_and_started_again_it_loses_and_doubles_nothing(batch):
    world = World(2 * BATCH + 7)
    store = Memory(dies_at_batch=batch)
    with pytest.raises(Killed):
        await seed_persons(store, world, ignore)
    done = len(store.kept)

    outcome = await seed_persons(store, world, ignore)

    assert tuple(store.kept.values()) == registers(world).persons
    assert outcome == Outcome(new=len(store.kept) - done, same=done)


async def test_a_smaller_world_grows_into_a_larger_one():
    store = Memory()
    await seed_persons(store, World(3), ignore)

    outcome = await seed_persons(store, World(9), ignore)

    assert tuple(store.kept.values()) == registers(World(9)).persons
    assert outcome.same == sum(len(person_records(World(3), number)) for number in range(3))


async def test_four_seeds_side_by_side_derive_what_each_alone_does():
    world = World(BATCH + 1)
    stores = {room: Memory() for room in SEEDS}

    await asyncio.gather(*(seed(stores[room], world, ignore) for room, seed in SEEDS.items()))

    whole = registers(world)
    assert {room: tuple(store.kept.values()) for room, store in stores.items()} == {
        room: getattr(whole, room) for room in SEEDS
    }


@pytest.mark.parametrize("room", SEEDS)
async def test_the_real_store_tells_how_far_its_register_has_grown(room, tmp_path: Path):
    store = await OPEN[room](tmp_path / "room.sqlite", SystemClock())
    small, large = World(3), World(BATCH + 5)
    try:
        first = await SEEDS[room](store, small, ignore)
        again = await SEEDS[room](store, small, ignore)
        grown = await SEEDS[room](store, large, ignore)
    finally:
        await store.close()

    assert first == Outcome(new=len(getattr(registers(small), room)))
    assert again == Outcome()
    assert grown.new + grown.same == len(getattr(registers(large), room))
    assert grown.same == first.new


async def test_a_process_that_dies_in_the_middle_of_a_batch_leaves_whole_batches_in_the_real_store(tmp_path: Path):
    world = World(2 * BATCH)
    store = await open_persons(tmp_path / "persons.sqlite", SystemClock())

    def stop(done: int, total: int) -> None:
        if done:
            raise Killed

    try:
        with pytest.raises(Killed):
            await seed_persons(store, world, stop)
        told = []
        outcome = await seed_persons(store, world, lambda done, total: told.append(done))
    finally:
        await store.close()

    assert told == [BATCH * 50, world.events]
    assert outcome.new + outcome.same == len(registers(world).persons)
    assert outcome.new
    assert outcome.same
