"""A register in a SQL database: the part of `store_sql.py` that is the same in every room.

What comes in: an open database and the register's description. What goes out: `SqlRecords`, which keeps the promises of
`subgraphs.room.store.RecordStore`, `SqlProjection`, which keeps those about the projection of events, and `SqlChanges`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from kernel.clock import Clock
from subgraphs.room import reading, writing
from subgraphs.room.database import Database
from subgraphs.room.keys import micros
from subgraphs.room.one_of import one_of
from subgraphs.room.outbox import SqlOutbox
from subgraphs.room.records import Involved, Kept, Outcome, Slice
from subgraphs.room.register import Projection, Register
from subgraphs.room.store import Change, ProjectionChange
from subgraphs.room.where import Listing, Rows, Where

R = TypeVar("R", bound=msgspec.Struct)


class SqlRecords(SqlOutbox, Generic[R]):
    """A register of records in one database."""

    def __init__(self, database: Database, register: Register[R], clock: Clock) -> None:
        self.database = database
        self._register = register
        self._clock = clock

    async def put_many(self, records: Sequence[R]) -> Outcome:
        """See `RecordStore.put_many`."""
        writes = self.database.writes
        return await self.database.transact(
            lambda connection: writing.put_many(connection, writes, self._register, records, self._clock)
        )

    async def by_ids(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[R]]:
        """See `RecordStore.by_ids`."""
        async with self.database.reading() as connection:
            return await reading.by_ids(connection, self._register, ids, rows)

    async def find(self, listing: Listing) -> Slice[Kept[R]]:
        """See `RecordStore.find`."""
        async with self.database.reading() as connection:
            return await reading.find(connection, self._register, listing)

    async def count(self, where: Where, rows: Rows) -> int:
        """See `RecordStore.count`."""
        async with self.database.reading() as connection:
            return await reading.count(connection, self._register, where, rows)

    async def history(self, ids: Sequence[str], rows: Rows) -> dict[str, tuple[Change, ...]]:
        """See `RecordStore.history`."""
        async with self.database.reading() as connection:
            return await reading.history(connection, self._register, ids, rows)

    async def close(self) -> None:
        """See `RecordStore.close`."""
        await self.database.close()


class SqlProjection:
    """The projection of events in the same database."""

    database: Database
    projection: Projection
    _register: Register[Any]
    _clock: Clock

    async def add_involved(self, items: Sequence[Involved]) -> None:
        """See `ProjectingStore.add_involved`."""
        writes, now = self.database.writes, micros(self._clock.now())
        await self.database.transact(lambda connection: writing.add_involved(connection, writes, self._register, items, now))

    async def replace_involved(self, items: Sequence[Involved]) -> None:
        """See `ProjectingStore.replace_involved`."""
        writes, now = self.database.writes, micros(self._clock.now())
        await self.database.transact(
            lambda connection: writing.replace_involved(connection, writes, self._register, items, now)
        )

    async def involved_of(self, ids: Sequence[str]) -> dict[str, Involved]:
        """See `ProjectingStore.involved_of`."""
        async with self.database.reading() as connection:
            return await reading.involved_of(connection, self.projection, ids)

    async def projected(self) -> AsyncIterator[list[Involved]]:
        """See `ProjectingStore.projected`."""
        after = ""
        while True:
            async with self.database.reading() as connection:
                ids = await reading.projected_ids(connection, self.projection, after)
                if not ids:
                    return
                found = await reading.involved_of(connection, self.projection, ids)
            yield [found[key] for key in ids]
            after = ids[-1]

    async def linked(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """See `ProjectingStore.linked`."""
        if self.projection.links is None or not ids:
            return {}
        async with self.database.reading() as connection:
            return await reading.linked(connection, self.projection.links, ids)


class SqlChanges:
    """The changes that move projections, noted in the same database."""

    database: Database
    outbox: sa.Table

    async def projection_changes(self, limit: int) -> Sequence[ProjectionChange]:
        """See `ChangingStore.projection_changes`."""
        statement = sa.select(self.outbox).order_by(self.outbox.c.number).limit(limit)
        async with self.database.reading() as connection:
            found = (await connection.execute(statement)).all()
        return [ProjectionChange(row.number, row.target) for row in found]

    async def last_projection_change(self) -> int:
        """See `ChangingStore.last_projection_change`."""
        return await self.database.last_number(self.outbox)

    async def followed(self, numbers: Sequence[int]) -> None:
        """See `ChangingStore.followed`."""
        statement = sa.delete(self.outbox).where(one_of(self.outbox.c.number, numbers))
        await self.database.transact(lambda connection: connection.execute(statement))
