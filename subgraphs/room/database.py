"""What the SQL stores need of a database, whichever it is: connections that read, transactions that write.

`sqlite.Database` and `postgresql.Database` are it. Both raise the room's leaf of `StoreFailed` when they cannot answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.room.writing import Writes

T = TypeVar("T")

Work = Callable[[AsyncConnection], Awaitable[T]]


class Database(Protocol):
    """One room's database."""

    @property
    def writes(self) -> Writes:
        """How rows are written here."""
        ...

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """A connection that cannot write; every statement on it sees one state."""
        ...

    async def transact(self, work: Work[T]) -> T:
        """Do the work in one transaction. It may be done again when another writer got in the way: it must have no effect
        but on the connection.
        """
        ...

    async def last_number(self, outbox: sa.Table) -> int:
        """The number of the newest committed row that there ever was in `outbox`; 0: there was none."""
        ...

    def alone(self, name: str) -> AbstractAsyncContextManager[None]:
        """Inside, no other process is inside under this name; waits for its turn."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
