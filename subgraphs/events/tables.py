"""The tables of the event register: what a SQL adapter keeps, and how a record becomes rows.

What comes in: `EventRecord`. What goes out: the tables, `REGISTER` and the scopes of filters and row rules. Tables: `event`
(records and searched columns), `event_case` (case numbers of decisions), `event_running_clock` (when an arrival is due), one
table per kind of involvement, `event_history`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from authz.rows import Point as RowPoint
from kernel.natural_keys import normal_number
from subgraphs.events.clock import rules, running_due
from subgraphs.events.model import (
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    VehicleInvolvementRecord,
)
from subgraphs.events.store import InvolvementRecord
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.keys import micros
from subgraphs.room.register import (
    TEXT,
    Outbox,
    Register,
    SideTable,
    among,
    history_table,
    members,
    outbox_table,
    pair_table,
    record_table,
)
from subgraphs.room.sql import Choice, Column, EdgeScope, Place, Scope, Side
from subgraphs.room.territory import is_municipality, municipality_of

METADATA: Final = sa.MetaData()

EVENT: Final = record_table(
    "event",
    METADATA,
    sa.Column("number", TEXT, nullable=False),
    sa.Column("registered_at", sa.BigInteger, nullable=False),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("subkind", TEXT),
    sa.Column("category", TEXT, nullable=False),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("atvk", TEXT),
    sa.Column("territory", TEXT),
    sa.Column("zone", TEXT),
    sa.Column("territory_owner", TEXT, nullable=False),
    sa.Column("registered_by", TEXT, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Column("sealed", sa.Boolean, nullable=False),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.Column("source_system", TEXT),
    sa.Column("source_id", TEXT),
    sa.Index("event_by_number", "number", "id"),
    sa.Index("event_by_registered_at", "registered_at", "id"),
    sa.Index("event_by_occurred_at", "occurred_at", "id"),
    sa.Index("event_by_kind", "kind", "occurred_at", "id"),
    sa.Index("event_by_subkind", "subkind", "occurred_at", "id"),
    sa.Index("event_by_category", "category", "occurred_at", "id"),
    sa.Index("event_by_status", "status", "occurred_at", "id"),
    sa.Index("event_by_territory", "territory", "occurred_at", "id"),
    sa.Index("event_by_atvk", "atvk", "occurred_at", "id"),
    sa.Index("event_by_territory_owner", "territory_owner", "occurred_at", "id"),
    sa.Index("event_by_point", "lat", "lon"),
    sa.Index("event_by_source", "source_system", "source_id"),
)
CASE: Final = pair_table("event_case", METADATA, "case_number")
RUNNING_CLOCK: Final = sa.Table(
    "event_running_clock",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("due_at", sa.BigInteger, nullable=False),
    sa.Index("event_running_clock_by_due_at", "due_at", "id"),
    sqlite_with_rowid=False,
)
HISTORY: Final = history_table("event", METADATA)
PROJECTION_CHANGE: Final = outbox_table(METADATA)


def _involvement_table(name: str, target: bool = True) -> sa.Table:
    columns: list[sa.Column[Any] | sa.Index] = [
        sa.Column("event_id", TEXT, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("occurred_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    ]
    if target:
        columns.append(sa.Column("target", TEXT))
        columns.append(sa.Index(f"{name}_by_target", "target", "occurred_at", "id"))
        columns.append(sa.Index(f"{name}_by_role", "role", "event_id"))
    return sa.Table(name, METADATA, *columns, sqlite_with_rowid=False)


@dataclass(frozen=True, slots=True)
class InvolvementTable:
    """The table of one kind of involvement, and the entity at its other end (None: an item, which lives nowhere else)."""

    table: sa.Table
    record_type: type[InvolvementRecord]
    kind: EntityKind | None
    scope: Scope


PERSONS: Final = _involvement_table("person_involvement")
sa.Index("person_involvement_by_category", PERSONS.c.category, PERSONS.c.event_id)
VEHICLES: Final = _involvement_table("vehicle_involvement")
DOCUMENTS: Final = _involvement_table("document_involvement")
ITEMS: Final = _involvement_table("item_involvement", target=False)


def _columns_of(record: EventRecord) -> dict[str, Any]:
    place, source = record.place, record.source
    return {
        "number": normal_number(record.registration_number or ""),
        "registered_at": micros(record.registered_at),
        "occurred_at": occurred_at(record),
        "kind": record.kind.value,
        "subkind": record.subkind,
        "category": record.category.value,
        "status": record.status.value,
        "atvk": place.atvk if place else None,
        "territory": municipality_of(place.atvk) if place else None,
        "zone": place.zone if place else None,
        "territory_owner": record.territory_owner,
        "registered_by": record.registered_by.institution,
        "classification": record.classification.level,
        "sealed": record.sealed,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "source_system": source.system if source else None,
        "source_id": source.id if source else None,
    }


def occurred_at(record: EventRecord) -> int:
    """When it happened or, when that is not known, was registered; in microseconds."""
    return micros(record.occurred_from or record.registered_at)


def _cases_of(record: EventRecord) -> list[dict[str, Any]]:
    numbers = {decision.case_number.strip() for decision in record.decisions if decision.case_number}
    return [{"id": record.id, "case_number": number} for number in sorted(numbers)]


def _running_clock_of(record: EventRecord) -> list[dict[str, Any]]:
    due = running_due(record, rules())
    return [] if due is None else [{"id": record.id, "due_at": micros(due)}]


def _rows(record: EventRecord, involvements: Sequence[InvolvementRecord]) -> list[dict[str, Any]]:
    if not involvements:
        return []
    at = occurred_at(record)
    return [
        {
            "event_id": record.id,
            "position": position,
            "id": involvement.id,
            "role": involvement.role.value,
            "category": None,
            "occurred_at": at,
            "body": msgspec.json.encode(involvement),
        }
        for position, involvement in enumerate(involvements)
    ]


def _persons_of(record: EventRecord) -> list[dict[str, Any]]:
    rows = _rows(record, record.persons)
    for row, item in zip(rows, record.persons, strict=True):
        row["target"], row["category"] = item.person_id, item.category.value
    return rows


def _vehicles_of(record: EventRecord) -> list[dict[str, Any]]:
    rows = _rows(record, record.vehicles)
    for row, item in zip(rows, record.vehicles, strict=True):
        row["target"] = item.vehicle_id
    return rows


def _documents_of(record: EventRecord) -> list[dict[str, Any]]:
    rows = _rows(record, record.documents)
    for row, item in zip(rows, record.documents, strict=True):
        row["target"] = item.document_id
    return rows


def _items_of(record: EventRecord) -> list[dict[str, Any]]:
    return _rows(record, record.items)


def _projected(record: EventRecord) -> tuple[str | None, str, frozenset[str]]:
    """What the other rooms project of an event: where and whose it is, and whom and what it involves."""
    targets = (
        *(part.person_id for part in record.persons),
        *(part.vehicle_id for part in record.vehicles),
        *(part.document_id for part in record.documents),
    )
    territory = municipality_of(record.place.atvk) if record.place else None
    return territory, record.territory_owner, frozenset(target for target in targets if target is not None)


def _moved(before: EventRecord, after: EventRecord) -> frozenset[str]:
    """Whose projection a change of an event moves: everybody's when the event moves, else theirs who came or went."""
    *was, old = _projected(before)
    *now, new = _projected(after)
    return old ^ new if was == now else old | new


