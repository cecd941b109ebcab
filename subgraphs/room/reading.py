"""Reading records: by id, by key, page by page, counted; the caller's row rules are part of every query.

What comes in: a register, ids or a listing. What goes out: `Kept` records. One statement each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.room.keys import instant
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Involved, Kept, Placed, Slice
from subgraphs.room.register import Projection, Register
from subgraphs.room.sql import Condition, beyond, condition, order_by, ordering, visible
from subgraphs.room.store import Change
from subgraphs.room.where import Listing, Rows, Where

R = TypeVar("R", bound=msgspec.Struct)


def kept(register: Register[R], row: Any) -> Kept[R]:
    """The record in a row with `body`, `version` and `changed_at`."""
    record = msgspec.json.decode(row.body, type=register.record_type)
    return Kept(record, row.version, instant(row.changed_at))


def columns(register: Register[R]) -> list[sa.Column[Any]]:
    """What `kept` needs of a row."""
    return [register.table.c.body, register.table.c.version, register.table.c.changed_at]


async def matching(
    connection: AsyncConnection, register: Register[R], found: Condition, rows: Rows, *extra: sa.ColumnElement[Any]
) -> Sequence[sa.Row[Any]]:
    """The rows of visible records for which `found` holds, with `extra` columns after the record's own."""
    statement = sa.select(*columns(register), *extra).where(found, visible(register.scope, rows))
    return (await connection.execute(statement)).all()


async def by_ids(connection: AsyncConnection, register: Register[R], ids: Sequence[str], rows: Rows) -> dict[str, Kept[R]]:
    """`RecordStore.by_ids`."""
    if not ids:
        return {}
    table = register.table
    found = await matching(connection, register, register.of_ids(ids), rows, table.c.id)
    return {row.id: kept(register, row) for row in found}


async def find(connection: AsyncConnection, register: Register[R], listing: Listing) -> Slice[Kept[R]]:
    """`RecordStore.find`."""
    scope, page = register.scope, listing.page
    sorted_by = ordering(listing.order, scope, register.table.c.id)
    places = [column.label(f"place_{index}") for index, (column, _) in enumerate(sorted_by)]
    statement = (
        sa.select(*columns(register), *places)
        .where(condition(listing.where, scope, listing.rows), visible(scope, listing.rows))
        .order_by(*order_by(sorted_by, backward=page.backward))
        .limit(sa.literal_column(str(page.size + 1), sa.Integer))  # a number: PostgreSQL plans for it, and does so once
    )
    if page.position is not None:
        statement = statement.where(beyond(sorted_by, page.position, backward=page.backward))
    found = (await connection.execute(statement)).all()
    return slice_of([Placed(kept(register, row), tuple(row)[3:]) for row in found], listing)


def slice_of(found: list[Placed[Any]], listing: Listing) -> Slice[Any]:
    """A page out of up to `size + 1` items in the order they were read: the one too many says that the list goes on."""
    page = listing.page
    more = len(found) > page.size
    items = found[: page.size]
    came_from = page.position is not None
    if page.backward:
        return Slice(tuple(reversed(items)), has_previous=more, has_next=came_from)
    return Slice(tuple(items), has_previous=came_from, has_next=more)


async def count(connection: AsyncConnection, register: Register[R], where: Where, rows: Rows) -> int:
    """`RecordStore.count`."""
    scope = register.scope
    statement = sa.select(sa.func.count()).select_from(register.table)
    statement = statement.where(condition(where, scope, rows), visible(scope, rows))
    return int((await connection.execute(statement)).scalar_one())


async def history(
    connection: AsyncConnection, register: Register[R], ids: Sequence[str], rows: Rows
) -> dict[str, tuple[Change, ...]]:
    """`RecordStore.history`."""
    if not ids:
        return {}
    table, old = register.table, register.history
    shown = sa.and_(register.of_ids(ids), visible(register.scope, rows))
    now = sa.select(table.c.id, table.c.version, table.c.changed_at, table.c.changed_fields).where(shown)
    before = (
        sa.select(old.c.id, old.c.version, old.c.changed_at, old.c.changed_fields)
        .join_from(old, table, old.c.id == table.c.id)
        .where(shown)
    )
    both = sa.union_all(before, now).subquery()
    statement = sa.select(both).order_by(both.c.id, both.c.version)
    changes: dict[str, list[Change]] = {}
    for row in await connection.execute(statement):
        fields = tuple(row.changed_fields.split(",")) if row.changed_fields else ()
        changes.setdefault(row.id, []).append(Change(row.version, instant(row.changed_at), fields))
    return {key: tuple(found) for key, found in changes.items()}


async def involved_of(connection: AsyncConnection, projection: Projection, ids: Sequence[str]) -> dict[str, Involved]:
    """`ProjectingStore.involved_of`."""
    found: dict[str, tuple[list[str], list[str]]] = {key: ([], []) for key in ids}
    both = sa.union_all(
        *(
            sa.select(sa.literal(place).label("place"), table.c.id, table.c.value).where(one_of(table.c.id, ids))
            for place, table in enumerate((projection.territories, projection.agencies))
        )
    )
    for row in await connection.execute(both):
        found[row.id][row.place].append(row.value)
    return {key: Involved(key, tuple(sorted(pair[0])), tuple(sorted(pair[1]))) for key, pair in found.items()}


async def projected_ids(connection: AsyncConnection, projection: Projection, after: str, limit: int = 2000) -> list[str]:
    """The next ids of `ProjectingStore.projected`."""
    parts = (sa.select(table.c.id).where(table.c.id > after) for table in (projection.territories, projection.agencies))
    both = sa.union(*parts).subquery()
    return list((await connection.scalars(sa.select(both.c.id).order_by(both.c.id).limit(limit))).all())


async def linked(connection: AsyncConnection, links: sa.Table, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """`ProjectingStore.linked`."""
    found: dict[str, set[str]] = {}
    there = sa.select(links.c.id, links.c.value).where(one_of(links.c.id, ids))
    back = sa.select(links.c.value, links.c.id).where(one_of(links.c.value, ids))
    for here, other in await connection.execute(sa.union_all(there, back)):
        found.setdefault(here, set()).add(other)
    return {key: frozenset(others) for key, others in found.items()}
