"""How rows get into PostgreSQL: whole columns at once, and beside other writers.

What comes in: a connection in a transaction, tables, rows. What goes out: what `subgraphs.room.writing.Writes` says. A table's
statement has one array a column, so its text is the same for every number of rows; what nobody else can write meanwhile is
copied. Names in statements are those of our own tables and columns; every value is a parameter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from changes.change import PROJECTED
from subgraphs.room import outbox
from subgraphs.room.one_of import one_of
from subgraphs.room.register import Projection, Register
from subgraphs.room.writing import Row

_SETTLE: Final = """
WITH first AS MATERIALIZED (SELECT number FROM change_noted ORDER BY number LIMIT $1),
moved AS (DELETE FROM change_noted USING first WHERE change_noted.number = first.number RETURNING change_noted.*)
INSERT INTO change (record, version, kind, at)
SELECT record, said, kind, at FROM (
  SELECT number, record, kind, at, CASE version
    WHEN 0 THEN (SELECT kept.version FROM {record} AS kept WHERE kept.id = moved.record) ELSE version END AS said
  FROM moved) AS resolved
WHERE said IS NOT NULL ORDER BY number"""

COPIED_FROM: Final = 50  # rows: fewer are inserted, which costs one statement less to prepare


_NOT_SAID: Final = 0
"""The version of a record whose projection changed: who notes it may not see yet which one there is."""


class PostgresqlWrites:
    """See `subgraphs.room.writing.Writes`.

    Changes are noted under a number that is drawn before the commit, so what has a lower number may be seen later: nobody
    could remember where he was. `settle` moves what is committed into the order in which followers read it, one process at a
    time. Two versions of one record are noted in their order, as the second waits for the first one's commit.
    """

    noted = outbox.NOTED

    async def note_projected(
        self,
        connection: AsyncConnection,
        register: Register[Any],  # noqa: ARG002 - the protocol's
        ids: Sequence[str],
        now: int,
    ) -> None:
        """See `Writes.note_projected`. Which of them are records is seen when it is settled: one that is written beside this
        transaction is then told of as new, or there to be told of.
        """
        rows = [{"record": key, "version": _NOT_SAID, "kind": PROJECTED, "at": now} for key in ids]
        await self.put(connection, self.noted, rows)

    async def settle(self, connection: AsyncConnection, register: Register[Any], limit: int) -> None:
        """See `Writes.settle`."""
        await connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('change'))"))
        statement = _SETTLE.format(record=register.table.name)
        await connection.exec_driver_sql(statement, (limit,))

    async def hold(self, connection: AsyncConnection, register: Register[Any], ids: Collection[str], /) -> Collection[str]:
        """See `Writes.hold`: a lock on each row, taken in the order of ids."""
        table = _once(register)
        statement = sa.select(table.c.id).where(one_of(table.c.id, ids)).order_by(table.c.id).with_for_update()
        return [row.id for row in await connection.execute(statement)]

    async def hold_projection(self, connection: AsyncConnection, projection: Projection) -> None:
        """See `Writes.hold_projection`: a lock that only replacing asks for."""
        statement = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        await connection.execute(statement, {"name": projection.territories.name})

    async def put(self, connection: AsyncConnection, table: sa.Table, rows: Sequence[Row], *, once: bool = False) -> None:
        """See `Writes.put`."""
        if not rows:
            return
        if once or len(rows) < COPIED_FROM:
            names = list(rows[0])
            end = "ON CONFLICT DO NOTHING" if once else ""
            await connection.exec_driver_sql(f"{_insert(table, names)} {end}", _arrays(names, rows))
        else:
            await _copy(connection, table, rows)

    async def put_new(self, connection: AsyncConnection, register: Register[Any], rows: Sequence[Row]) -> frozenset[str]:
        """See `Writes.put_new`."""
        table = _once(register)
        names = [name for name in rows[0] if name in table.c]
        statement = f"{_insert(table, names)} ON CONFLICT (id) DO NOTHING RETURNING id"
        written = await connection.exec_driver_sql(statement, _arrays(names, rows))
        ours = frozenset(row.id for row in written)
        if register.keys is not None:
            await self.put(connection, register.table, [row for row in rows if row["id"] in ours])
        return frozenset(row["id"] for row in rows) - ours

    async def replace(self, connection: AsyncConnection, register: Register[Any], rows: Sequence[Row]) -> None:
        """See `Writes.replace`. The row that is locked stays the same one, so that who waits for it finds it."""
        if register.keys is not None:
            found = register.of_ids([row["id"] for row in rows])
            await connection.execute(sa.delete(register.table).where(found))
            await self.put(connection, register.table, rows)
        table = _once(register)
        names = [name for name in rows[0] if name in table.c]
        assigned = ", ".join(f"{name} = new.{name}" for name in names if name != "id")
        source = f"unnest({_parameters(table, names)}) AS new ({', '.join(names)})"
        statement = f"UPDATE {table.name} AS old SET {assigned} FROM {source} WHERE old.id = new.id"  # noqa: S608
        await connection.exec_driver_sql(statement, _arrays(names, rows))


def _once(register: Register[Any]) -> sa.Table:
    """The table that has each id once."""
    return register.table if register.keys is None else register.keys.table


def _insert(table: sa.Table, names: Sequence[str]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) SELECT * FROM unnest({_parameters(table, names)})"  # noqa: S608


def _parameters(table: sa.Table, names: Sequence[str]) -> str:
    return ", ".join(f"${place}::{_type(table.c[name].type)}[]" for place, name in enumerate(names, 1))


def _type(of: sa.types.TypeEngine[Any]) -> str:
    """What PostgreSQL calls the type of a column, without its collation."""
    match of:
        case sa.String():
            return "text"
        case sa.BigInteger():
            return "bigint"
        case sa.Integer():
            return "integer"
        case sa.Boolean():
            return "boolean"
        case sa.Float():
            return "double precision"
        case sa.LargeBinary():
            return "bytea"
    raise TypeError(f"no register has columns of the type {of!r}")


def without_nul(value: Any) -> Any:
    """The value as PostgreSQL's text can hold it, which knows no NUL; lists member by member.

    Its neighbour stands for it, which leaves the order as it was. A record itself keeps its NULs: its body is bytes.
    """
    if isinstance(value, str):
        return value.replace("\0", "\1") if "\0" in value else value
    if isinstance(value, list) and any(isinstance(each, str) and "\0" in each for each in value):
        return [without_nul(each) for each in value]
    return value


def _arrays(names: Sequence[str], rows: Sequence[Row]) -> tuple[list[Any], ...]:
    return tuple([row[name] for row in rows] for name in names)


async def _copy(connection: AsyncConnection, table: sa.Table, rows: Sequence[Row]) -> None:
    names = list(rows[0])
    columns = [without_nul(values) for values in _arrays(names, rows)]
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None
    await driver.copy_records_to_table(table.name, columns=names, records=zip(*columns, strict=True))
