"""A register in MongoDB: what every register that is kept there has in common.

What comes in: an open database and the register's description. What goes out: `MongoRecords`, which keeps the promises of
`subgraphs.room.store`: records, the projection of events, and the changes that move projections. Each read is one statement;
the history takes two, the record first, so that no version is missing between them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Generic, TypeVar

import msgspec
from pymongo.asynchronous.cursor import AsyncCursor

from kernel.clock import Clock
from subgraphs.room import mongodb_writing as writing
from subgraphs.room.keys import instant, micros
from subgraphs.room.mongodb import Database, Document
from subgraphs.room.mongodb_register import MongoRegister
from subgraphs.room.mongodb_where import beyond, both, condition, ordering, sort_of, visible
from subgraphs.room.outbox_mongodb import MongoOutbox
from subgraphs.room.reading import slice_of
from subgraphs.room.records import Involved, Kept, Outcome, Placed, Slice
from subgraphs.room.store import Change, ProjectionChange
from subgraphs.room.where import Listing, Rows, Where

R = TypeVar("R", bound=msgspec.Struct)

BATCH: Final = 2000
KEPT: Final = ("body", "version", "changed_at")
_PROJECTION: Final = {"territories": 1, "agencies": 1}


class MongoRecords(MongoOutbox, Generic[R]):
    """A register of records in one collection, beside it the versions before (`…_history`) and a counter."""

    def __init__(self, database: Database, register: MongoRegister[R], clock: Clock) -> None:
        self.database = database
        self.register = register
        self._clock = clock
        self.collections = writing.Collections(
            database.collection(register.name),
            database.collection(f"{register.name}_history"),
            database.collection("projection_counter"),
        )
        self.records = self.collections.records

    async def prepare(self) -> None:
        """Make the indexes and the counter where they are missing; done at every start, by every process."""
        with self.database.writing():
            await self.records.create_indexes(list(self.register.indexes))
            await self.prepare_outbox()
            await self.collections.history.create_index([("record", 1), ("version", 1)], name="by_record")
            await self.collections.counter.update_one({"_id": self.register.name}, {"$setOnInsert": {"last": 0}}, upsert=True)

    async def put_many(self, records: Sequence[R]) -> Outcome:
        """See `RecordStore.put_many`. Each record is written whole or not at all; a call that broke off is made again."""
        items = {str(record.id): writing.written(self.register, record) for record in records}  # type: ignore[attr-defined]  # every record of a register has one
        now = micros(self._clock.now())
        outcome = Outcome()
        with self.database.writing():
            for part in writing.parts_of(items):
                outcome += await writing.put_part(self.collections, self.register, part, now)
        return outcome

    def kept(self, document: Document) -> Kept[R]:
        """The record in a document with the fields `KEPT`."""
        record = msgspec.json.decode(document["body"], type=self.register.record_type)
        return Kept(record, document["version"], instant(document["changed_at"]))

    async def matching(self, found: Mapping[str, Any], rows: Rows, *extra: str) -> list[Document]:
        """The documents of visible records for which `found` holds, with `extra` fields."""
        with self.database.reading():
            return await self._found(both(found, visible(self.register.fields, rows)), *extra).to_list()

    def _found(self, wanted: Mapping[str, Any], *extra: str) -> AsyncCursor[Document]:
        return self.records.find(wanted, dict.fromkeys((*KEPT, *extra), 1))

    async def by_ids(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[R]]:
        """See `RecordStore.by_ids`."""
        if not ids:
            return {}
        return {each["_id"]: self.kept(each) for each in await self.matching({"_id": {"$in": list(ids)}}, rows)}

    async def find(self, listing: Listing) -> Slice[Kept[R]]:
        """See `RecordStore.find`."""
        fields, page = self.register.fields, listing.page
        paths = ordering(listing.order, fields)
        wanted = [condition(listing.where, fields), visible(fields, listing.rows)]
        if page.position is not None:
            wanted.append(beyond(paths, page.position, backward=page.backward))
        with self.database.reading():
            cursor = self._found(both(*wanted), *(path for path, _ in paths))
            found = await cursor.sort(sort_of(paths, backward=page.backward)).limit(page.size + 1).to_list()
        return slice_of([Placed(self.kept(each), tuple(each[path] for path, _ in paths)) for each in found], listing)

    async def count(self, where: Where, rows: Rows) -> int:
        """See `RecordStore.count`."""
        fields = self.register.fields
        with self.database.reading():
            return await self.records.count_documents(both(condition(where, fields), visible(fields, rows)))

    async def history(self, ids: Sequence[str], rows: Rows) -> dict[str, tuple[Change, ...]]:
        """See `RecordStore.history`."""
        if not ids:
            return {}
        now = {each["_id"]: each for each in await self.matching({"_id": {"$in": list(ids)}}, rows, "changed_fields")}
        changes: dict[str, list[Change]] = {key: [] for key in sorted(now)}
        with self.database.reading():
            before = self.collections.history.find({"record": {"$in": list(now)}}, {"body": 0}).sort(
                [("record", 1), ("version", 1)]
            )
            async for each in before:
                if each["version"] < now[each["record"]]["version"]:
                    changes[each["record"]].append(_change(each))
        return {key: (*found, _change(now[key])) for key, found in changes.items()}

    async def close(self) -> None:
        """See `RecordStore.close`."""
        await self.database.close()

    async def add_involved(self, items: Sequence[Involved]) -> None:
        """See `ProjectingStore.add_involved`."""
        with self.database.writing():
            await writing.add_involved(self.records, items, micros(self._clock.now()))

    async def replace_involved(self, items: Sequence[Involved]) -> None:
        """See `ProjectingStore.replace_involved`."""
        with self.database.writing():
            await writing.replace_involved(self.records, items, micros(self._clock.now()))

    async def involved_of(self, ids: Sequence[str]) -> dict[str, Involved]:
        """See `ProjectingStore.involved_of`."""
        with self.database.reading():
            found = await self.records.find({"_id": {"$in": list(ids)}}, _PROJECTION).to_list()
        return {key: Involved(key) for key in ids} | {each["_id"]: _involved(each) for each in found}

    async def projected(self) -> AsyncIterator[list[Involved]]:
        """See `ProjectingStore.projected`."""
        after = ""
        somewhere = {"$or": [{path: {"$gt": ""}} for path in _PROJECTION]}
        while True:
            with self.database.reading():
                next_ones = self.records.find(both({"_id": {"$gt": after}}, somewhere), _PROJECTION).sort("_id", 1).limit(BATCH)
                found = await next_ones.to_list()
            if not found:
                return
            yield [_involved(each) for each in found]
            after = found[-1]["_id"]

    async def linked(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """See `ProjectingStore.linked`."""
        asked = set(ids)
        if not asked:
            return {}
        wanted = {"$or": [{"_id": {"$in": sorted(asked)}}, {"links": {"$in": sorted(asked)}}]}
        others: dict[str, set[str]] = {}
        with self.database.reading():
            async for each in self.records.find(wanted, {"links": 1}):
                pairs = [(each["_id"], link) for link in each.get("links", ())]
                for here, other in (*pairs, *((link, key) for key, link in pairs)):
                    if here in asked:
                        others.setdefault(here, set()).add(other)
        return {key: frozenset(found) for key, found in others.items()}

    async def projection_changes(self, limit: int) -> Sequence[ProjectionChange]:
        """See `ChangingStore.projection_changes`.

        Finding some counts up. Who computed a projection before the change was there, and writes it after somebody else
        followed the change, sees by `last_projection_change` that it has to be computed again.
        """
        with self.database.reading():
            waiting = self.records.find({"moves.number": {"$gte": 1}}, {"moves": 1}).sort("moves.number", 1).limit(limit)
            moves = [ProjectionChange(move["number"], move["target"]) async for each in waiting for move in each["moves"]]
        if moves:
            with self.database.writing():
                await writing.count_up(self.collections.counter, self.register.name, 1)
        return sorted(moves, key=lambda change: change.number)[:limit]

    async def last_projection_change(self) -> int:
        """See `ChangingStore.last_projection_change`; it grows when changes are read, too."""
        with self.database.reading():
            counted = await self.collections.counter.find_one({"_id": self.register.name})
        return 0 if counted is None else int(counted["last"])

    async def followed(self, numbers: Sequence[int]) -> None:
        """See `ChangingStore.followed`."""
        these = {"number": {"$in": list(numbers)}}
        with self.database.writing():
            await self.records.update_many({"moves.number": {"$in": list(numbers)}}, {"$pull": {"moves": these}})


def _change(document: Document) -> Change:
    fields = document["changed_fields"]
    return Change(document["version"], instant(document["changed_at"]), tuple(fields.split(",")) if fields else ())


def _involved(document: Document) -> Involved:
    territories, agencies = (tuple(sorted(document.get(path, ()))) for path in _PROJECTION)
    return Involved(document["_id"], territories, agencies)
