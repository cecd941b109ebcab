"""The register of natural persons in SQLite: one file.

What comes in: the file's path. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from pathlib import Path

from kernel.clock import Clock
from subgraphs.persons.errors import PersonsUnavailable
from subgraphs.persons.store_sql import SqlPersonStore
from subgraphs.persons.tables import METADATA, REGISTER
from subgraphs.room.sqlite import open_database


async def open_store(path: Path, clock: Clock) -> SqlPersonStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqlPersonStore(await open_database(path, METADATA, PersonsUnavailable), REGISTER, clock)
