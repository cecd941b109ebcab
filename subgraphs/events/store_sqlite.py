"""The event register in SQLite: one file.

What comes in: the file's path. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from pathlib import Path

from kernel.clock import Clock
from subgraphs.events.errors import EventsUnavailable
from subgraphs.events.registration import receiving_tables as _receiving_tables  # noqa: F401 - made with the others
from subgraphs.events.store_sql import SqlEventStore
from subgraphs.events.tables import METADATA, REGISTER
from subgraphs.room.sqlite import open_database


async def open_store(path: Path, clock: Clock) -> SqlEventStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqlEventStore(await open_database(path, METADATA, EventsUnavailable), REGISTER, clock)
