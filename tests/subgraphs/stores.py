"""Stores of the rooms in every database, for tests: an empty one each time.

SQLite: a file of the test's own. PostgreSQL: a database a room for the whole run, emptied before each use. MongoDB: a database
of the test's own, dropped after it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from pymongo import MongoClient

from kernel.clock import Clock
from subgraphs.room.migrating import migrate

ADAPTERS = ("sqlite", "postgresql")


def adapters_of(room: str) -> tuple[str, ...]:
    """The databases that the room can be kept in."""
    return (*ADAPTERS, "mongodb") if room == "documents" else ADAPTERS


OpenStore = Callable[[str, str, Clock], Awaitable[Any]]
"""The room, the adapter and the clock in; a store out, which the fixture closes. Asked twice in a test, the same data."""


class Databases:
    """The rooms' databases on one server."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._kept: dict[str, str] = {}
        self._names: list[str] = []

    def address(self, name: str) -> str:
        return urlsplit(self._server)._replace(path=f"/{name}").geturl()

    async def empty(self, room: str) -> str:
        """The address of the room's database, in which there are the tables and no rows."""
        if room not in self._kept:
            self._kept[room] = await self.new(room)
            return self.address(self._kept[room])
        address = self.address(self._kept[room])
        connection = await asyncpg.connect(address)
        try:
            tables = await connection.fetch(
                "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition "
                "AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'"
            )
            counters = await connection.fetch("SELECT sequencename AS name FROM pg_sequences")
            statements = [f"DELETE FROM {table['name']}" for table in tables]
            statements += [f"ALTER SEQUENCE {counter['name']} RESTART" for counter in counters]
            await connection.execute("; ".join(statements))
        finally:
            await connection.close()
        return address

    async def new(self, room: str, *, migrated: bool = True) -> str:
        """The name of a new database with the room's tables, which ends with the run."""
        name = f"saite_{room}_{secrets.token_hex(4)}"
        server = await asyncpg.connect(self._server)
        await server.execute(f"CREATE DATABASE {name}")
        await server.close()
        self._names.append(name)
        if migrated:
            await migrate(self.address(name), room)
        return name

    async def drop(self) -> None:
        server = await asyncpg.connect(self._server)
        for name in self._names:
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await server.close()


@pytest.fixture(scope="session")
def databases(postgresql_url: str) -> Iterator[Databases]:
    found = Databases(postgresql_url)
    yield found
    with suppress(OSError):
        asyncio.run(found.drop())


@pytest.fixture
def mongodb_address(mongodb_url: str) -> Iterator[str]:
    """The address of a database of the test's own."""
    name = f"saite_{secrets.token_hex(6)}"
    yield urlsplit(mongodb_url)._replace(path=f"/{name}").geturl()
    with MongoClient(mongodb_url) as client:
        client.drop_database(name)


@pytest.fixture
async def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenStore]:
    opened: list[Any] = []
    addresses: dict[str, str] = {}

    async def open_one(room: str, adapter: str, clock: Clock) -> Any:
        module = import_module(f"subgraphs.{room}.store_{adapter}")
        if adapter == "sqlite":
            place: Any = tmp_path / f"{room}.sqlite3"
        elif adapter == "mongodb":
            place = request.getfixturevalue("mongodb_address")
        else:
            if room not in addresses:
                addresses[room] = await request.getfixturevalue("databases").empty(room)
            place = addresses[room]
        opened.append(await module.open_store(place, clock))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()
