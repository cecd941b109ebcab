"""Which store of contracts an address names: a file of SQLite, or a database that several machines share."""

from __future__ import annotations

from pathlib import Path

from authz.book.store import ContractStore, StoreUnavailable
from authz.book.store_sqlite import SqliteContracts


def open_store(place: Path | str) -> ContractStore:
    """The store in a file (a path) or in a database (`postgresql://…`). Raises StoreUnavailable."""
    if isinstance(place, Path):
        return SqliteContracts(place)
    if not place.startswith(("postgresql://", "postgres://")):
        raise StoreUnavailable(f"{place.partition('://')[0]}:// is no store of contracts: name one as postgresql://…")
    from authz.book.store_postgresql import PostgresqlContracts

    return PostgresqlContracts(place)
