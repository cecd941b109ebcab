"""A log in a fresh folder, an entry to put into it, and the places where a log may lie."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from authz.audit import AuditEntry, AuditLog
from authz.audit.store import Location


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.sqlite"


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[str]:
    """The address of an empty database of its own."""
    name = f"audit_{secrets.token_hex(8)}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(postgresql_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run(f"CREATE DATABASE {name}"))
    yield f"{postgresql_url.rpartition('/')[0]}/{name}"
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest) -> Location:
    """An empty place for a log: each kind there is."""
    return request.getfixturevalue("path" if request.param == "sqlite" else "postgresql")


@pytest.fixture
def log(path: Path) -> Iterator[AuditLog]:
    opened = AuditLog.open(path)
    yield opened
    opened.close()


@pytest.fixture
def entry() -> Callable[..., AuditEntry]:
    def make(request_id: str = "req-1", **more: Any) -> AuditEntry:
        given = {"kind": "consultation", "agency": "LV-PROK", "user": "anna", "status": "ok"} | more
        return AuditEntry(request_id=request_id, **given)

    return make
