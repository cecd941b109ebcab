"""The register of vehicles in a SQL database: what SQLite and PostgreSQL share.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.vehicles.store.VehicleStore` promises. The tables
are in `subgraphs.vehicles.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from subgraphs.room import reading
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept
from subgraphs.room.sql import visible
from subgraphs.room.sql_records import SqlChanges, SqlProjection, SqlRecords
from subgraphs.room.where import Rows
from subgraphs.vehicles.enumerations import VehicleStatus
from subgraphs.vehicles.model import VehicleHoldingRecord, VehicleRecord
from subgraphs.vehicles.store import Holding
from subgraphs.vehicles.tables import HOLDING, PROJECTION, PROJECTION_CHANGE, REGISTER, SCOPE, VEHICLE


class SqlVehicleStore(SqlRecords[VehicleRecord], SqlProjection, SqlChanges):
    """See `VehicleStore`."""

    projection = PROJECTION
    outbox = PROJECTION_CHANGE

    async def by_plates(self, plates: Sequence[tuple[str, str]], rows: Rows) -> dict[tuple[str, str], Kept[VehicleRecord]]:
        """See `VehicleStore.by_plates`."""
        if not plates:
            return {}
        found = sa.and_(
            one_of(VEHICLE.c.plate, sorted({plate for plate, _ in plates if plate})),
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
            matches = await reading.matching(connection, REGISTER, one_of(VEHICLE.c.vin, vins), rows, VEHICLE.c.vin)
        return {row.vin: reading.kept(REGISTER, row) for row in matches}

    async def holdings_of(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Holding, ...]]:
        """See `VehicleStore.holdings_of`."""
        statement = (
            sa.select(HOLDING.c.id, HOLDING.c.person_id, HOLDING.c.body)
            .join_from(HOLDING, VEHICLE, VEHICLE.c.id == HOLDING.c.id)
            .where(one_of(HOLDING.c.person_id, person_ids), visible(SCOPE, rows))
            .order_by(HOLDING.c.person_id, HOLDING.c.since.desc(), HOLDING.c.id)
        )
        found: dict[str, list[Holding]] = {}
        async with self.database.reading() as connection:
            for row in await connection.execute(statement):
                holding = msgspec.json.decode(row.body, type=VehicleHoldingRecord)
                found.setdefault(row.person_id, []).append(Holding(row.id, holding))
        return {person_id: tuple(holdings) for person_id, holdings in found.items()}
