"""What the log needs from the place where records lie. SQLite is one (`store_sqlite.py`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from authz.audit.record import Head, Sealed


class StoreFailed(Exception):
    """Raised when records could not be written or a head not be read. Whether the write took place is then unknown."""


class RecordStore(Protocol):
    """Keeps records durably. Used by one thread at a time."""

    def head(self, writer: str) -> Head:
        """The end of the writer's chain as it is on disk. Raises StoreFailed."""

    def write(self, writer: str, records: Sequence[Sealed]) -> None:
        """Write all records or none; they are durable on return. Raises StoreFailed."""

    def close(self) -> None:
        """Let go of the place."""
