"""The register of documents in SQLite: one file.

What comes in: the file's path. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from pathlib import Path

from kernel.clock import Clock
from subgraphs.documents.errors import DocumentsUnavailable
from subgraphs.documents.store_sql import SqlDocumentStore
from subgraphs.documents.tables import METADATA, REGISTER
from subgraphs.room.sqlite import open_database


async def open_store(path: Path, clock: Clock) -> SqlDocumentStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqlDocumentStore(await open_database(path, METADATA, DocumentsUnavailable), REGISTER, clock)
