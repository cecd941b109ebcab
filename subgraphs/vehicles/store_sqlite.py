"""The register of vehicles in SQLite: one file.

What comes in: the file's path. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from pathlib import Path

from kernel.clock import Clock
from subgraphs.room.sqlite import open_database
from subgraphs.vehicles.errors import VehiclesUnavailable
from subgraphs.vehicles.store_sql import SqlVehicleStore
from subgraphs.vehicles.tables import METADATA, REGISTER


async def open_store(path: Path, clock: Clock) -> SqlVehicleStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqlVehicleStore(await open_database(path, METADATA, VehiclesUnavailable), REGISTER, clock)
