"""PostgreSQL, a room's database when it is shared or large: a pool that reads and one that writes.

What comes in: an address (`postgresql://USER@HOST:PORT/DATABASE`, as libpq takes it). What goes out: a `Database`. A write that
returned is on disk. Nothing is asked for longer than the request's caller waits: the client gives up at the deadline, and the
server ends the statement soon after by itself.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import asyncpg
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from subgraphs.room.database import Work
from subgraphs.room.deadline import remaining
from subgraphs.room.errors import StoreFailed, StoreNotMigrated
from subgraphs.room.migrating import missing_of
from subgraphs.room.postgresql_place import TROUBLE, place
from subgraphs.room.postgresql_writes import PostgresqlWrites, without_nul

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """For one process of a room. Seconds hold where no request says less; `lock_seconds` is how long a write waits for a row
    that another one holds.
    """

    readers: int = 8
    writers: int = 4
    connect_seconds: float = 3.0
    reading_seconds: float = 30.0
    writing_seconds: float = 300.0
    lock_seconds: float = 30.0


_GOT_IN_THE_WAY: Final = ("40001", "40P01")  # serialization failure, deadlock: the same work may be done again
_TRIES: Final = 6
_STEPS: Final = (250, 500, 1_000, 2_000, 5_000, 10_000, 30_000)  # milliseconds: a step is set once and serves many requests
_SETTINGS: Final = {
    "application_name": "saite room",
    "timezone": "UTC",
    # Each filter and order has its index whatever the value, and planning over all months costs more than the answer.
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",  # it costs more than any statement of a room gains
    "idle_in_transaction_session_timeout": "60000",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


class Database:
    """Two pools on one database: `reading()` gives a connection that cannot write, `transact` does work in a transaction."""

    def __init__(self, address: str, failed: type[StoreFailed] = StoreFailed, limits: Limits | None = None) -> None:
        self._address = address
        self._failed = failed
        self._limits = limits or Limits()
        self.writes = PostgresqlWrites()
        self.reader: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(self._connect, {"default_transaction_read_only": "on"}),
            isolation_level="AUTOCOMMIT",
            pool_size=self._limits.readers,
            max_overflow=0,
            enable_from_linting=False,  # a row rule that shows nothing leaves no condition to join by, and no row either
            pool_reset_on_return=None,
            hide_parameters=True,  # or an error's text, which is logged, holds what was asked for
        )
        locks = {"lock_timeout": str(int(self._limits.lock_seconds * 1000)), "synchronous_commit": "on"}
        self.writer: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=partial(self._connect, locks),
            pool_size=self._limits.writers,
            max_overflow=0,
            enable_from_linting=False,  # a row rule that shows nothing leaves no condition to join by, and no row either
            hide_parameters=True,
        )
        for engine in (self.reader, self.writer):
            event.listen(engine.sync_engine, "checkout", _leave_dead_connections)
            event.listen(engine.sync_engine, "before_cursor_execute", _without_nul, retval=True)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading. Raises the room's leaf of StoreFailed."""
        seconds = remaining(self._limits.reading_seconds)
        with self._mapped_errors():
            async with asyncio.timeout(seconds), self.reader.connect() as connection:
                await _limit(connection, seconds)
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed when the block ends, rolled back when it raises. Raises as `reading`."""
        with self._mapped_errors():
            async with self._transaction() as connection:
                yield connection

    async def transact(self, work: Work[T]) -> T:
        """See `subgraphs.room.database.Database`."""
        with self._mapped_errors():
            for pause in range(_TRIES):
                try:
                    async with self._transaction() as connection:
                        return await work(connection)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _GOT_IN_THE_WAY or pause == _TRIES - 1:
                        raise
                    await asyncio.sleep(random.uniform(0, 0.02 * 2**pause))  # noqa: S311 - spreads writers, hides nothing
        raise AssertionError("the last try returns or raises")

    async def last_number(self, outbox: sa.Table) -> int:
        """See `subgraphs.room.database.Database`.

        A sequence counts before the commit. The lock waits for writers that are between the two, and holds up nobody longer
        than that: what was counted then is there to be read.
        """
        number = outbox.c.number

        async def ask(connection: AsyncConnection) -> int:
            await connection.execute(sa.text(f"LOCK TABLE {outbox.name} IN SHARE MODE"))
            counted = sa.table(f"{outbox.name}_{number.name}_seq", sa.column("is_called"), sa.column("last_value"))
            statement = sa.select(sa.case((counted.c.is_called, counted.c.last_value), else_=0))
            return int((await connection.execute(statement)).scalar_one())

        return await self.transact(ask)

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """See `subgraphs.room.database.Database`: an advisory lock of a connection of its own, which ends with it."""
        with self._mapped_errors():
            connection = await self._connect({})
        try:
            with self._mapped_errors():
                await connection.execute("SELECT pg_advisory_lock(hashtext($1))", name)
            yield
        finally:
            with suppress(*TROUBLE):
                await connection.close()

    async def close(self) -> None:
        """Close every connection."""
        await self.reader.dispose()
        await self.writer.dispose()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        seconds = remaining(self._limits.writing_seconds)
        async with asyncio.timeout(seconds), self.writer.begin() as connection:
            await _limit(connection, seconds)
            yield connection

    async def _connect(self, settings: dict[str, str]) -> Any:
        seconds = self._limits.connect_seconds
        return await asyncpg.connect(self._address, timeout=seconds, server_settings={**_SETTINGS, **settings})

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        """Raises the room's own error for whatever the database or the way to it raises inside."""
        try:
            yield
        except TimeoutError as error:
            raise self._failed(f"{place(self._address)} did not answer in the time that was left for it.") from error
        except (SQLAlchemyError, *TROUBLE) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            is_away = not isinstance(error, DBAPIError) or error.connection_invalidated
            advice = " See that the server runs and lets this process in; it is asked again with the next request."
            raise self._failed(
                f"{place(self._address)} could not answer: {type(cause).__name__}: {cause}.{advice if is_away else ''}"
            ) from error


async def open_database(
    address: str, room: str, failed: type[StoreFailed] = StoreFailed, limits: Limits | None = None
) -> Database:
    """The database of a room. Raises `failed` when it does not answer, and StoreNotMigrated when its tables are not what this
    version works with.
    """
    database = Database(address, failed, limits)
    try:
        missing = await missing_of(address, room)
    except StoreFailed as error:
        raise failed(error.message) from error
    if missing is not None:
        raise StoreNotMigrated(f"{place(address)} lacks {missing} of {room}: run `saite migrate {room} --store URL`.")
    return database


async def _limit(connection: AsyncConnection, seconds: float) -> None:
    """Let the server end, by itself, what the client gave up: it may have no way left to say so.

    In steps, remembered by connection: the next request seldom needs to set it anew.
    """
    wanted = next((step for step in _STEPS if seconds * 1000 <= step), int(seconds * 1000))
    raw = await connection.get_raw_connection()
    if raw.info.get("statement_timeout") != wanted:
        driver = raw.driver_connection
        assert driver is not None
        await driver.execute(f"SET statement_timeout = {wanted}")
        raw.info["statement_timeout"] = wanted


def _without_nul(
    _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
) -> tuple[str, Any]:
    return statement, tuple(without_nul(value) for value in parameters)


def _leave_dead_connections(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    if dbapi_connection.driver_connection.is_closed():  # the server went away while it lay in the pool
        raise DisconnectionError
