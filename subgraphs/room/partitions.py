"""Months of a table in PostgreSQL that is partitioned by time: made ahead, and the default partition kept empty.

What comes in: an address, the table, months. What goes out: which months there are, and how many rows lie in none of them. The
column holds microseconds since 1970, months are those of UTC. A month is made beside the table and then attached, so that
nobody waits for longer than a moment; rows that had come into the default partition move into it. Months are made before they
begin, so there are none to move as a rule: while rows do move, a reader may miss one for a moment and a writer be refused.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import asyncpg

from subgraphs.room.keys import micros
from subgraphs.room.postgresql_place import connected

AHEAD: Final = 3
"""Months that have to be there before they begin; fewer than two is an alarm."""

_TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table and the column that says where a row lies."""

    table: str
    column: str


@dataclass(frozen=True, slots=True)
class State:
    """`stray` rows lie in the default partition: their month is missing. `ahead` months after the present one are there."""

    months: tuple[date, ...]
    ahead: int
    stray: int


async def make_months(address: str, of: Partitioned, first: date, last: date) -> tuple[date, ...]:
    """Make the months from `first` to `last` that are missing; which these were. Raises StoreFailed."""
    async with connected(address, "saite months") as connection:
        there = await _months(connection, of)
        missing = tuple(month for month in _from_to(first, last) if month not in there)
        for month in missing:
            await _make(connection, of, month)
    return missing


async def state_of(address: str, of: Partitioned, today: date) -> State:
    """How the table stands. Raises StoreFailed."""
    async with connected(address, "saite months") as connection:
        months = await _months(connection, of)
        stray = await connection.fetchval(f"SELECT count(*) FROM {of.table}_default")  # noqa: S608 - our own table's name
    ahead, month = 0, later(today, 1)
    while month in months:
        ahead, month = ahead + 1, later(month, 1)
    return State(months, ahead, stray)


def later(month: date, months: int) -> date:
    """The first day of the month that comes so many months later."""
    years, index = divmod(month.year * 12 + month.month - 1 + months, 12)
    return date(years, index + 1, 1)


def _from_to(first: date, last: date) -> Iterator[date]:
    month = later(first, 0)
    while month <= last:
        yield month
        month = later(month, 1)


async def _make(connection: asyncpg.Connection, of: Partitioned, month: date) -> None:
    name = f"{of.table}_{month:%Y_%m}"
    low, high = (micros(datetime.combine(day, datetime.min.time(), UTC)) for day in (month, later(month, 1)))
    for again in reversed(range(_TRIES)):
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'")
                await connection.execute(f"CREATE TABLE {name} (LIKE {of.table} INCLUDING ALL)")
                # Says what the attaching would otherwise read every row for, under a lock.
                await connection.execute(
                    f"ALTER TABLE {name} ADD CONSTRAINT in_month CHECK ({of.column} >= {low} AND {of.column} < {high})"
                )
                # Who writes an event of this month waits from here on, for as long as moving the strays takes.
                await connection.execute(f"LOCK TABLE {of.table}_default IN ACCESS EXCLUSIVE MODE")
                strays = f"DELETE FROM {of.table}_default WHERE {of.column} >= {low} AND {of.column} < {high} RETURNING *"  # noqa: S608
                await connection.execute(f"WITH stray AS ({strays}) INSERT INTO {name} SELECT * FROM stray")  # noqa: S608
                await connection.execute(f"ALTER TABLE {of.table} ATTACH PARTITION {name} FOR VALUES FROM ({low}) TO ({high})")
                await connection.execute(f"ALTER TABLE {name} DROP CONSTRAINT in_month")
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            if not again:
                raise
            await asyncio.sleep(random.uniform(0.05, 0.5))  # noqa: S311 - spreads, hides nothing
        else:
            return


async def _months(connection: asyncpg.Connection, of: Partitioned) -> tuple[date, ...]:
    names = await connection.fetch(
        "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass", of.table
    )
    found = (re.fullmatch(rf"{of.table}_(\d{{4}})_(\d{{2}})", row["name"]) for row in names)
    return tuple(sorted(date(int(each[1]), int(each[2]), 1) for each in found if each is not None))
