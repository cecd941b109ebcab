"""The register of documents in PostgreSQL.

What comes in: the database's address. What goes out: the store, of which `store_sql.py` is the rest.
"""

from __future__ import annotations

from kernel.clock import Clock
from subgraphs.documents.errors import DocumentsUnavailable
from subgraphs.documents.store_sql import SqlDocumentStore
from subgraphs.documents.tables import REGISTER
from subgraphs.room.postgresql import Limits, open_database


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> SqlDocumentStore:
    """The register in the database at `address`. Raises DocumentsUnavailable, and StoreNotMigrated without its tables."""
    return SqlDocumentStore(await open_database(address, "documents", DocumentsUnavailable, limits), REGISTER, clock)
