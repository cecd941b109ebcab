"""A database of the run's own in PostgreSQL, in which each test begins without what `authz` shares."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator

import asyncpg
import pytest


async def run(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture(scope="session")
def database(postgresql_url: str) -> Iterator[str]:
    name = f"authz_{secrets.token_hex(8)}"
    asyncio.run(run(postgresql_url, f"CREATE DATABASE {name}"))
    yield f"{postgresql_url.rpartition('/')[0]}/{name}"
    asyncio.run(run(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def state(database: str) -> str:
    """The address of a database without contracts and without anything counted or remembered."""
    asyncio.run(run(database, "DROP SCHEMA IF EXISTS contracts, contexts, counts, quotas CASCADE"))
    return database
