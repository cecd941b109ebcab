"""Writing records into MongoDB: each record whole or not at all, idempotent by content, no version lost, without transactions.

What comes in: records of one register. What goes out: an `Outcome`. For each part of the records (the last one of each id):

    read the digest and version of those that are kept
    new      → one insert, which fails when another writer was first
    changed  → put the kept version into the history, under the key that it alone can have; then one update that takes place
               only where the record still has that version; what moves a projection is noted by this very update
    same     → nothing
    whatever was written is noted by the same write (`subgraphs.room.outbox_mongodb`), and so is who may see a record changed
    those whom another writer changed meanwhile are looked at again

A record, its version, its projection and its note are one document, so they change together. A history entry that was written
and not followed by its update tells nothing: readers take only versions before the kept one, and the update that comes after
all finds the entry as it would write it. A call that is cut off leaves each record old or new; made again it does the rest.
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeAlias, TypeVar

import msgspec
from pymongo import InsertOne, ReturnDocument, UpdateOne
from pymongo.errors import BulkWriteError

from changes.change import CHANGED, CREATED
from subgraphs.room.mongodb import Collection, Document
from subgraphs.room.mongodb_register import MongoRegister
from subgraphs.room.outbox_mongodb import note, note_projected
from subgraphs.room.records import Involved, Outcome, changed_fields, content, digest

R = TypeVar("R", bound=msgspec.Struct)
Write: TypeAlias = InsertOne[Document] | UpdateOne

PART: Final = 1000
_TAKEN: Final = 11000  # duplicate key: another writer was first


@dataclass(frozen=True, slots=True)
class Collections:
    """Where one register is kept: the records, the versions that a later one replaced, and the counter of changes."""

    records: Collection
    history: Collection
    counter: Collection


@dataclass(frozen=True, slots=True)
class Written(Generic[R]):
    """A record in its canonical form, with the fields that it is searched by."""

    record: R
    body: bytes
    digest: bytes
    fields: Mapping[str, Any]


def written(register: MongoRegister[R], record: R) -> Written[R]:
    """The record as it is written."""
    body = content(record)
    return Written(record, body, digest(body), register.content_of(record))


async def put_part(collections: Collections, register: MongoRegister[R], items: Mapping[str, Written[R]], now: int) -> Outcome:
    """Write these records (`RecordStore.put_many`), at most `PART`."""
    outcome = Outcome()
    pending = dict(items)
    while pending:
        known = await _known(collections.records, pending)
        new = {key: item for key, item in pending.items() if not _is_record(known.get(key))}
        changed = {key: item for key, item in pending.items() if key not in new and known[key]["digest"] != item.digest}
        same = pending.keys() - new.keys() - changed.keys()
        await add_involved(collections.records, [item for key in sorted(same) for item in _involved(pending[key].record)], now)
        missed = await _insert(collections.records, new, known.keys(), now)
        missed_changes = await _change(collections, register, changed, {key: known[key]["version"] for key in changed}, now)
        outcome += Outcome(len(new) - len(missed), len(changed) - len(missed_changes), len(same))
        pending = {key: pending[key] for key in sorted(missed | missed_changes)}
    return outcome


async def _known(records: Collection, ids: Iterable[str]) -> dict[str, Document]:
    found = records.find({"_id": {"$in": list(ids)}}, {"digest": 1, "version": 1})
    return {document["_id"]: document async for document in found}


def _is_record(document: Document | None) -> bool:
    """Whether there is a record, and not its projection alone, which may come before."""
    return document is not None and "version" in document


async def _insert(records: Collection, new: Mapping[str, Written[R]], projected: Container[str], now: int) -> frozenset[str]:
    """Write new records, some of which are `projected` already; the ids of those that another writer put in meanwhile."""
    writes: list[Write] = []
    for key, item in new.items():
        if key in projected:
            update = _update(item, 1, now, "")
            update["$push"] = {"noted": note(CREATED, 1, now)}
            writes.append(UpdateOne({"_id": key, "version": {"$exists": False}}, update, upsert=True))
        else:
            lists = {path: values for involved in _involved(item.record) for path, values in _lists(involved).items()}
            noted = {"noted": [note(CREATED, 1, now)]}
            writes.append(InsertOne({"_id": key, **_said(item, 1, now, ""), **lists, **noted}))
    taken = await _in_any_order(records, writes)
    keys = list(new)
    return frozenset(keys[index] for index in taken)


async def _change(
    collections: Collections,
    register: MongoRegister[R],
    changed: Mapping[str, Written[R]],
    versions: Mapping[str, int],
    now: int,
) -> frozenset[str]:
    """Write new versions; the ids of those that another writer changed meanwhile."""
    if not changed:
        return frozenset()
    copied = {"version": 1, "changed_at": 1, "changed_fields": 1, "body": 1}
    found = collections.records.find({"_id": {"$in": list(changed)}}, copied)
    old = {document["_id"]: document async for document in found if document["version"] == versions[document["_id"]]}
    await _keep_versions(collections.history, old.values())
    call = secrets.token_bytes(12)
    updates = []
    decode = msgspec.json.Decoder(register.record_type).decode
    for key, document in old.items():
        item, before = changed[key], decode(document["body"])
        update = _update(item, document["version"] + 1, now, ",".join(changed_fields(before, item.record)))
        update["$set"]["call"] = call
        update["$push"] = {"noted": note(CHANGED, document["version"] + 1, now)}
        if targets := sorted(register.moved(before, item.record)):
            last = await count_up(collections.counter, register.name, len(targets))
            moves = [{"number": last - place, "target": target} for place, target in enumerate(targets)]
            update["$push"]["moves"] = {"$each": moves}
        updates.append(UpdateOne({"_id": key, "version": document["version"]}, update))
    done = await _done(collections.records, updates, list(old), call)
    return frozenset(changed) - done


async def _done(records: Collection, updates: Sequence[UpdateOne], ids: Sequence[str], call: bytes) -> frozenset[str]:
    """Which of the updates took place."""
    if not updates:
        return frozenset()
    result = await records.bulk_write(updates, ordered=False)
    if result.matched_count == len(ids):
        return frozenset(ids)
    ours = records.find({"_id": {"$in": list(ids)}, "call": call}, {"_id": 1})
    return frozenset([document["_id"] async for document in ours])


async def _keep_versions(history: Collection, documents: Iterable[Document]) -> None:
    kept: list[Write] = [
        UpdateOne(
            {"_id": f"{document['_id']}/{document['version']}"},
            {"$setOnInsert": {"record": document["_id"], **{key: value for key, value in document.items() if key != "_id"}}},
            upsert=True,
        )
        for document in documents
    ]
    await _in_any_order(history, kept)  # who was first wrote the same


def _update(item: Written[R], version: int, now: int, fields: str) -> Document:
    said = _said(item, version, now, fields)
    return {"$set": said, **{key: value for involved in _involved(item.record) for key, value in _added(involved).items()}}


def _said(item: Written[R], version: int, now: int, fields: str) -> Document:
    return {
        "version": version,
        "changed_at": now,
        "changed_fields": fields,
        "digest": item.digest,
        "body": item.body,
        **item.fields,
    }


def _involved(record: msgspec.Struct) -> list[Involved]:
    involved = getattr(record, "involved", None)
    return [] if involved is None else [involved]


async def add_involved(records: Collection, items: Sequence[Involved], now: int) -> None:
    """Add to the projection; what is there stays once. A thing without a record yet gets a document of its projection alone."""
    there = await _projections(records, items)
    pending: Sequence[Write] = [
        UpdateOne({"_id": item.id}, {**_added(item), **_noted(_adds(item, there.get(item.id)), now)}, upsert=True)
        for item in items
    ]
    while pending:
        pending = [pending[index] for index in await _in_any_order(records, pending)]


async def replace_involved(records: Collection, items: Sequence[Involved], now: int) -> None:
    """Make the projection of these ids new; both of its lists at once."""
    there = await _projections(records, items)
    pending: Sequence[Write] = [
        UpdateOne({"_id": item.id}, {"$set": _lists(item), **_noted(_lists(item) != there.get(item.id), now)}, upsert=True)
        for item in items
    ]
    while pending:
        pending = [pending[index] for index in await _in_any_order(records, pending)]


async def _projections(records: Collection, items: Sequence[Involved]) -> dict[str, dict[str, list[str]]]:
    """The lists of the projection as they stand, sorted."""
    found = records.find({"_id": {"$in": [item.id for item in items]}}, {"territories": 1, "agencies": 1})
    names = ("territories", "agencies")
    return {each["_id"]: {name: sorted(each.get(name, ())) for name in names} async for each in found}


def _adds(item: Involved, there: Mapping[str, list[str]] | None) -> bool:
    return any(set(values) - set((there or {}).get(name, ())) for name, values in _lists(item).items())


def _noted(moved: bool, now: int) -> Document:
    return {"$push": {"noted": note_projected(now)}} if moved else {}


def _added(item: Involved) -> Document:
    return {"$addToSet": {path: {"$each": values} for path, values in _lists(item).items()}}


def _lists(item: Involved) -> dict[str, list[str]]:
    return {"territories": sorted(set(item.territories)), "agencies": sorted(set(item.agencies))}


async def count_up(counter: Collection, name: str, by: int) -> int:
    """Count on; the number that it comes to. A number is never given twice."""
    counted = await counter.find_one_and_update({"_id": name}, {"$inc": {"last": by}}, return_document=ReturnDocument.AFTER)
    assert counted is not None, "the counter is made when the register is opened"
    return int(counted["last"])


async def _in_any_order(collection: Collection, writes: Sequence[Write]) -> list[int]:
    """Do the writes; the places of those that came too late, because another writer's document has the key."""
    if not writes:
        return []
    try:
        await collection.bulk_write(writes, ordered=False)
    except BulkWriteError as error:
        failed = error.details["writeErrors"]
        if error.details.get("writeConcernErrors") or any(each["code"] != _TAKEN for each in failed):
            raise
        return [each["index"] for each in failed]
    return []


def parts_of(items: Mapping[str, Written[R]]) -> Iterable[dict[str, Written[R]]]:
    """The items in the order of their ids, `PART` at a time."""
    pending = iter(sorted(items))
    while part := list(islice(pending, PART)):
        yield {key: items[key] for key in part}
