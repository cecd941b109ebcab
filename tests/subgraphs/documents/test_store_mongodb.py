"""What only the adapter for MongoDB can get wrong: writers beside each other, writes that break off, a server that is away."""

from __future__ import annotations

import asyncio
import gc
import time
from datetime import UTC, datetime
from typing import Any

import msgspec
import pymongo
import pytest
from pymongo import monitoring

from kernel.clock import FixedClock
from subgraphs.documents import store_mongodb
from subgraphs.documents.errors import DocumentsUnavailable
from subgraphs.documents.store_mongodb import REGISTER, MongoDocumentStore
from subgraphs.room.deadline import kept
from subgraphs.room.mongodb import Limits
from subgraphs.room.records import Involved
from subgraphs.room.where import All, Compare, Not
from tests.subgraphs.samples import document, id_of
from tests.subgraphs.stores import OpenStore

NOW = datetime(2026, 6, 1, tzinfo=UTC)
NOWHERE = "mongodb://user:secret@127.0.0.1:9/documents"


@pytest.fixture
async def store(open_store: OpenStore) -> MongoDocumentStore:
    opened: MongoDocumentStore = await open_store("documents", "mongodb", FixedClock(NOW))
    return opened


class Commands(monitoring.CommandListener):
    """What was said to the server."""

    def __init__(self) -> None:
        self.said: list[tuple[str, dict[str, Any]]] = []

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.said.append((event.command_name, dict(event.command)))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


async def test_writers_beside_each_other_lose_no_version(open_store: OpenStore) -> None:
    stores = [await open_store("documents", "mongodb", FixedClock(NOW)) for _ in range(4)]
    records = [document(number) for number in range(8)]

    async def write(store: MongoDocumentStore, name: str) -> int:
        done = 0
        for turn in range(6):
            mine = [msgspec.structs.replace(record, issuer=f"{name}-{turn}") for record in records]
            outcome = await store.put_many(mine)
            assert outcome.new + outcome.changed == len(records)
            done += outcome.changed + outcome.new
        return done

    written = sum(await asyncio.gather(*(write(store, f"writer-{place}") for place, store in enumerate(stores))))
    history = await stores[0].history([record.id for record in records], {})
    assert all([change.version for change in changes] == list(range(1, len(changes) + 1)) for changes in history.values())
    assert sum(len(changes) for changes in history.values()) == written


async def test_two_who_write_the_same_make_one_version(open_store: OpenStore) -> None:
    stores = [await open_store("documents", "mongodb", FixedClock(NOW)) for _ in range(4)]
    records = [document(number) for number in range(50)]
    outcomes = await asyncio.gather(*(store.put_many(records) for store in stores))
    assert sum(outcome.new for outcome in outcomes) == 50
    changed = [msgspec.structs.replace(record, issuer="LV-PMLP") for record in records]
    outcomes = await asyncio.gather(*(store.put_many(changed) for store in stores))
    assert {each.version for each in (await stores[0].by_ids([record.id for record in records], {})).values()} == {2}


async def test_a_change_that_broke_off_after_its_history_shows_nothing_and_is_made_again(store: MongoDocumentStore) -> None:
    record = document(1)
    await store.put_many([record])
    (one,) = await store.records.find({}).to_list()
    half = {key: one[key] for key in ("version", "changed_at", "changed_fields", "body")}
    await store.collections.history.insert_one({"_id": f"{record.id}/1", "record": record.id, **half})
    assert [change.version for change in (await store.history([record.id], {}))[record.id]] == [1]
    await store.put_many([msgspec.structs.replace(record, issuer="LV-PMLP")])
    assert [change.version for change in (await store.history([record.id], {}))[record.id]] == [1, 2]


async def test_what_a_change_moves_is_noted_in_the_same_document(store: MongoDocumentStore) -> None:
    record = document(1, holder_id=id_of("per", 1))
    await store.put_many([record])
    assert await store.projection_changes(10) == []
    await store.put_many([msgspec.structs.replace(record, holder_id=id_of("per", 2))])
    waiting = await store.projection_changes(10)
    assert [change.target for change in waiting] == sorted([record.id, id_of("per", 1), id_of("per", 2)])[::-1]
    assert await store.projection_changes(1) == waiting[:1]