def _place_column(atvk: str) -> sa.ColumnElement[Any]:
    return EVENT.c.territory if is_municipality(atvk) else EVENT.c.atvk


_PERSON_ATTRIBUTES: Final = {
    "role": Column(PERSONS.c.role),
    "data_subject_category": Column(PERSONS.c.category),
}
_PERSON_ROW_ATTRIBUTES: Final = {
    "role": RowColumn(PERSONS.c.role),
    "dataSubjectCategory": RowColumn(PERSONS.c.category),
}
_PERSONS_OF_EVENT: Final = Scope(
    attributes=_PERSON_ATTRIBUTES, type_name="PersonInvolvement", row_attributes=_PERSON_ROW_ATTRIBUTES
)
_DECISIONS_OF_EVENT: Final = Scope(attributes={"case_number": Column(CASE.c.case_number, str.strip)})

SCOPE: Final = Scope(
    attributes={
        "id": Column(EVENT.c.id),
        "registration_number": Column(EVENT.c.number, normal_number),
        "registered_at": Column(EVENT.c.registered_at, micros),
        "occurred": Column(EVENT.c.occurred_at, micros),
        "occurred_at": Column(EVENT.c.occurred_at, micros),
        "kind": Column(EVENT.c.kind),
        "subkind": Column(EVENT.c.subkind),
        "category": Column(EVENT.c.category),
        "status": Column(EVENT.c.status),
        "territory_owner": Column(EVENT.c.territory_owner),
        "running_due": Side(RUNNING_CLOCK.c.due_at, among(EVENT.c.id, RUNNING_CLOCK.c.id), micros),
    },
    edges={
        "place": EdgeScope(Scope(attributes={"atvk": Choice(_place_column), "point": Place(EVENT.c.lat, EVENT.c.lon)})),
        "persons": EdgeScope(_PERSONS_OF_EVENT, among(EVENT.c.id, PERSONS.c.event_id)),
        "decisions": EdgeScope(_DECISIONS_OF_EVENT, among(EVENT.c.id, CASE.c.id)),
    },
    type_name="Event",
    row_attributes={
        "territory": RowColumn(EVENT.c.territory),
        "territoryOwner": RowColumn(EVENT.c.territory_owner),
        "registeredBy": RowColumn(EVENT.c.registered_by),
        "zone": RowColumn(EVENT.c.zone),
        "point": RowPoint(EVENT.c.lat, EVENT.c.lon),
        "kind": RowColumn(EVENT.c.kind),
        "subkind": RowColumn(EVENT.c.subkind),
        "status": RowColumn(EVENT.c.status),
        "classification": RowColumn(EVENT.c.classification),
        "sealed": RowColumn(EVENT.c.sealed),
        "caseNumbers": Members(CASE.c.case_number, members(CASE, EVENT.c.id)),
    },
)


