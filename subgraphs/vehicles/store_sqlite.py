"""The register of vehicles in SQLite.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.vehicles.store.VehicleStore` promises. Tables: `vehicle`
(records and searched columns), `vehicle_holding` (who had it), `vehicle_territory` and `vehicle_agency` (the projection),
`vehicle_history`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.clock import Clock
from kernel.natural_keys import normal_plate, normal_vin
from subgraphs.room import reading
from subgraphs.room.keys import day, folded, micros
from subgraphs.room.records import Kept
from subgraphs.room.register import Projection, Register, SideTable, history_table, members, pair_table, record_table
from subgraphs.room.sql import Column, Scope, visible
from subgraphs.room.sqlite import open_database
from subgraphs.room.sqlite_records import SqliteProjection, SqliteRecords
from subgraphs.room.where import Rows
from subgraphs.vehicles.enumerations import VehicleStatus
from subgraphs.vehicles.model import VehicleHoldingRecord, VehicleRecord
from subgraphs.vehicles.store import Holding

METADATA: Final = sa.MetaData()

VEHICLE: Final = record_table(
    "vehicle",
    METADATA,
    sa.Column("plate", sa.String, nullable=False),
    sa.Column("country", sa.String, nullable=False),
    sa.Column("vin", sa.String),
    sa.Column("make", sa.String, nullable=False),
    sa.Column("model", sa.String, nullable=False),
    sa.Column("category", sa.String),
    sa.Column("colour", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("first_registered_on", sa.String, nullable=False),
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
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("person_id", sa.String),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Index("vehicle_holding_by_person", "person_id", "since"),
    sqlite_with_rowid=False,
)
PROJECTION: Final = Projection(pair_table("vehicle_territory", METADATA), pair_table("vehicle_agency", METADATA))
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
    sides=(SideTable(HOLDING, HOLDING.c.id, _holdings_of),),
    projection=PROJECTION,
)


class SqliteVehicleStore(SqliteRecords[VehicleRecord], SqliteProjection):
    """See `VehicleStore`."""

    projection = PROJECTION

    async def by_plates(self, plates: Sequence[tuple[str, str]], rows: Rows) -> dict[tuple[str, str], Kept[VehicleRecord]]:
        """See `VehicleStore.by_plates`."""
        if not plates:
            return {}
        found = sa.and_(
            VEHICLE.c.plate.in_(sorted({plate for plate, _ in plates if plate})),
            sa.tuple_(VEHICLE.c.plate, VEHICLE.c.country).in_(list(plates)),
        )
        async with self.database.reading() as connection:
            extra = (VEHICLE.c.plate, VEHICLE.c.country, VEHICLE.c.status, VEHICLE.c.first_registered_on, VEHICLE.c.id)
            matches = await reading.matching(connection, REGISTER, found, rows, *extra)
        vehicles: dict[tuple[str, str], Kept[VehicleRecord]] = {}
        latest_first = sorted(matches, key=lambda row: (row.first_registered_on, row.id), reverse=True)
        for row in sorted(latest_first, key=lambda row: row.status == VehicleStatus.DEREGISTERED.value):
            vehicles.setdefault((row.plate, row.country), reading.kept(REGISTER, row))
        return vehicles

    async def by_vins(self, vins: Sequence[str], rows: Rows) -> dict[str, Kept[VehicleRecord]]:
        """See `VehicleStore.by_vins`."""
        if not vins:
            return {}
        async with self.database.reading() as connection:
            matches = await reading.matching(connection, REGISTER, VEHICLE.c.vin.in_(list(vins)), rows, VEHICLE.c.vin)
        return {row.vin: reading.kept(REGISTER, row) for row in matches}

    async def holdings_of(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Holding, ...]]:
        """See `VehicleStore.holdings_of`."""
        statement = (
            sa.select(HOLDING.c.id, HOLDING.c.person_id, HOLDING.c.body)
            .join_from(HOLDING, VEHICLE, VEHICLE.c.id == HOLDING.c.id)
            .where(HOLDING.c.person_id.in_(list(person_ids)), visible(SCOPE, rows))
            .order_by(HOLDING.c.person_id, HOLDING.c.since.desc(), HOLDING.c.id)
        )
        found: dict[str, list[Holding]] = {}
        async with self.database.reading() as connection:
            for row in await connection.execute(statement):
                holding = msgspec.json.decode(row.body, type=VehicleHoldingRecord)
                found.setdefault(row.person_id, []).append(Holding(row.id, holding))
        return {person_id: tuple(holdings) for person_id, holdings in found.items()}


async def open_store(path: Path, clock: Clock) -> SqliteVehicleStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqliteVehicleStore(await open_database(path, METADATA), REGISTER, clock)
