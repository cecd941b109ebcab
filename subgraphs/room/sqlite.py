"""SQLite, the embedded store's database: one file per room, one writer, several readers (write-ahead log).

What comes in: the path of the file and the tables. What goes out: a `Database`. A write that returned is on disk
(`synchronous=FULL`); readers never wait for the writer and see whole transactions.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from subgraphs.room import outbox
from subgraphs.room.database import Work
from subgraphs.room.errors import StoreFailed
from subgraphs.room.sqlite_writes import SqliteWrites

T = TypeVar("T")

READERS: Final = 4
_TURN_SECONDS: Final = 0.5
_PRAGMAS: Final = (
    "PRAGMA page_size=8192",  # of a new file: records of 1 to 3 KiB with a dozen indexes are written with fewer page splits
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-32768",
    "PRAGMA mmap_size=268435456",
    "PRAGMA wal_autocheckpoint=10000",
    "PRAGMA journal_size_limit=67108864",
)

# The driver's debug log holds every statement with its values, and every row that was read: people's data, whatever the level.
logging.getLogger("aiosqlite").setLevel(logging.INFO)


class Database:
    """The file's two engines: `reading()` gives a connection that cannot write, `writing()` one transaction at a time."""

    def __init__(self, path: Path, failed: type[StoreFailed] = StoreFailed) -> None:
        self._path = path
        self._failed = failed
        url = sa.URL.create("sqlite+aiosqlite", database=str(path))
        self.writer: AsyncEngine = create_async_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
        self.reader: AsyncEngine = create_async_engine(
            url,
            pool_size=READERS,
            max_overflow=0,
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
            hide_parameters=True,  # or an error's text, which is logged, holds what was asked for
        )
        _set_up(self.writer, (*_PRAGMAS, "PRAGMA foreign_keys=ON"))
        _set_up(self.reader, (*_PRAGMAS, "PRAGMA query_only=ON"))
        event.listen(self.writer.sync_engine, "connect", _leave_transactions_to_us)
        event.listen(self.writer.sync_engine, "begin", _begin_immediately)
        self._turn = asyncio.Lock()
        self.writes = SqliteWrites()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading. Raises the room's leaf of StoreFailed."""
        with self._mapped_errors():
            async with self.reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction: committed when the block ends, rolled back when it raises. Raises as `reading`."""
        with self._mapped_errors():
            async with self._turn, self.writer.begin() as connection:
                yield connection

    async def transact(self, work: Work[T]) -> T:
        """See `subgraphs.room.database.Database`. There is one writer, so nobody gets in its way."""
        async with self.writing() as connection:
            return await work(connection)

    async def last_number(self, outbox: sa.Table) -> int:
        """See `subgraphs.room.database.Database`."""
        statement = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        async with self.reading() as connection:
            return (await connection.execute(statement, {"name": outbox.name})).scalar() or 0

    @asynccontextmanager
    async def alone(self, name: str) -> AsyncIterator[None]:
        """See `subgraphs.room.database.Database`: a lock on a file beside the register, which ends with the process."""
        with self._path.with_name(f"{self._path.name}.{name.replace(' ', '-')}.lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(_TURN_SECONDS)
            yield

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise self._failed(f"{self._path} could not answer: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Close every connection, leaving statistics for the next start's query plans."""
        async with self._turn, self.writer.connect() as connection:
            await connection.execute(sa.text("PRAGMA optimize"))
        await self.writer.dispose()
        await self.reader.dispose()


async def open_database(path: Path, metadata: sa.MetaData, failed: type[StoreFailed] = StoreFailed) -> Database:
    """Open the file at `path` (made when it is not there) with these tables. Failures of the database are raised as
    `failed`.
    """
    database = Database(path, failed)
    async with database.writing() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.run_sync(outbox.METADATA.create_all)
    return database


def _set_up(engine: AsyncEngine, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def run(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _leave_transactions_to_us(connection: Any, _record: object) -> None:
    # The driver would begin late, at the first write, and fail with "database is locked" when somebody else wrote since.
    connection.isolation_level = None


def _begin_immediately(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
