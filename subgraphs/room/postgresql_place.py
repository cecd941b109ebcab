"""Addresses of PostgreSQL: connecting once, and what may go wrong with it.

What comes in: an address as libpq takes it. What goes out: a connection, or a StoreFailed that tells the place without its
password.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import asyncpg

from subgraphs.room.errors import StoreFailed

TROUBLE: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, OverflowError)
"""What asyncpg raises when a server does not answer or refuses; the last is a port that cannot be."""

_SECONDS: Final = 10


@asynccontextmanager
async def connected(address: str, application: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection, closed at the end. Raises StoreFailed for whatever goes wrong with it."""
    try:
        connection = await asyncpg.connect(address, timeout=_SECONDS, server_settings={"application_name": application})
        try:
            yield connection
        finally:
            await connection.close()
    except (*TROUBLE, ValueError) as error:  # ValueError: no address at all
        raise StoreFailed(f"{place(address)} could not be asked: {type(error).__name__}: {error}") from error


def place(address: str) -> str:
    """The address without user and password, which no message may tell."""
    parts = urlsplit(address)
    return f"PostgreSQL at {parts.netloc.rpartition('@')[2]}{parts.path}"
