"""The tables of the register of documents: what a SQL adapter keeps, and how a record becomes rows.

What comes in: records. What goes out: the tables, `REGISTER` and the scope of filters and row rules.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.natural_keys import normal_number
from subgraphs.documents.model import DocumentRecord
from subgraphs.room.keys import day
from subgraphs.room.register import (
    TEXT,
    Outbox,
    Projection,
    Register,
    SideTable,
    history_table,
    members,
    outbox_table,
    pair_table,
    record_table,
)
from subgraphs.room.sql import Column, Scope

METADATA: Final = sa.MetaData()

DOCUMENT: Final = record_table(
    "document",
    METADATA,
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("issuing_country", TEXT, nullable=False),
    sa.Column("number", TEXT, nullable=False),
    sa.Column("holder_id", TEXT),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("issued_on", TEXT, nullable=False),
    sa.Column("valid_to", TEXT, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Index("document_by_number", "number", "id"),
    sa.Index("document_by_holder", "holder_id", "issued_on"),
    sa.Index("document_by_kind", "kind", "id"),
    sa.Index("document_by_issuing_country", "issuing_country", "id"),
    sa.Index("document_by_status", "status", "id"),
    sa.Index("document_by_issued_on", "issued_on", "id"),
    sa.Index("document_by_valid_to", "valid_to", "id"),
)
LINK: Final = pair_table("document_link", METADATA)
PROJECTION_CHANGE: Final = outbox_table(METADATA)
PROJECTION: Final = Projection(pair_table("document_territory", METADATA), pair_table("document_agency", METADATA), LINK)
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


def _links_of(record: DocumentRecord) -> list[dict[str, Any]]:
    return [] if record.holder_id is None else [{"id": record.id, "value": record.holder_id}]


def _moved(before: DocumentRecord, after: DocumentRecord) -> frozenset[str]:
    """Whose projection a new holder moves: the document's, and those of both holders."""
    if before.holder_id == after.holder_id:
        return frozenset()
    return frozenset(one for one in (after.id, before.holder_id, after.holder_id) if one is not None)


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

REGISTER: Final = Register(
    DocumentRecord,
    DOCUMENT,
    HISTORY,
    _columns_of,
    SCOPE,
    sides=(SideTable(LINK, LINK.c.id, _links_of),),
    projection=PROJECTION,
    outbox=Outbox(PROJECTION_CHANGE, _moved),
)
