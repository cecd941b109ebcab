"""PostgreSQL as a room's database: writers beside each other, deadlines, a server that is away, and months of events."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from kernel.clock import FixedClock
from subgraphs.events import store_postgresql as events
from subgraphs.events.errors import EventsUnavailable
from subgraphs.persons import store_postgresql as persons
from subgraphs.room import deadline
from subgraphs.room.partitions import later, make_months, state_of
from subgraphs.room.postgresql import Limits
from subgraphs.room.postgresql_writes import PostgresqlWrites
from subgraphs.room.records import Involved
from subgraphs.room.where import All
from tests.subgraphs.samples import event, id_of, person
from tests.subgraphs.stores import Databases, OpenStore

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))


async def said_by(store: Any, statement: str = "SHOW statement_timeout") -> Any:
    async with store.database.reading() as connection:
        return (await connection.execute(sa.text(statement))).scalar_one()


@pytest.mark.parametrize("room", ["events", "persons"])
async def test_writers_beside_each_other_make_every_version_once(open_store: OpenStore, room):
    make = event if room == "events" else person
    field = "subkind" if room == "events" else "citizenship"
    stores = [await open_store(room, "postgresql", CLOCK) for _ in range(4)]
    batches = [
        [make(number, **{field: f"{writer}-{again}"}) for number in range(30)] for writer in range(4) for again in range(3)
    ]
    writing = (stores[place % 4].put_many(batch if place % 2 else batch[::-1]) for place, batch in enumerate(batches))
    outcomes = await asyncio.gather(*writing)
    assert sum(outcome.new for outcome in outcomes) == 30
    assert sum(outcome.changed for outcome in outcomes) == 11 * 30
    histories = await stores[0].history([make(number).id for number in range(30)], {})
    assert {tuple(change.version for change in changes) for changes in histories.values()} == {tuple(range(1, 13))}


async def test_what_came_in_after_the_rows_were_held_is_held_before_it_is_changed(open_store: OpenStore):
    mine, other = [await open_store("persons", "postgresql", CLOCK) for _ in range(2)]
    held: list[list[str]] = []

    class Late(PostgresqlWrites):
        """Right after the first look, somebody else puts the person in."""

        async def hold(self, connection: Any, register: Any, ids: Any, /) -> Any:
            held.append(list(await super().hold(connection, register, ids)))
            if len(held) == 1:
                await other.put_many([person(1)])
            return held[-1]

    mine.database.writes = Late()
    outcome = await mine.put_many([person(1, citizenship="EE")])
    assert (outcome.new, outcome.changed) == (0, 1)
    assert held == [[], [person(1).id]]


async def test_projections_are_replaced_by_one_at_a_time(open_store: OpenStore):
    stores = [await open_store("persons", "postgresql", CLOCK) for _ in range(3)]
    wanted = [[Involved(id_of("per", n), (f"{place:07}",), ("LV-VP",)) for n in range(20)] for place in range(9)]
    await asyncio.gather(*(stores[place % 3].replace_involved(items) for place, items in enumerate(wanted)))
    found = await stores[0].involved_of([id_of("per", n) for n in range(20)])
    assert {len(item.territories) for item in found.values()} == {1}


async def test_the_last_change_is_told_only_when_it_can_be_read(open_store: OpenStore):
    store = await open_store("events", "postgresql", CLOCK)
    assert await store.last_projection_change() == 0
    async with store.database.writing() as connection:
        await connection.execute(sa.insert(store.outbox), {"target": id_of("per", 1)})
        asked = asyncio.create_task(store.last_projection_change())
        await asyncio.sleep(0.2)
        assert not asked.done()
    assert await asked == 1
    assert [change.number for change in await store.projection_changes(5)] == [1]


async def test_nothing_is_asked_for_longer_than_the_caller_waits(open_store: OpenStore):
    store = await open_store("events", "postgresql", CLOCK)
    started = time.monotonic()
    with deadline.kept(b"300"):
        assert await said_by(store) == "500ms"
        with pytest.raises(EventsUnavailable, match="in the time that was left"):
            await said_by(store, "SELECT pg_sleep(60)")
    assert time.monotonic() - started < 30  # not the minute that the server sleeps
    assert await said_by(store) == "30s"
    with deadline.kept(b"0"), pytest.raises(EventsUnavailable):
        await store.count(All(()), {})


async def test_readers_cannot_write(open_store: OpenStore):
    store = await open_store("events", "postgresql", CLOCK)
    with pytest.raises(EventsUnavailable, match="read-only transaction"):
        await said_by(store, "DELETE FROM event RETURNING id")


async def test_a_server_that_ends_our_connections_is_asked_again(open_store: OpenStore, databases: Databases):
    address = await databases.empty("persons")
    store = await persons.open_store(address, CLOCK, Limits(readers=2, writers=1))
    await store.put_many([person(1)])
    assert await store.by_ids([person(1).id], {})
    server = await asyncpg.connect(address)
    await server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE application_name = 'saite room' AND datname = current_database()"
    )
    await server.close()
    await asyncio.sleep(0.1)
    assert await store.by_ids([person(1).id], {})
    await store.put_many([person(2)])
    await store.close()


async def test_a_server_that_is_away_is_said_without_its_password():
    with pytest.raises(EventsUnavailable) as failed:
        await events.open_store("postgresql://somebody:secret@127.0.0.1:1/events", CLOCK)
    assert "127.0.0.1:1/events" in failed.value.message
    assert "secret" not in failed.value.message


async def test_months_are_made_ahead_and_take_in_what_had_come_before_them(databases: Databases):
    address = databases.address(await databases.new("events"))
    store = await events.open_store(address, CLOCK)
    await store.put_many([event(number) for number in range(5)])
    today = date(2026, 1, 20)
    before = await state_of(address, events.PARTITIONED, today)
    assert (before.months, before.ahead, before.stray) == ((), 0, 5)
    assert await make_months(address, events.PARTITIONED, today, later(today, 3)) == tuple(
        date(2026, n, 1) for n in (1, 2, 3, 4)
    )
    assert await make_months(address, events.PARTITIONED, today, later(today, 3)) == ()
    after = await state_of(address, events.PARTITIONED, today)
    assert (after.ahead, after.stray) == (3, 0)
    ids = [event(number).id for number in range(5)]
    assert sorted(await store.by_ids(ids, {})) == ids
    moved = event(1, occurred_from=event(1).occurred_from + timedelta(days=40))
    assert (await store.put_many([moved])).changed == 1
    assert (await store.by_ids(ids, {}))[moved.id].version == 2
    assert await store.count(All(()), {}) == 5
    assert await store.ids_by_source("TEST", ["1"]) == {"1": moved.id}
    await store.close()
