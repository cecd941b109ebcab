"""What several processes and machines know together about contracts: a version number, revocations, what was ever in force.

There are two: a file (`store_sqlite.py`) for the processes of one machine, and PostgreSQL (`store_postgresql.py`) for several.
Every change raises `number`, so that whoever follows asks one cheap question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from kernel.errors import InternalError


class StoreUnavailable(InternalError):
    """Raised when the store cannot be read or written. What is in force stays; strict contracts end after their time."""

    code: ClassVar[str] = "CONTRACT_STORE_UNAVAILABLE"


@dataclass(frozen=True, slots=True)
class Revocation:
    """An end before the contract's own: of this version and all before it. A later version is not touched."""

    contract_id: str
    version: int
    at: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """A document that the store hands out: its name, text, and since when."""

    name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What one process says of itself: the digest of the documents in force there, since when, and what is wrong."""

    process: str
    digest: str
    since: datetime
    seen: datetime
    alarms: tuple[str, ...]


class ContractStore(Protocol):
    """Used by one thread at a time. Every method raises StoreUnavailable."""

    def number(self) -> int:
        """Grows with every publication and revocation; 0 for an empty store."""

    def documents(self) -> tuple[PublishedDocument, ...]:
        """The documents that are published now, by name."""

    def publish(self, documents: Sequence[tuple[str, str]], by: str, at: datetime) -> int:
        """Put (name, text) in place of what has that name; an empty text takes it away. Returns the new number."""

    def revoke(self, revocation: Revocation) -> int:
        """End a contract. Returns the new number."""

    def revocations(self) -> tuple[Revocation, ...]:
        """Every revocation there ever was."""

    def archive(self, contract_id: str, version: int, digest: str, text: str, at: datetime) -> None:
        """Keep a document that came into force, for the audit; a second time is nothing."""

    def archived(self, contract_id: str, version: int) -> tuple[tuple[str, str], ...]:
        """The (digest, text) of everything that was in force as this version: one, where versions are respected."""

    def report(self, state: ProcessState) -> None:
        """Say what is in force here."""

    def processes(self) -> tuple[ProcessState, ...]:
        """What every process said last."""

    def close(self) -> None:
        """Let go of the store."""
