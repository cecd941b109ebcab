"""The register of natural persons in PostgreSQL.

What comes in: the database's address. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from kernel.clock import Clock
from subgraphs.persons.errors import PersonsUnavailable
from subgraphs.persons.store_sql import SqlPersonStore
from subgraphs.persons.tables import REGISTER
from subgraphs.room.postgresql import Limits, open_database


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> SqlPersonStore:
    """The register in the database at `address`. Raises PersonsUnavailable, and StoreNotMigrated without its tables."""
    return SqlPersonStore(await open_database(address, "persons", PersonsUnavailable, limits), REGISTER, clock)
