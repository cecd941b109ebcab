"""Reading cases in a SQL database: what SQLite and PostgreSQL share.

What comes in: look-ups and listings. What goes out: what `subgraphs.events.cases.store.CaseStore` promises.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from kernel.clock import Clock
from kernel.paging import Page
from subgraphs.events.cases import timeline
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.store import TimelineEntry
from subgraphs.events.cases.tables import CASE, CASES, MEMBER
from subgraphs.events.model import EventRecord
from subgraphs.room import reading
from subgraphs.room.database import Database
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept, Placed, Slice
from subgraphs.room.register import Register
from subgraphs.room.sql import beyond, condition, order_by, ordering, visible
from subgraphs.room.sql_records import SqlRecords
from subgraphs.room.where import Listing, Rows, Where


class SqlCases(SqlRecords[CaseRecord]):
    """See `CaseStore`. The database is the event register's, which closes it."""

    def __init__(self, database: Database, events: Register[EventRecord], clock: Clock) -> None:
        super().__init__(database, CASES, clock)
        self._events = events

    async def by_numbers(self, numbers: Sequence[str], rows: Rows) -> dict[str, Kept[CaseRecord]]:
        """See `CaseStore.by_numbers`."""
        wanted = sorted({number for number in numbers if number})
        async with self.database.reading() as connection:
            found = await reading.matching(
                connection, CASES, one_of(CASE.c.number, wanted), rows, CASE.c.number, CASE.c.opened_at
            )
        newest = sorted(found, key=lambda row: row.opened_at)
        return {row.number: reading.kept(CASES, row) for row in newest}

    async def of_events(self, event_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[CaseRecord], ...]]:
        """See `CaseStore.of_events`."""
        joined = sa.and_(MEMBER.c.case_id == CASE.c.id, one_of(MEMBER.c.event_id, event_ids))
        async with self.database.reading() as connection:
            found = await reading.matching(connection, CASES, joined, rows, MEMBER.c.event_id, MEMBER.c.joined_at, CASE.c.id)
        cases: dict[str, list[Kept[CaseRecord]]] = {}
        for row in sorted(found, key=lambda row: (row.joined_at, row.id), reverse=True):
            cases.setdefault(row.event_id, []).append(reading.kept(CASES, row))
        return {event_id: tuple(its) for event_id, its in cases.items()}

    async def events(self, case_ids: Sequence[str], listing: Listing) -> dict[str, Slice[Kept[EventRecord]]]:
        """See `CaseStore.events`."""
        found: dict[str, list[Placed[Kept[EventRecord]]]] = {case_id: [] for case_id in case_ids}
        async with self.database.reading() as connection:
            for row in await connection.execute(self._page(case_ids, listing)):
                placed = Placed(reading.kept(self._events, row), tuple(row)[4:-1])
                found[row.case_id].append(placed)
        return {case_id: reading.slice_of(placed, listing) for case_id, placed in found.items()}

    async def count_events(self, case_ids: Sequence[str], where: Where, rows: Rows) -> dict[str, int]:
        """See `CaseStore.count_events`."""
        statement = (
            sa.select(MEMBER.c.case_id, sa.func.count().label("number"))
            .select_from(self._joined())
            .where(one_of(MEMBER.c.case_id, case_ids), *self._shown(where, rows))
            .group_by(MEMBER.c.case_id)
        )
        async with self.database.reading() as connection:
            counted = {row.case_id: row.number for row in await connection.execute(statement)}
        return {case_id: counted.get(case_id, 0) for case_id in case_ids}

    async def timeline(self, case_id: str, page: Page, rows: Rows) -> Slice[TimelineEntry]:
        """See `CaseStore.timeline`."""
        async with self.database.reading() as connection:
            return await timeline.page_of(connection, self._events, case_id, page, rows)

    async def count_timeline(self, case_id: str, rows: Rows) -> int:
        """See `CaseStore.count_timeline`."""
        async with self.database.reading() as connection:
            return await timeline.count(connection, self._events, case_id, rows)

    def _joined(self) -> sa.Join:
        """Members and their events; with keys no month is looked into but theirs."""
        table, keys = self._events.table, self._events.keys
        if keys is None:
            return MEMBER.join(table, table.c.id == MEMBER.c.event_id)
        return MEMBER.join(keys.table, keys.table.c.id == MEMBER.c.event_id).join(table, keys.same_record(table))

    def _shown(self, where: Where, rows: Rows) -> tuple[sa.ColumnElement[bool], ...]:
        scope = self._events.scope
        return condition(where, scope, rows), visible(scope, rows)

    def _page(self, case_ids: Sequence[str], listing: Listing) -> sa.Select[Any]:
        """One page for each case: the first rows of each partition, all in one statement."""
        page = listing.page
        sorted_by = ordering(listing.order, self._events.scope, self._events.table.c.id)
        order = order_by(sorted_by, backward=page.backward)
        places = [column.label(f"place_{index}") for index, (column, _) in enumerate(sorted_by)]
        number = sa.func.row_number().over(partition_by=MEMBER.c.case_id, order_by=order).label("row_number")
        rows = (
            sa.select(MEMBER.c.case_id, *reading.columns(self._events), *places, number)
            .select_from(self._joined())
            .where(one_of(MEMBER.c.case_id, case_ids), *self._shown(listing.where, listing.rows))
        )
        if page.position is not None:
            rows = rows.where(beyond(sorted_by, page.position, backward=page.backward))
        numbered = rows.subquery()
        shown = sa.select(numbered).where(numbered.c.row_number <= page.size + 1)
        return shown.order_by(numbered.c.case_id, numbered.c.row_number)
