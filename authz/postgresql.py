"""One connection to PostgreSQL for code that blocks: asyncpg on an event loop of its own thread.

In: an address, statements. Out: rows; anything that goes wrong is a DatabaseGone, and the connection is then made anew at the
next use. Ledgers and logs are written by threads and may live beside any event loop, so they cannot share one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import asyncpg

T = TypeVar("T")
SECONDS: Final = 4.0
_SETTINGS: Final = {
    "synchronous_commit": "on",  # what is answered for must outlive the server's crash
    "timezone": "UTC",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}

_FAILURES: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a statement that meets the end of its connection
    OSError,
    TimeoutError,
    ValueError,
)

Prepare = Callable[[asyncpg.Connection], Awaitable[None]]


class DatabaseGone(Exception):
    """Raised when the database cannot be asked, or refuses."""


def shown(address: str) -> str:
    """The address without user and password, for messages."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def founding(lock: int, marker: str, script: str) -> Prepare:
    """A preparation that runs `script` where the table `marker` is absent; `lock` keeps two processes from doing it at once.

    Where the tables are, no right to make any is needed.
    """

    async def found(connection: asyncpg.Connection) -> None:
        if await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", marker):
            return
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", lock)
            if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", marker):
                await connection.execute(script)

    return found


class Database:
    """A connection that is made when it is needed. `prepare` is run on each new one before anything else.

    `name` is what the server calls us; `settings` replace or add to those of the session. Safe to share between threads: one
    statement or transaction at a time.
    """

    def __init__(
        self,
        address: str,
        prepare: Prepare | None = None,
        *,
        name: str = "saite audit",
        settings: dict[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        self._address = address
        self._prepare = prepare
        self._settings = {**_SETTINGS, "application_name": name, **(settings or {})}
        self._seconds = seconds
        self._connection: asyncpg.Connection | None = None
        self._loop = asyncio.new_event_loop()
        self._turn = asyncio.Lock()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"{name} postgresql", daemon=True)
        self._thread.start()

    def rows(self, sql: str, *values: object) -> Sequence[Any]:
        """The rows that a statement gives. Raises DatabaseGone."""
        found: list[Any] = self._run(lambda connection: connection.fetch(sql, *values))
        return found

    def execute(self, sql: str, *values: object) -> None:
        """Run one statement, or several without values. Raises DatabaseGone."""
        self._run(lambda connection: connection.execute(sql, *values))

    def transaction(self, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
        """What `work` gives, done whole or not at all. Raises DatabaseGone; what `work` raises of its own goes through."""

        async def within(connection: asyncpg.Connection) -> T:
            async with connection.transaction():
                return await work(connection)

        done: T = self._run(within)
        return done

    def close(self) -> None:
        """Let go of the connection."""
        if self._loop.is_closed():
            return
        with suppress(TimeoutError, asyncpg.PostgresError, OSError):  # it ends with the process at the latest
            asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    def _run(self, ask: Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]) -> Any:
        if self._loop.is_closed():
            raise DatabaseGone("it was closed")
        asked = asyncio.run_coroutine_threadsafe(self._asked(ask), self._loop)
        try:
            return asked.result(2 * self._seconds)
        except _FAILURES as error:
            asked.cancel()
            raise DatabaseGone(f"{type(error).__name__}: {error}") from error

    async def _asked(self, ask: Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]) -> Any:
        async with self._turn:
            try:
                return await ask(await self._connected())
            except BaseException:
                await self._drop()
                raise

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._address, timeout=self._seconds, command_timeout=self._seconds, server_settings=dict(self._settings)
            )
            if self._prepare is not None:
                await self._prepare(self._connection)
        return self._connection

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close(timeout=self._seconds / 2)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
