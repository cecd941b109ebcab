"""The time line of a case: the changes of the case and of its events, merged, as far as the caller's row rules show them.

What comes in: a case's id, a page, the row rules. What goes out: `TimelineEntry`s, oldest first.

    named    the events that the case has, and those that its changes name: joined once, or taken out
    visible  those of them that the row rules show
    entries  changes of the case that name no event or a visible one; every version of the visible events that it has
    page     in the order (at, event, version), which never changes, so cursors stay where they are

Entries of hidden events are in none of the statements' results: they are not shown, not counted and leave no gap in a page.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.paging import Page
from subgraphs.events.cases.store import TimelineEntry
from subgraphs.events.cases.tables import CASE, CASES, CHANGE, HISTORY, MEMBER
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.tables import CHANGE as EVENT_CHANGE
from subgraphs.room import reading
from subgraphs.room.keys import instant
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Placed, Slice
from subgraphs.room.register import TEXT, Register
from subgraphs.room.sql import beyond, order_by, visible
from subgraphs.room.where import All, Listing, Rows

_SAID: Final = ("operation", "agency", "official", "purpose", "case_reference", "reason")


async def page_of(
    connection: AsyncConnection, events: Register[EventRecord], case_id: str, page: Page, rows: Rows
) -> Slice[TimelineEntry]:
    """`CaseStore.timeline`."""
    entries = await _entries(connection, events, case_id, rows)
    if entries is None:
        return Slice((), has_previous=False, has_next=False)
    place = [(entries.c.at, False), (entries.c.about, False), (entries.c.version, False)]
    statement = sa.select(entries).order_by(*order_by(place, backward=page.backward)).limit(page.size + 1)
    if page.position is not None:
        statement = statement.where(beyond(place, page.position, backward=page.backward))
    found = [Placed(_entry(row), (row.at, row.about, row.version)) for row in await connection.execute(statement)]
    return reading.slice_of(found, Listing(All(()), (), page, rows))


async def count(connection: AsyncConnection, events: Register[EventRecord], case_id: str, rows: Rows) -> int:
    """`CaseStore.count_timeline`."""
    entries = await _entries(connection, events, case_id, rows)
    if entries is None:
        return 0
    return int((await connection.execute(sa.select(sa.func.count()).select_from(entries))).scalar_one())


async def _entries(connection: AsyncConnection, events: Register[EventRecord], case_id: str, rows: Rows) -> sa.Subquery | None:
    """Everything that the time line has; None when the row rules hide the case."""
    if not await reading.by_ids(connection, CASES, [case_id], rows):
        return None
    has = set((await connection.scalars(sa.select(MEMBER.c.event_id).where(MEMBER.c.case_id == case_id))).all())
    named = sa.select(CHANGE.c.event_id).where(CHANGE.c.case_id == case_id, CHANGE.c.event_id.is_not(None))
    asked = sorted({*has, *(await connection.scalars(named)).all()})
    shown = await _visible(connection, events, asked, rows)
    return sa.union_all(_of_case(case_id, shown), _of_events(events, shown & has)).subquery()


async def _visible(
    connection: AsyncConnection, events: Register[EventRecord], ids: Collection[str], rows: Rows
) -> frozenset[str]:
    if not ids:
        return frozenset()
    statement = sa.select(events.table.c.id).where(events.of_ids(ids), visible(events.scope, rows))
    return frozenset((await connection.scalars(statement)).all())


def _of_case(case_id: str, shown: Collection[str]) -> sa.Select[Any]:
    """The versions of the case, each with its mark; those that name a hidden event left out."""
    columns = ("id", "version", "changed_at", "changed_fields")
    now = sa.select(*(CASE.c[name] for name in columns)).where(CASE.c.id == case_id)
    before = sa.select(*(HISTORY.c[name] for name in columns)).where(HISTORY.c.id == case_id)
    versions = sa.union_all(now, before).subquery()
    mark = sa.and_(CHANGE.c.case_id == versions.c.id, CHANGE.c.version == versions.c.version)
    return (
        sa.select(
            sa.func.coalesce(CHANGE.c.at, versions.c.changed_at).label("at"),
            sa.literal("", TEXT).label("about"),
            versions.c.version,
            versions.c.changed_fields,
            CHANGE.c.event_id,
            *(CHANGE.c[name] for name in _SAID),
        )
        .select_from(versions.outerjoin(CHANGE, mark))
        .where(sa.or_(CHANGE.c.event_id.is_(None), one_of(CHANGE.c.event_id, sorted(shown))))
    )


def _of_events(events: Register[EventRecord], shown: Collection[str]) -> sa.Select[Any]:
    """The versions of these events, each with its mark."""
    table, old, ids = events.table, events.history, sorted(shown)
    columns = ("id", "version", "changed_at", "changed_fields")
    now = sa.select(*(table.c[name] for name in columns)).where(events.of_ids(ids))
    before = sa.select(*(old.c[name] for name in columns)).where(one_of(old.c.id, ids))
    versions = sa.union_all(now, before).subquery()
    mark = sa.and_(EVENT_CHANGE.c.event_id == versions.c.id, EVENT_CHANGE.c.version == versions.c.version)
    return sa.select(
        sa.func.coalesce(EVENT_CHANGE.c.at, versions.c.changed_at).label("at"),
        versions.c.id.label("about"),
        versions.c.version,
        versions.c.changed_fields,
        versions.c.id.label("event_id"),
        *(EVENT_CHANGE.c[name] for name in _SAID),
    ).select_from(versions.outerjoin(EVENT_CHANGE, mark))


def _entry(row: Any) -> TimelineEntry:
    of_case = row.about == ""
    return TimelineEntry(
        at=instant(row.at),
        event_id=row.event_id,
        case_version=row.version if of_case else None,
        event_version=None if of_case else row.version,
        fields=tuple(row.changed_fields.split(",")) if row.changed_fields else (),
        operation=row.operation,
        agency=row.agency,
        official=row.official,
        purpose=row.purpose,
        case_reference=row.case_reference,
        reason=row.reason,
    )
