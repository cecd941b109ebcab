"""What the log needs from the place where records lie, and where that may be: a file (SQLite) or a PostgreSQL database.

`RecordStore` is the writer's side, `LogReader` the inspector's. Both implementations pass the same test
(`tests/authz/audit/test_store_contract.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from authz.audit.record import Head, Sealed
from authz.audit.tree_heads import SignedHead, read_head

Location = Path | str
"""A log's file, or the address of a database: `postgresql://…`."""


class StoreFailed(Exception):
    """Raised when records could not be written or a head not be read. Whether the write took place is then unknown."""


class ReadFailed(Exception):
    """Raised when stored records cannot be read on: the file or the database is damaged or gone."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The newest signed head of a chain and the perfect parts of its tree, from which the tree can grow on."""

    head: SignedHead
    parts: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it is stored: `body` and `hash` as they are found, nothing is checked."""

    writer: str
    seq: int
    id: str
    body: bytes
    hash: str


def written_edge(edge: Edge) -> tuple[str, str]:
    """The edge as two texts: the signed head, and the parts as hex."""
    return edge.head.to_json().decode(), "".join(part.hex() for part in edge.parts)


def read_edge(head: str, parts: str) -> Edge | None:
    """The edge in two texts; None when they are damaged: a tree is then made anew from the records."""
    try:
        content = bytes.fromhex(parts)
        return Edge(read_head(head), tuple(content[at : at + 32] for at in range(0, len(content), 32)))
    except (ValueError, msgspec.DecodeError):
        return None


class RecordStore(Protocol):
    """Keeps records durably. Used by one thread at a time."""

    @property
    def log_id(self) -> str:
        """The log's own id, made when it was begun."""

    def claim(self, role: str) -> str:
        """Take the first chain of `role` that no living process writes, until `close`; its name. Raises AuditUnavailable."""

    def head(self, writer: str) -> Head:
        """The end of the writer's chain as it is on disk. Raises StoreFailed."""

    def write(self, writer: str, records: Sequence[Sealed]) -> None:
        """Write all records or none; they are durable on return. Raises StoreFailed."""

    def edge(self, writer: str) -> Edge | None:
        """The newest signed head of the chain, if there is one. Raises StoreFailed."""

    def hashes(self, writer: str, after: int) -> Iterator[bytes]:
        """The hashes of the chain's records behind number `after`, in order. Raises StoreFailed."""

    def write_edge(self, edge: Edge) -> None:
        """Keep a signed head; durable on return. Raises StoreFailed."""

    def close(self) -> None:
        """Let go of the place and of the chain."""


class LogReader(Protocol):
    """Reads one log as it was at one moment. Every method raises ReadFailed."""

    @property
    def log_id(self) -> str:
        """The log's own id."""

    def writers(self) -> list[str]:
        """The names of all chains."""

    def rows(self, writer: str, after: int = 0) -> Iterator[Row]:
        """The chain's records behind number `after`, in the order of their numbers."""

    def hashes(self, writer: str, first: int, end: int) -> Iterator[bytes]:
        """The stored hashes of the records numbered `first` + 1 to `end`."""

    def newest(self, count: int) -> list[Row]:
        """The `count` records that were written last, oldest first."""

    def row(self, record_id: str) -> Row | None:
        """The record with this id."""

    def containing(self, texts: Sequence[str]) -> Iterator[Row]:
        """The records whose body holds any of the texts, in the order of writing; all records when there are no texts."""

    def signed_heads(self, writer: str) -> list[SignedHead]:
        """The chain's signed heads by size."""
