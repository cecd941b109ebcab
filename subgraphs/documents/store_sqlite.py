"""The register of documents in SQLite.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.documents.store.DocumentStore` promises. Tables:
`document` (records and searched columns), `document_territory` and `document_agency` (the projection), `document_history`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.clock import Clock
from kernel.natural_keys import normal_number
from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.store import NumberKey
from subgraphs.room import reading
from subgraphs.room.keys import day
from subgraphs.room.records import Kept
from subgraphs.room.register import Projection, Register, history_table, members, pair_table, record_table
from subgraphs.room.sql import Column, Scope
from subgraphs.room.sqlite import open_database
from subgraphs.room.sqlite_records import SqliteProjection, SqliteRecords
from subgraphs.room.where import Rows

METADATA: Final = sa.MetaData()

DOCUMENT: Final = record_table(
    "document",
    METADATA,
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("issuing_country", sa.String, nullable=False),
    sa.Column("number", sa.String, nullable=False),
    sa.Column("holder_id", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("issued_on", sa.String, nullable=False),
    sa.Column("valid_to", sa.String, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Index("document_by_number", "number", "id"),
    sa.Index("document_by_holder", "holder_id", "issued_on"),
    sa.Index("document_by_kind", "kind", "id"),
    sa.Index("document_by_issuing_country", "issuing_country", "id"),
    sa.Index("document_by_status", "status", "id"),
    sa.Index("document_by_issued_on", "issued_on", "id"),
    sa.Index("document_by_valid_to", "valid_to", "id"),
)
PROJECTION: Final = Projection(pair_table("document_territory", METADATA), pair_table("document_agency", METADATA))
HISTORY: Final = history_table("document", METADATA)


def _columns_of(record: DocumentRecord) -> dict[str, Any]:
    return {
        "kind": record.kind.value,
        "issuing_country": record.issuing_country,
        "number": normal_number(record.number or ""),
        "holder_id": record.holder_id,
        "status": record.status.value,
        "issued_on": day(record.issued_on),
        "valid_to": day(record.valid_to),
        "classification": record.classification.level,
    }


SCOPE: Final = Scope(
    attributes={
        "id": Column(DOCUMENT.c.id),
        "kind": Column(DOCUMENT.c.kind),
        "issuing_country": Column(DOCUMENT.c.issuing_country, str.upper),
        "number": Column(DOCUMENT.c.number, normal_number),
        "status": Column(DOCUMENT.c.status),
        "issued_on": Column(DOCUMENT.c.issued_on, day, unknown=""),
        "valid_to": Column(DOCUMENT.c.valid_to, day, unknown=""),
    },
    type_name="Document",
    row_attributes={
        "classification": RowColumn(DOCUMENT.c.classification),
        "kind": RowColumn(DOCUMENT.c.kind),
        "status": RowColumn(DOCUMENT.c.status),
        "involvedTerritories": Members(PROJECTION.territories.c.value, members(PROJECTION.territories, DOCUMENT.c.id)),
        "involvedAgencies": Members(PROJECTION.agencies.c.value, members(PROJECTION.agencies, DOCUMENT.c.id)),
    },
)

REGISTER: Final = Register(DocumentRecord, DOCUMENT, HISTORY, _columns_of, SCOPE, projection=PROJECTION)


class SqliteDocumentStore(SqliteRecords[DocumentRecord], SqliteProjection):
    """See `DocumentStore`."""

    projection = PROJECTION

    async def by_numbers(self, keys: Sequence[NumberKey], rows: Rows) -> dict[NumberKey, Kept[DocumentRecord]]:
        """See `DocumentStore.by_numbers`."""
        if not keys:
            return {}
        found = sa.and_(
            DOCUMENT.c.number.in_(sorted({number for _, _, number in keys if number})),
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
        found = DOCUMENT.c.holder_id.in_(list(person_ids))
        extra = (DOCUMENT.c.holder_id, DOCUMENT.c.issued_on, DOCUMENT.c.id)
        async with self.database.reading() as connection:
            matches = await reading.matching(connection, REGISTER, found, rows, *extra)
        documents: dict[str, list[Kept[DocumentRecord]]] = {}
        for row in sorted(matches, key=lambda row: (row.issued_on, row.id), reverse=True):
            documents.setdefault(row.holder_id, []).append(reading.kept(REGISTER, row))
        return {holder: tuple(held) for holder, held in documents.items()}


async def open_store(path: Path, clock: Clock) -> SqliteDocumentStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqliteDocumentStore(await open_database(path, METADATA), REGISTER, clock)
