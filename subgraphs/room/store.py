"""What every register's store promises, whichever database keeps it.

What comes in: records, ids, listings, and the caller's row rules with every read. What goes out: records that the rules let
through, and nothing that tells a hidden record from one that does not exist. Adapters (`store_sqlite.py` now) pass one
contract test, `tests/subgraphs/room/store_contract.py`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from changes.feed import Changes
from subgraphs.room.records import Involved, Kept, Outcome, Slice
from subgraphs.room.where import Listing, Rows, Where

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a record: its number (from 1), when it was written, and which of the record's fields it changed."""

    version: int
    at: datetime
    fields: tuple[str, ...]


class RecordStore(Changes, Protocol[R]):
    """A register of records with an id each, whose changes can be followed (`changes.feed`).

    Every read takes the row rules of the caller's contract and makes them part of the query. Reads of one call see one state.
    """

    async def put_many(self, records: Sequence[R]) -> Outcome:
        """Write the records, in one transaction: all or none.

        Idempotent by content: a record equal to what is kept counts as `same` and writes nothing; one with other content
        makes a new version and keeps the old one as history. Two records with one id in one call: the last one counts. A
        projection (`involved`) that a record brings is added to what is kept and makes no version.
        """
        ...

    async def by_ids(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[R]]:
        """The visible records among `ids`, by id, in one statement."""
        ...

    async def find(self, listing: Listing) -> Slice[Kept[R]]:
        """One page of the visible records that match, in one statement, never touching the pages before it."""
        ...

    async def count(self, where: Where, rows: Rows) -> int:
        """How many visible records match."""
        ...

    async def history(self, ids: Sequence[str], rows: Rows) -> dict[str, tuple[Change, ...]]:
        """The versions of the visible records among `ids`, oldest first."""
        ...

    async def close(self) -> None:
        """Let go of connections. Nothing is lost: every `put_many` that returned is on disk."""
        ...


@dataclass(frozen=True, slots=True)
class ProjectionChange:
    """Something changed that moves the projection of the thing `target`. Numbers grow and are never given twice."""

    number: int
    target: str


class ChangingStore(Protocol):
    """A register whose changes move projections: an event that moves, a vehicle or document that gets another holder.

    Written with the change, in its transaction. New records make none: whoever writes them tells the projection before
    (`subgraphs.room.projecting.announce`), so that nobody is seen too late.
    """

    async def projection_changes(self, limit: int) -> Sequence[ProjectionChange]:
        """The oldest changes that the projections have not followed yet."""
        ...

    async def last_projection_change(self) -> int:
        """The number of the newest change that there ever was; 0: there was none."""
        ...

    async def followed(self, numbers: Sequence[int]) -> None:
        """Forget these changes: the projections show them."""
        ...


class ProjectingStore(RecordStore[R], Protocol[R]):
    """A register whose row rules use the events that its records are involved in."""

    async def add_involved(self, items: Sequence[Involved]) -> None:
        """Add to the projection; what is there already stays once. Ids that no record has yet are kept for later."""
        ...

    async def replace_involved(self, items: Sequence[Involved]) -> None:
        """Make the projection of exactly these ids new: the rebuilding command."""
        ...

    async def involved_of(self, ids: Sequence[str]) -> dict[str, Involved]:
        """The projection of these ids, of which the caller has seen the records."""
        ...

    def projected(self) -> AsyncIterator[list[Involved]]:
        """The whole projection in batches, in the order of ids: to be held against the events."""
        ...

    async def linked(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """For each of these ids, its own or another register's: what is at the other end of its links here (a vehicle's
        holders, a holder's vehicles).
        """
        ...
