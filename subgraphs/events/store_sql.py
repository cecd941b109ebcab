"""The event register in a SQL database: what SQLite and PostgreSQL share.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.events.store.EventStore` promises; the tables are in
`subgraphs.events.tables`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from kernel.clock import Clock
from subgraphs.events.cases.store_sql import SqlCases
from subgraphs.events.cases.writing import SqlCaseChanges
from subgraphs.events.model import EventRecord
from subgraphs.events.store import Edge
from subgraphs.events.tables import EVENT, INVOLVEMENTS, PROJECTION_CHANGE, REGISTER, SCOPE, InvolvementTable
from subgraphs.room import reading
from subgraphs.room.database import Database
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Involved, Kept, Placed, Slice
from subgraphs.room.register import Register
from subgraphs.room.sql import beyond, condition, order_by, ordering, visible
from subgraphs.room.sql_records import SqlChanges, SqlRecords
from subgraphs.room.where import Listing, Rows, Where

BATCH: Final = 2000


class SqlEventStore(SqlRecords[EventRecord], SqlChanges, SqlCaseChanges):
    """See `EventStore`."""

    outbox = PROJECTION_CHANGE

    def __init__(self, database: Database, register: Register[EventRecord], clock: Clock) -> None:
        super().__init__(database, register, clock)
        self.cases = SqlCases(database, register, clock)

    async def by_numbers(self, numbers: Sequence[str], rows: Rows) -> dict[str, Kept[EventRecord]]:
        """See `EventStore.by_numbers`."""
        wanted = sorted({number for number in numbers if number})
        async with self.database.reading() as connection:
            found = await reading.matching(connection, REGISTER, one_of(EVENT.c.number, wanted), rows, EVENT.c.number)
        return {row.number: reading.kept(REGISTER, row) for row in found}

    async def ids_by_source(self, system: str, ids: Sequence[str]) -> dict[str, str]:
        """See `EventStore.ids_by_source`."""
        statement = sa.select(EVENT.c.source_id, EVENT.c.id).where(
            EVENT.c.source_system == system, one_of(EVENT.c.source_id, ids)
        )
        async with self.database.reading() as connection:
            return {row.source_id: row.id for row in await connection.execute(statement)}

    async def involvements_of(self, edge: str, event_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Edge, ...]]:
        """See `EventStore.involvements_of`."""
        kind = INVOLVEMENTS[edge]
        table = kind.table
        statement = (
            sa.select(table.c.event_id, table.c.body)
            .join_from(table, EVENT, _of_event(table))
            .where(one_of(table.c.event_id, event_ids), visible(SCOPE, rows), visible(kind.scope, rows))
            .order_by(table.c.event_id, table.c.position)
        )
        found: dict[str, list[Edge]] = {}
        async with self.database.reading() as connection:
            for row in await connection.execute(statement):
                found.setdefault(row.event_id, []).append(_edge(kind, row.event_id, row.body))
        return {event_id: tuple(edges) for event_id, edges in found.items()}

    async def involvements(self, kind: EntityKind, ids: Sequence[str], listing: Listing) -> dict[str, Slice[Edge]]:
        """See `EventStore.involvements`."""
        involvement = _of(kind)
        statement = _page(involvement, ids, listing)
        found: dict[str, list[Placed[Edge]]] = {target: [] for target in ids}
        async with self.database.reading() as connection:
            for row in await connection.execute(statement):
                found[row.target].append(Placed(_edge(involvement, row.event_id, row.body), tuple(row)[3:-1]))
        return {target: reading.slice_of(placed, listing) for target, placed in found.items()}

    async def count_involvements(self, kind: EntityKind, ids: Sequence[str], where: Where, rows: Rows) -> dict[str, int]:
        """See `EventStore.count_involvements`."""
        involvement = _of(kind)
        table = involvement.table
        statement = (
            sa.select(table.c.target, sa.func.count().label("number"))
            .join_from(table, EVENT, _of_event(table))
            .where(one_of(table.c.target, ids), *_shown(involvement, where, rows))
            .group_by(table.c.target)
        )
        async with self.database.reading() as connection:
            counted = {row.target: row.number for row in await connection.execute(statement)}
        return {target: counted.get(target, 0) for target in ids}

    async def involved(self, kind: EntityKind, ids: Sequence[str] | None = None) -> AsyncIterator[list[Involved]]:
        """See `EventStore.involved`."""
        table = _of(kind).table
        after = ""
        while True:
            targets = sa.select(table.c.target).distinct().where(table.c.target > after).order_by(table.c.target).limit(BATCH)
            if ids is not None:
                targets = targets.where(one_of(table.c.target, ids))
            part = targets.subquery()
            statement = (
                sa.select(table.c.target, EVENT.c.territory, EVENT.c.territory_owner)
                .distinct()
                .join_from(table, EVENT, _of_event(table))
                .where(table.c.target.in_(sa.select(part.c.target)))
                .order_by(table.c.target)
            )
            async with self.database.reading() as connection:
                found = (await connection.execute(statement)).mappings().all()
            if not found:
                return
            yield _projected(found)
            after = found[-1]["target"]


def _projected(rows: Sequence[sa.RowMapping]) -> list[Involved]:
    pairs: dict[str, tuple[set[str], set[str]]] = {}
    for row in rows:
        territories, agencies = pairs.setdefault(row["target"], (set(), set()))
        agencies.add(row["territory_owner"])
        if row["territory"] is not None:
            territories.add(row["territory"])
    return [Involved(target, tuple(sorted(pair[0])), tuple(sorted(pair[1]))) for target, pair in pairs.items()]


def _of_event(table: sa.Table) -> sa.ColumnElement[bool]:
    """Where an involvement and its event meet. The time is the same in both: it says in which partition the event is."""
    return sa.and_(EVENT.c.id == table.c.event_id, EVENT.c.occurred_at == table.c.occurred_at)


def _of(kind: EntityKind) -> InvolvementTable:
    return next(involvement for involvement in INVOLVEMENTS.values() if involvement.kind is kind)


def _edge(kind: InvolvementTable, event_id: str, body: bytes) -> Edge:
    return Edge(event_id, msgspec.json.decode(body, type=kind.record_type))


def _shown(kind: InvolvementTable, where: Where, rows: Rows) -> tuple[sa.ColumnElement[bool], ...]:
    return condition(where, kind.scope, rows), visible(kind.scope, rows), visible(SCOPE, rows)


def _page(kind: InvolvementTable, ids: Sequence[str], listing: Listing) -> sa.Select[Any]:
    """One page for each id: the first rows of each partition, all in one statement."""
    table, page = kind.table, listing.page
    sorted_by = ordering(listing.order, kind.scope, table.c.id)
    order = order_by(sorted_by, backward=page.backward)
    places = [column.label(f"place_{index}") for index, (column, _) in enumerate(sorted_by)]
    number = sa.func.row_number().over(partition_by=table.c.target, order_by=order).label("number")
    rows = (
        sa.select(table.c.target, table.c.event_id, table.c.body, *places, number)
        .join_from(table, EVENT, _of_event(table))
        .where(one_of(table.c.target, ids), *_shown(kind, listing.where, listing.rows))
    )
    if page.position is not None:
        rows = rows.where(beyond(sorted_by, page.position, backward=page.backward))
    numbered = rows.subquery()
    return sa.select(numbered).where(numbered.c.number <= page.size + 1).order_by(numbered.c.target, numbered.c.number)
