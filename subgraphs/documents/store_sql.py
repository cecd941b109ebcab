"""The register of documents in a SQL database: what SQLite and PostgreSQL share.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.documents.store.DocumentStore` promises. The
tables are in `subgraphs.documents.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.store import NumberKey
from subgraphs.documents.tables import DOCUMENT, PROJECTION, PROJECTION_CHANGE, REGISTER
from subgraphs.room import reading
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept
from subgraphs.room.sql_records import SqlChanges, SqlProjection, SqlRecords
from subgraphs.room.where import Rows


class SqlDocumentStore(SqlRecords[DocumentRecord], SqlProjection, SqlChanges):
    """See `DocumentStore`."""

    projection = PROJECTION
    outbox = PROJECTION_CHANGE

    async def by_numbers(self, keys: Sequence[NumberKey], rows: Rows) -> dict[NumberKey, Kept[DocumentRecord]]:
        """See `DocumentStore.by_numbers`."""
        if not keys:
            return {}
        found = sa.and_(
            one_of(DOCUMENT.c.number, sorted({number for _, _, number in keys if number})),
            sa.tuple_(DOCUMENT.c.kind, DOCUMENT.c.issuing_country, DOCUMENT.c.number).in_(list(keys)),
        )
        async with self.database.reading() as connection:
            extra = (DOCUMENT.c.kind, DOCUMENT.c.issuing_country, DOCUMENT.c.number, DOCUMENT.c.issued_on, DOCUMENT.c.id)
            matches = await reading.matching(connection, REGISTER, found, rows, *extra)
        documents: dict[NumberKey, Kept[DocumentRecord]] = {}
        for row in sorted(matches, key=lambda row: (row.issued_on, row.id), reverse=True):
            documents.setdefault((row.kind, row.issuing_country, row.number), reading.kept(REGISTER, row))
        return documents

    async def of_holders(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[DocumentRecord], ...]]:
        """See `DocumentStore.of_holders`."""
        found = one_of(DOCUMENT.c.holder_id, person_ids)
        extra = (DOCUMENT.c.holder_id, DOCUMENT.c.issued_on, DOCUMENT.c.id)
        async with self.database.reading() as connection:
            matches = await reading.matching(connection, REGISTER, found, rows, *extra)
        documents: dict[str, list[Kept[DocumentRecord]]] = {}
        for row in sorted(matches, key=lambda row: (row.issued_on, row.id), reverse=True):
            documents.setdefault(row.holder_id, []).append(reading.kept(REGISTER, row))
        return {holder: tuple(held) for holder, held in documents.items()}