def _edge_scope(table: sa.Table, attributes: dict[str, Any], **options: Any) -> Scope:
    own = {"id": Column(table.c.id), "occurred_at": Column(table.c.occurred_at), "role": Column(table.c.role)}
    return Scope(attributes={**own, **attributes}, edges={"event": EdgeScope(SCOPE)}, **options)


INVOLVEMENTS: Final = {
    "persons": InvolvementTable(
        PERSONS,
        PersonInvolvementRecord,
        EntityKind.PERSON,
        _edge_scope(PERSONS, _PERSON_ATTRIBUTES, type_name="PersonInvolvement", row_attributes=_PERSON_ROW_ATTRIBUTES),
    ),
    "vehicles": InvolvementTable(VEHICLES, VehicleInvolvementRecord, EntityKind.VEHICLE, _edge_scope(VEHICLES, {})),
    "documents": InvolvementTable(DOCUMENTS, DocumentInvolvementRecord, EntityKind.DOCUMENT, _edge_scope(DOCUMENTS, {})),
    "items": InvolvementTable(ITEMS, ItemInvolvementRecord, None, _edge_scope(ITEMS, {})),
}

REGISTER: Final = Register(
    EventRecord,
    EVENT,
    HISTORY,
    _columns_of,
    SCOPE,
    sides=(
        SideTable(CASE, CASE.c.id, _cases_of),
        SideTable(RUNNING_CLOCK, RUNNING_CLOCK.c.id, _running_clock_of),
        SideTable(PERSONS, PERSONS.c.event_id, _persons_of),
        SideTable(VEHICLES, VEHICLES.c.event_id, _vehicles_of),
        SideTable(DOCUMENTS, DOCUMENTS.c.event_id, _documents_of),
        SideTable(ITEMS, ITEMS.c.event_id, _items_of),
    ),
    outbox=Outbox(PROJECTION_CHANGE, _moved),
)

__all__ = ["CASE", "EVENT", "INVOLVEMENTS", "METADATA", "PROJECTION_CHANGE", "REGISTER", "SCOPE", "InvolvementTable"]
