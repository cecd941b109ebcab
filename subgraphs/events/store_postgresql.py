"""The event register in PostgreSQL.

What comes in: the database's address. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from kernel.clock import Clock
from subgraphs.events.errors import EventsUnavailable
from subgraphs.events.store_sql import SqlEventStore
from subgraphs.events.tables import REGISTER
from subgraphs.room.postgresql import Limits, open_database


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> SqlEventStore:
    """The register in the database at `address`, whose tables `saite migrate` made."""
    return SqlEventStore(await open_database(address, EventsUnavailable, limits), REGISTER, clock)
