"""The register of documents in MongoDB: one document a record.

What comes in: the database's address. What goes out: the store. What is searched, ordered, ruled by and indexed is what
`subgraphs.documents.tables` says; how it is kept is `subgraphs.room.mongodb_records`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kernel.clock import Clock
from subgraphs.documents import tables
from subgraphs.documents.errors import DocumentsUnavailable
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.store import NumberKey
from subgraphs.room.mongodb import Document, Limits, open_database
from subgraphs.room.mongodb_records import MongoRecords
from subgraphs.room.mongodb_register import mirrored
from subgraphs.room.records import Kept
from subgraphs.room.where import Rows

REGISTER: Final = mirrored(tables.REGISTER)


class MongoDocumentStore(MongoRecords[DocumentRecord]):
    """See `DocumentStore`."""

    async def by_numbers(self, keys: Sequence[NumberKey], rows: Rows) -> dict[NumberKey, Kept[DocumentRecord]]:
        """See `DocumentStore.by_numbers`."""
        wanted = set(keys)
        if not wanted:
            return {}
        found = {"number": {"$in": sorted({number for _, _, number in wanted if number})}}
        documents: dict[NumberKey, Kept[DocumentRecord]] = {}
        for each in _latest_first(await self.matching(found, rows, "kind", "issuing_country", "number", "issued_on")):
            key = (each["kind"], each["issuing_country"], each["number"])
            if key in wanted:
                documents.setdefault(key, self.kept(each))
        return documents

    async def of_holders(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[DocumentRecord], ...]]:
        """See `DocumentStore.of_holders`."""
        if not person_ids:
            return {}
        found = await self.matching({"holder_id": {"$in": list(person_ids)}}, rows, "holder_id", "issued_on")
        documents: dict[str, list[Kept[DocumentRecord]]] = {}
        for each in _latest_first(found):
            documents.setdefault(each["holder_id"], []).append(self.kept(each))
        return {holder: tuple(held) for holder, held in documents.items()}


def _latest_first(found: list[Document]) -> list[Document]:
    return sorted(found, key=lambda each: (each["issued_on"], each["_id"]), reverse=True)


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> MongoDocumentStore:
    """The register in the database at `address`; indexes are made where they are missing. Raises DocumentsUnavailable."""
    database = await open_database(address, DocumentsUnavailable, limits)
    store = MongoDocumentStore(database, REGISTER, clock)
    try:
        await store.prepare()
    except BaseException:
        await database.close()
        raise
    return store
