"""One connection to PostgreSQL for code that blocks: asyncpg on an event loop of its own thread.

In: an address, statements. Out: rows; anything that goes wrong is a DatabaseGone, and the connection is then made anew at the
next use. The log's writer is a thread and may live beside any event loop, so it cannot share one.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg

SECONDS: Final = 4.0
_SETTINGS: Final = {
    "application_name": "saite audit",
    "synchronous_commit": "on",  # a record is answered for: it must outlive the server's crash
    "timezone": "UTC",
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
}


class DatabaseGone(Exception):
    """Raised when the database cannot be asked, or refuses."""


class Database:
    """A connection that is made when it is needed. `prepare` is run on each new one before anything else."""

    def __init__(self, address: str, prepare: Callable[[asyncpg.Connection], Awaitable[None]] | None = None) -> None:
        self._address = address
        self._prepare = prepare
        self._connection: asyncpg.Connection | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="audit postgresql", daemon=True)
        self._thread.start()

    def rows(self, sql: str, *values: object) -> Sequence[Any]:
        """The rows that a statement gives. Raises DatabaseGone."""
        found: list[Any] = self._run(lambda connection: connection.fetch(sql, *values))
        return found

    def execute(self, sql: str, *values: object) -> None:
        """Run one statement, or several without values. Raises DatabaseGone."""
        self._run(lambda connection: connection.execute(sql, *values))

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(TimeoutError, asyncpg.PostgresError, OSError):  # it ends with the process at the latest
            asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    def _run(self, ask: Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]) -> Any:
        asked = asyncio.run_coroutine_threadsafe(self._asked(ask), self._loop)
        try:
            return asked.result(2 * SECONDS)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, ValueError) as error:
            raise DatabaseGone(f"{type(error).__name__}: {error}") from error

    async def _asked(self, ask: Callable[[asyncpg.Connection], Coroutine[Any, Any, Any]]) -> Any:
        try:
            if self._connection is None or self._connection.is_closed():
                self._connection = await asyncpg.connect(
                    self._address, timeout=SECONDS, command_timeout=SECONDS, server_settings=dict(_SETTINGS)
                )
                if self._prepare is not None:
                    await self._prepare(self._connection)
            return await ask(self._connection)
        except BaseException:
            await self._drop()
            raise

    async def _leave(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None and not connection.is_closed():
            await connection.close(timeout=SECONDS / 2)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()
