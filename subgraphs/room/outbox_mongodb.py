"""The outbox of a room in MongoDB, which has no transactions of many documents that this room would ask for.

What comes in: notes that stand in the documents of records. What goes out: `MongoOutbox`, which keeps the promises of
`changes.feed.Changes`.

    noting    a note is put into the record's own document by the very update that writes the record: both or none
    settling  the next free number is taken by inserting the change under it, which only one can do, and only after the number
              before: there are no gaps, and what comes later has a greater number; then the note is taken out of the record.
              What breaks off between the two is found again by the note's own id, and not told twice.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final

from bson import ObjectId
from pymongo.errors import BulkWriteError, DuplicateKeyError

from changes.change import PROJECTED, Change
from changes.errors import PositionLost
from changes.feed import Backlog
from subgraphs.room.errors import StoreFailed
from subgraphs.room.keys import instant, micros
from subgraphs.room.mongodb import Collection, Database, Document
from subgraphs.room.mongodb_register import MongoRegister

_MANY: Final = 1000
_TAKEN: Final = 11000  # duplicate key
_LEASE_SECONDS: Final = 30.0
_TURN_SECONDS: Final = 1.0


def note(kind: str, version: int, now: int) -> dict[str, Any]:
    """What an update pushes into `noted` of the document that it writes."""
    return {"id": ObjectId(), "kind": kind, "version": version, "at": now}


def note_projected(now: int) -> dict[str, Any]:
    """That who may see the record changed; of which version is seen when it is settled."""
    return {"id": ObjectId(), "kind": PROJECTED, "at": now}


class MongoOutbox:
    """See `changes.feed.Changes`. Mixed into the stores that keep records in MongoDB."""

    database: Database
    register: MongoRegister[Any]
    records: Collection

    @property
    def room(self) -> str:
        """Which room this is."""
        return f"{self.register.name}s"

    @property
    def _log(self) -> Collection:
        return self.database.collection("change")

    @property
    def _followers(self) -> Collection:
        return self.database.collection("change_follower")

    async def prepare_outbox(self) -> None:
        """Make the index that keeps a change from being told twice."""
        await self._log.create_index([("note", 1)], name="by_note", unique=True)

    async def after(self, position: int, limit: int) -> Sequence[Change]:
        """See `Feed.after`."""
        found = await self._after(position, limit)
        if len(found) < limit and await self._settle():
            found = await self._after(position, limit)
        return found

    async def last(self) -> int:
        """See `Feed.last`."""
        while await self._settle():
            pass
        return await self._newest()

    async def position(self, follower: str) -> int:
        """See `Positions.position`."""
        return (await self.positions()).get(follower, 0)

    async def positions(self) -> dict[str, int]:
        """See `Positions.positions`."""
        with self.database.reading():
            return {each["_id"]: each["position"] async for each in self._followers.find({"position": {"$gte": 0}})}

    async def move(self, follower: str, before: int, to: int) -> None:
        """See `Positions.move`."""
        with self.database.writing():
            if before == 0:
                with suppress(DuplicateKeyError):
                    await self._followers.insert_one({"_id": follower, "position": 0})
            moved = await self._followers.update_one({"_id": follower, "position": before}, {"$set": {"position": to}})
        if not moved.matched_count:
            raise PositionLost(
                f"{follower} is not at change {before} of {self.room} any more: another process of this name follows, too. "
                "It is asked again where it is."
            )

    async def backlog(self, follower: str) -> Backlog:
        """See `Positions.backlog`."""
        position = await self.position(follower)
        with self.database.reading():
            settled = await self._log.count_documents({"_id": {"$gt": position}})
            first = await self._log.find({"_id": {"$gt": position}}, {"at": 1}).sort("_id", 1).limit(1).to_list()
            noted = [each["at"] async for held in self._waiting({"noted.at": 1}) for each in held["noted"]]
        oldest = min([each["at"] for each in first] + noted, default=None)
        return Backlog(settled + len(noted), None if oldest is None else instant(oldest))

    async def forget(self, before: datetime) -> int:
        """See `Positions.forget`."""
        end = min([*(await self.positions()).values(), await self._newest() - 1])
        with self.database.writing():
            gone = await self._log.delete_many({"_id": {"$lte": end}, "at": {"$lt": micros(before)}})
        return gone.deleted_count

    @asynccontextmanager
    async def alone(self, follower: str) -> AsyncIterator[None]:
        """See `Positions.alone`: a lease that is renewed, and that another one takes when it was not for half a minute."""
        key, holder = f"{follower} lease", secrets.token_hex(8)
        while not await self._lease(key, holder):  # noqa: ASYNC110 - the holder is another process
            await asyncio.sleep(_TURN_SECONDS)
        renewing = asyncio.create_task(self._renew(key, holder))
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            with suppress(StoreFailed), self.database.writing():
                await self._followers.delete_one({"_id": key, "holder": holder})

    async def _lease(self, key: str, holder: str) -> bool:
        now = datetime.now(UTC).timestamp()
        mine = {"$set": {"holder": holder, "until": now + _LEASE_SECONDS}}
        free = {"_id": key, "$or": [{"until": {"$lt": now}}, {"holder": holder}]}
        with self.database.writing():
            try:
                await self._followers.update_one(free, mine, upsert=True)
            except DuplicateKeyError:
                return False
        return True

    async def _renew(self, key: str, holder: str) -> None:
        while True:
            await asyncio.sleep(_LEASE_SECONDS / 3)
            with suppress(StoreFailed):
                await self._lease(key, holder)

    def _waiting(self, fields: Mapping[str, int], limit: int = 0) -> Any:
        return self.records.find({"noted.at": {"$gte": 0}}, dict(fields)).sort("noted.at", 1).limit(limit)

    async def _after(self, position: int, limit: int) -> list[Change]:
        with self.database.reading():
            found = await self._log.find({"_id": {"$gt": position}}).sort("_id", 1).limit(limit).to_list()
        return [
            Change(self.room, each["record"], each["version"], each["kind"], instant(each["at"]), each["_id"]) for each in found
        ]

    async def _newest(self) -> int:
        with self.database.reading():
            found = await self._log.find({}, {"_id": 1}).sort("_id", -1).limit(1).to_list()
        return int(found[0]["_id"]) if found else 0

    async def _settle(self) -> bool:
        """Put in order what was noted; whether there was anything."""
        with self.database.reading():
            held = await self._waiting({"noted": 1, "version": 1}, _MANY).to_list()
        notes = [(document, each) for document in held for each in document["noted"]]
        await self._append(
            [
                {**each, "note": each["id"], "record": document["_id"], "version": each.get("version", document.get("version"))}
                for document, each in notes
                if "version" in document  # a projection that came before its record is told of with the record
            ]
        )
        if notes:
            these = [each["id"] for _, each in notes]
            with self.database.writing():
                await self.records.update_many({"noted.id": {"$in": these}}, {"$pull": {"noted": {"id": {"$in": these}}}})
        return bool(notes)

    async def _append(self, entries: list[Document]) -> None:
        fields = ("note", "record", "version", "kind", "at")
        while entries:
            last = await self._newest()
            numbered = [{"_id": last + place, **{name: each[name] for name in fields}} for place, each in enumerate(entries, 1)]
            with self.database.writing():
                try:
                    await self._log.insert_many(numbered, ordered=True)
                except BulkWriteError as error:
                    if any(each["code"] != _TAKEN for each in error.details["writeErrors"]):
                        raise
                there = self._log.find({"note": {"$in": [each["note"] for each in entries]}}, {"note": 1})
                told = {each["note"] async for each in there}
            entries = [each for each in entries if each["note"] not in told]
