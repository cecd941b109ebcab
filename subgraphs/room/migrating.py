"""Brings a room's PostgreSQL database to the tables that this version of Saite works with, without stopping anybody.

What comes in: an address and the room. What goes out: the revisions that were applied. Each room has a line of migrations of
its own in `subgraphs/<room>/migrations`; each is a step that the version before and the version after can both live with
(expand first, contract a release later), waits for locks shortly, and is tried again when it had to give way.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Protocol

import asyncpg
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from subgraphs.room.errors import StoreFailed
from subgraphs.room.postgresql_place import TROUBLE, connected, place

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext, RevisionStep
    from alembic.script import ScriptDirectory

_HAD_TO_WAIT: Final = ("55P03", "40P01")  # lock timeout, deadlock
_TRIES: Final = 20
_TURN: Final = 0x5A17E  # the advisory lock of whoever migrates


class Executing(Protocol):
    """Alembic's `op`, as far as `limits` needs it."""

    def execute(self, sqltext: str) -> None: ...


def limits(op: Executing, *, lock: str, statement: str) -> None:
    """The first line of every migration: how long it may wait for a lock, and how long one statement may take.

    Who waits for a lock holds up everybody who comes after. A short wait that is tried again costs nobody anything.
    """
    op.execute(f"SET lock_timeout = '{lock}'")
    op.execute(f"SET statement_timeout = '{statement}'")


def newest(room: str) -> str:
    """The revision that this version of Saite works with."""
    head = _scripts(room).get_current_head()
    assert head is not None, f"the room {room} has migrations"
    return head


async def migrate(address: str, room: str, to: str | None = None) -> tuple[str, ...]:
    """Apply what is missing, up to `to` or the newest; the revisions in their order. Raises StoreFailed.

    May be cut off and done again, and asked for by several processes at once: one does it, the others wait.
    """
    engine = _engine(address)
    try:
        async with engine.connect() as waiting:
            await _our_turn(waiting)
            for pause in range(_TRIES):
                try:
                    return await _apply(engine, room, to or newest(room))
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) not in _HAD_TO_WAIT or pause == _TRIES - 1:
                        raise
                    await asyncio.sleep(random.uniform(0.1, 0.5 * (pause + 1)))  # noqa: S311 - spreads, hides nothing
    except (SQLAlchemyError, *TROUBLE, ValueError) as error:
        raise StoreFailed(
            f"The tables of {room} in {place(address)} could not be brought up to date: {type(error).__name__}: {error}"
        ) from error
    finally:
        await engine.dispose()
    raise AssertionError("the last try returns or raises")


async def _our_turn(waiting: AsyncConnection) -> None:
    """Wait until nobody else migrates. Asked again and again, outside of a transaction: an index that is made beside writers
    waits for every statement and every transaction that has begun before, and ours would be one.
    """
    await waiting.execution_options(isolation_level="AUTOCOMMIT")
    ask = sa.text("SELECT pg_try_advisory_lock(:turn)")
    while not (await waiting.execute(ask, {"turn": _TURN})).scalar_one():  # noqa: ASYNC110 - another process has it
        await asyncio.sleep(0.1)


async def missing_of(address: str, room: str) -> str | None:
    """The revision that the database lacks; None when this version of Saite can work with it. Raises StoreFailed.

    A database that is ahead of us is fine: each step can be lived with by the version before.
    """
    async with connected(address, "saite") as connection:
        there = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        found = await connection.fetchval("SELECT version_num FROM alembic_version") if there else None
    known = {script.revision for script in _scripts(room).walk_revisions()}
    is_fine = found == newest(room) or (found is not None and found not in known)
    return None if is_fine else newest(room)


async def _apply(engine: AsyncEngine, room: str, target: str) -> tuple[str, ...]:
    async with engine.connect() as connection:
        return await connection.run_sync(_steps(room, target))


def _steps(room: str, target: str) -> Callable[[sa.Connection], tuple[str, ...]]:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    scripts = _scripts(room)
    applied: list[str] = []

    def steps(revision: tuple[str, ...], _context: MigrationContext) -> list[RevisionStep]:
        found = scripts._upgrade_revs(target, revision)  # type: ignore[arg-type]  # alembic's own verbs ask with a tuple
        applied.extend(step.revision.revision for step in found)
        return list(found)

    def run(connection: sa.Connection) -> tuple[str, ...]:
        with EnvironmentContext(Config(), scripts, fn=steps, destination_rev=target) as environment:
            environment.configure(connection=connection, transaction_per_migration=True)
            environment.run_migrations()
        return tuple(applied)

    return run


def _scripts(room: str) -> ScriptDirectory:
    from alembic.script import ScriptDirectory

    folder = str(files(f"subgraphs.{room}.migrations"))
    return ScriptDirectory(folder, version_locations=[folder])


def _engine(address: str) -> AsyncEngine:
    settings = {"application_name": "saite migrate"}
    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(address, timeout=10, server_settings=settings),
        poolclass=NullPool,
    )
