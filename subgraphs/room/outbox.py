"""The outbox of a room: each change of a record, noted in the transaction that wrote it, and told to followers in order.

What comes in: what `writing` notes. What goes out: `SqlOutbox`, which keeps the promises of `changes.feed.Changes` in a SQL
database. The tables are the same in every room's own database:

    change            (sequence, record, version, kind, at)   in order; a sequence is never given twice
    change_noted      the same, noted and not in order yet     PostgreSQL alone, see `postgresql_writes`
    change_follower   (name, position)                         up to where each follower has dealt with everything
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from changes.change import Change
from changes.errors import PositionLost
from changes.feed import Backlog
from subgraphs.room.keys import instant, micros
from subgraphs.room.register import TEXT, Register

if TYPE_CHECKING:
    from subgraphs.room.database import Database

METADATA: Final = sa.MetaData()
NOTED_METADATA: Final = sa.MetaData()
_NUMBER: Final = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _what() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("record", TEXT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


CHANGE: Final = sa.Table(
    "change",
    METADATA,
    sa.Column("sequence", _NUMBER, primary_key=True, autoincrement=True),
    *_what(),
    sqlite_autoincrement=True,
)
FOLLOWER: Final = sa.Table(
    "change_follower",
    METADATA,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Column("moved_at", sa.BigInteger, nullable=False),
)
NOTED: Final = sa.Table(
    "change_noted",
    NOTED_METADATA,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=True),
    *_what(),
)

_MANY: Final = 5000
"""How many changes are put in order, or forgotten, in one transaction."""


class SqlOutbox:
    """See `changes.feed.Changes`. Mixed into every SQL store."""

    database: Database
    _register: Register[Any]

    @property
    def room(self) -> str:
        """Which room this is."""
        return f"{self._register.table.name}s"

    async def after(self, position: int, limit: int) -> Sequence[Change]:
        """See `Feed.after`."""
        found = await self._after(position, limit)
        if len(found) < limit and await self._settle(limit - len(found)):
            found = await self._after(position, limit)
        return found

    async def last(self) -> int:
        """See `Feed.last`."""
        while await self._settle(_MANY):
            pass
        async with self.database.reading() as connection:
            return await _newest(connection)

    async def position(self, follower: str) -> int:
        """See `Positions.position`."""
        return (await self.positions()).get(follower, 0)

    async def positions(self) -> dict[str, int]:
        """See `Positions.positions`."""
        async with self.database.reading() as connection:
            found = await connection.execute(sa.select(FOLLOWER.c.name, FOLLOWER.c.position))
            return {row.name: row.position for row in found}

    async def move(self, follower: str, before: int, to: int) -> None:
        """See `Positions.move`."""
        row = {"name": follower, "position": 0, "moved_at": micros(datetime.now(UTC))}
        is_there = sa.and_(FOLLOWER.c.name == follower, FOLLOWER.c.position == before)
        moving = sa.update(FOLLOWER).where(is_there).values(position=to, moved_at=row["moved_at"])

        async def work(connection: AsyncConnection) -> int:
            if before == 0:
                await self.database.writes.put(connection, FOLLOWER, [row], once=True)
            return (await connection.execute(moving)).rowcount

        if not await self.database.transact(work):
            raise PositionLost(
                f"{follower} is not at change {before} of {self.room} any more: another process of this name follows, too. "
                "It is asked again where it is."
            )

    async def backlog(self, follower: str) -> Backlog:
        """See `Positions.backlog`."""
        position = await self.position(follower)
        sources = [sa.select(CHANGE.c.at).where(CHANGE.c.sequence > position)]
        if self.database.writes.noted is NOTED:
            sources.append(sa.select(NOTED.c.at))
        waiting = sa.union_all(*sources).subquery()
        async with self.database.reading() as connection:
            number, oldest = (await connection.execute(sa.select(sa.func.count(), sa.func.min(waiting.c.at)))).one()
        return Backlog(number, None if oldest is None else instant(oldest))

    async def forget(self, before: datetime) -> int:
        """See `Positions.forget`."""
        followed = await self.positions()
        async with self.database.reading() as connection:
            end = min([*followed.values(), await _newest(connection) - 1])
        old = sa.and_(CHANGE.c.sequence <= end, CHANGE.c.at < micros(before))
        part = sa.select(CHANGE.c.sequence).where(old).order_by(CHANGE.c.sequence).limit(_MANY)
        statement = sa.delete(CHANGE).where(CHANGE.c.sequence.in_(part))
        total = 0
        while gone := await self.database.transact(lambda connection: _rowcount(connection, statement)):
            total += gone
        return total

    def alone(self, follower: str) -> AbstractAsyncContextManager[None]:
        """See `Positions.alone`."""
        return self.database.alone(f"{self.room} {follower}")

    async def _after(self, position: int, limit: int) -> list[Change]:
        statement = sa.select(CHANGE).where(CHANGE.c.sequence > position).order_by(CHANGE.c.sequence).limit(limit)
        async with self.database.reading() as connection:
            found = (await connection.execute(statement)).all()
        return [Change(self.room, row.record, row.version, row.kind, instant(row.at), row.sequence) for row in found]

    async def _settle(self, at_least: int) -> bool:
        """Put in order what was noted; whether there was anything, which another process may have put in order meanwhile."""
        if self.database.writes.noted is not NOTED:
            return False
        async with self.database.reading() as connection:
            if (await connection.execute(sa.select(NOTED.c.number).limit(1))).first() is None:
                return False
        writes, number = self.database.writes, max(at_least, _MANY)
        await self.database.transact(lambda connection: writes.settle(connection, self._register, number))
        return True


async def _newest(connection: AsyncConnection) -> int:
    return (await connection.execute(sa.select(sa.func.max(CHANGE.c.sequence)))).scalar() or 0


async def _rowcount(connection: AsyncConnection, statement: sa.Delete) -> int:
    return (await connection.execute(statement)).rowcount
