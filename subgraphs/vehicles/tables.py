"""The tables of the register of vehicles: what a SQL adapter keeps, and how a record becomes rows.

What comes in: records. What goes out: the tables, `REGISTER` and the scope of filters and row rules.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.natural_keys import normal_plate, normal_vin
from subgraphs.room.keys import day, folded, micros
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
from subgraphs.vehicles.model import VehicleRecord

METADATA: Final = sa.MetaData()

VEHICLE: Final = record_table(
    "vehicle",
    METADATA,
    sa.Column("plate", TEXT, nullable=False),
    sa.Column("country", TEXT, nullable=False),
    sa.Column("vin", TEXT),
    sa.Column("make", TEXT, nullable=False),
    sa.Column("model", TEXT, nullable=False),
    sa.Column("category", TEXT),
    sa.Column("colour", TEXT),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("first_registered_on", TEXT, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Index("vehicle_by_plate", "plate", "id"),
    sa.Index("vehicle_by_vin", "vin", "id"),
    sa.Index("vehicle_by_make", "make", "model", "id"),
    sa.Index("vehicle_by_model", "model", "id"),
    sa.Index("vehicle_by_country", "country", "id"),
    sa.Index("vehicle_by_category", "category", "id"),
    sa.Index("vehicle_by_colour", "colour", "id"),
    sa.Index("vehicle_by_status", "status", "id"),
    sa.Index("vehicle_by_first_registered_on", "first_registered_on", "id"),
)
HOLDING: Final = sa.Table(
    "vehicle_holding",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("person_id", TEXT),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("vehicle_holding_by_person", "person_id", "since"),
    sqlite_with_rowid=False,
)
LINK: Final = pair_table("vehicle_link", METADATA)
PROJECTION_CHANGE: Final = outbox_table(METADATA)
PROJECTION: Final = Projection(pair_table("vehicle_territory", METADATA), pair_table("vehicle_agency", METADATA), LINK)
HISTORY: Final = history_table("vehicle", METADATA)


def _columns_of(record: VehicleRecord) -> dict[str, Any]:
    return {
        "plate": normal_plate(record.plate or ""),
        "country": record.country,
        "vin": None if record.vin is None else normal_vin(record.vin),
        "make": folded(record.make),
        "model": folded(record.model),
        "category": record.category,
        "colour": record.colour,
        "status": record.status.value,
        "first_registered_on": day(record.first_registered_on),
        "classification": record.classification.level,
    }


def _holdings_of(record: VehicleRecord) -> list[dict[str, Any]]:
    return [
        {
            "id": record.id,
            "position": position,
            "person_id": holding.person_id,
            "since": 0 if holding.valid_from is None else micros(holding.valid_from),
            "body": msgspec.json.encode(holding),
        }
        for position, holding in enumerate(record.holders)
    ]


def _linked(record: VehicleRecord) -> frozenset[str]:
    """Who has the vehicle now, and the document that certifies its registration."""
    holders = (holding.person_id for holding in record.holders if holding.valid_to is None)
    return frozenset(other for other in (*holders, record.certificate_id) if other is not None)


def _links_of(record: VehicleRecord) -> list[dict[str, Any]]:
    return [{"id": record.id, "value": other} for other in sorted(_linked(record))]


def _moved(before: VehicleRecord, after: VehicleRecord) -> frozenset[str]:
    changed = _linked(before) ^ _linked(after)
    return changed | {after.id} if changed else changed


SCOPE: Final = Scope(
    attributes={
        "id": Column(VEHICLE.c.id),
        "plate": Column(VEHICLE.c.plate, normal_plate),
        "country": Column(VEHICLE.c.country, str.upper),
        "vin": Column(VEHICLE.c.vin, normal_vin),
        "make": Column(VEHICLE.c.make, folded),
        "model": Column(VEHICLE.c.model, folded),
        "category": Column(VEHICLE.c.category),
        "colour": Column(VEHICLE.c.colour),
        "status": Column(VEHICLE.c.status),
        "first_registered_on": Column(VEHICLE.c.first_registered_on, day, unknown=""),
    },
    type_name="Vehicle",
    row_attributes={
        "classification": RowColumn(VEHICLE.c.classification),
        "status": RowColumn(VEHICLE.c.status),
        "country": RowColumn(VEHICLE.c.country),
        "involvedTerritories": Members(PROJECTION.territories.c.value, members(PROJECTION.territories, VEHICLE.c.id)),
        "involvedAgencies": Members(PROJECTION.agencies.c.value, members(PROJECTION.agencies, VEHICLE.c.id)),
    },
)

REGISTER: Final = Register(
    VehicleRecord,
    VEHICLE,
    HISTORY,
    _columns_of,
    SCOPE,
    sides=(SideTable(HOLDING, HOLDING.c.id, _holdings_of), SideTable(LINK, LINK.c.id, _links_of)),
    projection=PROJECTION,
    outbox=Outbox(PROJECTION_CHANGE, _moved),
)
