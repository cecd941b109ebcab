"""The register of vehicles in PostgreSQL.

What comes in: the database's address. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from kernel.clock import Clock
from subgraphs.room.postgresql import Limits, open_database
from subgraphs.vehicles.errors import VehiclesUnavailable
from subgraphs.vehicles.store_sql import SqlVehicleStore
from subgraphs.vehicles.tables import REGISTER


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> SqlVehicleStore:
    """The register in the database at `address`. Raises VehiclesUnavailable, and StoreNotMigrated without its tables."""
    return SqlVehicleStore(await open_database(address, "vehicles", VehiclesUnavailable, limits), REGISTER, clock)