async def test_who_reads_changes_lets_others_see_that_something_went_on(store: MongoDocumentStore) -> None:
    record = document(1, holder_id=id_of("per", 1))
    await store.put_many([record])
    await store.put_many([msgspec.structs.replace(record, holder_id=None)])
    before = await store.last_projection_change()
    await store.projection_changes(10)
    assert await store.last_projection_change() > before
    await store.followed([change.number for change in await store.projection_changes(10)])
    quiet = await store.last_projection_change()
    assert await store.projection_changes(10) == []
    assert await store.last_projection_change() == quiet


async def test_a_projection_without_a_record_is_no_document(store: MongoDocumentStore) -> None:
    await store.add_involved([Involved(id_of("doc", 7), ("0001000",))])
    assert await store.by_ids([id_of("doc", 7)], {}) == {}
    assert await store.count(All(()), {}) == await store.count(Not(Compare("kind", "eq", "PASSPORT")), {}) == 0


@pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning")
async def test_a_server_that_is_away_is_said_at_once_and_without_the_password() -> None:
    began = time.monotonic()
    with pytest.raises(DocumentsUnavailable) as raised:
        await store_mongodb.open_store(NOWHERE, FixedClock(NOW), Limits(connect_seconds=0.3))
    assert time.monotonic() - began < 20  # a driver left alone waits for half a minute
    assert "127.0.0.1:9" in raised.value.message
    assert "secret" not in raised.value.message
    del raised
    gc.collect()  # the driver lets go of the socket that never connected without closing it: said here, not in another test


@pytest.mark.parametrize("address", ["mongodb://", "mongodb://host:port/x", "mongodb://user:pass/word@h/x"])
async def test_an_address_that_is_none_is_said(address: str) -> None:
    with pytest.raises(DocumentsUnavailable, match="is no address of MongoDB"):
        await store_mongodb.open_store(address, FixedClock(NOW))


async def test_what_the_server_refuses_is_told_without_what_was_written(store: MongoDocumentStore) -> None:
    async def twice() -> None:
        with store.database.writing():
            await store.records.insert_many([{"_id": "Sibilla"}])
            await store.records.insert_one({"_id": "Sibilla"})

    with pytest.raises(DocumentsUnavailable) as raised:
        await twice()
    assert "Sibilla" not in raised.value.message
    assert "11000" in raised.value.message
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


async def test_the_server_hears_how_long_the_caller_waits(mongodb_address: str) -> None:
    commands = Commands()
    pymongo.monitoring.register(commands)
    try:
        store = await store_mongodb.open_store(mongodb_address, FixedClock(NOW))
    finally:
        monitoring._LISTENERS.command_listeners.remove(commands)  # the driver has no way to take one away
    await store.put_many([document(1)])
    commands.said.clear()
    await store.by_ids([document(1).id], {})
    with kept(b"2000"):
        await store.by_ids([document(1).id], {})
    (_, unhurried), (_, hurried) = commands.said
    assert 25_000 < unhurried["maxTimeMS"] <= 30_000
    assert 1_000 < hurried["maxTimeMS"] <= 2_000
    assert unhurried["readConcern"]["level"] == "majority"
    with kept(b"0"), pytest.raises(DocumentsUnavailable, match="in the time that was left"):
        await store.by_ids([document(1).id], {})
    assert list(await store.by_ids([document(1).id], {})) == [document(1).id]
    await store.close()


def test_an_index_begins_with_whatever_is_filtered_or_ordered_by() -> None:
    indexes = [list(index.document["key"]) for index in REGISTER.indexes]
    begins = {keys[0] for keys in indexes} | {"_id"}
    assert {field.path for field in REGISTER.fields.attributes.values()} <= begins
    assert {"holder_id", "links", "moves.number", "territories", "agencies"} <= begins
    for path in ("issued_on", "number", "kind", "status", "valid_to"):
        assert [path, "_id"] in indexes, "a page by this goes on where the index does"


async def test_opening_again_makes_the_indexes_once(store: MongoDocumentStore) -> None:
    await store.prepare()
    names = {index["name"] async for index in await store.records.list_indexes()}
    assert names == {"_id_", *(index.document["name"] for index in REGISTER.indexes)}


async def test_many_records_are_written_in_parts(store: MongoDocumentStore) -> None:
    records = [document(number, issued_on=None) for number in range(2300)]
    assert (await store.put_many(records)).new == 2300
    assert (await store.put_many(records)).same == 2300
