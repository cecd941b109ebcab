"""Changes of events in a SQL database: inbox, event, history, mark for the audit and outbox in one transaction.

What comes in: a connection in a transaction, what was asked, the step. What goes out: `Done`. Raises Refused.

    claim the key    (agency, key): there already, same request → what came of it; other request → IDEMPOTENCY_KEY_REUSED
    register         count up (institution, year) → registration number → the new event
    change           hold the event; visible? of this agency? at the expected version? → step
    write            the event with its side rows and its version before (`subgraphs.room.writing`), event_change, outbox
    remember         what came of the key

Whatever refuses rolls all of it back: a refused change uses up no key and no number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.clock import Clock
from subgraphs.events.clock.rules import LATVIA
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.change import Asked, Beginning, Done, Entry, Step, Target
from subgraphs.events.registration.refusal import Refused, problem
from subgraphs.events.registration.tables import CHANGE, COUNTER, IDEMPOTENCY
from subgraphs.room import reading
from subgraphs.room.database import Database
from subgraphs.room.keys import instant, micros
from subgraphs.room.records import Kept
from subgraphs.room.register import Register
from subgraphs.room.where import Rows
from subgraphs.room.writing import put_many

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "registerEvent": "registered",
        "amendEvent": "amended",
        "assign": "assigned",
        "dispatch": "dispatched",
        "recordArrival": "arrived",
        "recordDecision": "decided",
        "linkPerson": "linked",
        "linkVehicle": "linked",
        "linkDocument": "linked",
        "linkItem": "linked",
        "transferToAgency": "transferred",
        "close": "closed",
        "reopen": "reopened",
        "annul": "annulled",
    }
)
"""What the outbox calls what each mutation does (`changes.change`)."""


class SqlRegistration:
    """See `RegistrationStore`. Mixed into the event register's SQL store."""

    database: Database
    _register: Register[EventRecord]
    _clock: Clock

    async def register(self, asked: Asked, begin: Beginning) -> Done:
        """See `RegistrationStore.register`."""

        async def work(connection: AsyncConnection) -> Done:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            record = begin(await self._next_number(connection, asked))
            return await self._write(connection, asked, record, 0)

        return await self.database.transact(work)

    async def change(self, asked: Asked, target: Target, step: Step) -> Done:
        """See `RegistrationStore.change`."""

        async def work(connection: AsyncConnection) -> Done:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            kept = await self._held(connection, asked, target)
            return await self._write(connection, asked, step(kept.record), kept.version)

        return await self.database.transact(work)

    async def entries(self, event_id: str, rows: Rows) -> tuple[Entry, ...]:
        """See `RegistrationStore.entries`."""
        register = self._register
        async with self.database.reading() as connection:
            now = (await reading.by_ids(connection, register, [event_id], rows)).get(event_id)
            if now is None:
                return ()
            versions = await _versions(connection, register, now)
            changes = await reading.history(connection, register, [event_id], rows)
            marks = await connection.execute(sa.select(CHANGE).where(CHANGE.c.event_id == event_id))
            by_version = {row.version: row for row in marks}
        return tuple(
            _entry(change.fields, by_version.get(change.version), versions.get(change.version - 1), versions[change.version])
            for change in changes[event_id]
            if change.version in versions
        )

    async def _claim(self, connection: AsyncConnection, asked: Asked) -> Done | None:
        agency, key = asked.actor.agency, asked.key
        row = {"agency": agency, "key": key, "request": asked.request, "at": micros(asked.at)}
        # Insert first: whoever comes second waits here for the first one's end, and then reads what came of it.
        await self.database.writes.put(connection, IDEMPOTENCY, [row], once=True)
        there = (await connection.execute(sa.select(IDEMPOTENCY).where(*_is(asked)))).one()
        if there.request != asked.request:
            raise Refused(problem("idempotencyKey", "IDEMPOTENCY_KEY_REUSED"))
        return None if there.event_id is None else Done(there.event_id, there.version)

    async def _next_number(self, connection: AsyncConnection, asked: Asked) -> str:
        institution, year = asked.actor.agency, asked.at.astimezone(LATVIA).year
        await self.database.writes.put(connection, COUNTER, [{"institution": institution, "year": year, "last": 0}], once=True)
        one = sa.and_(COUNTER.c.institution == institution, COUNTER.c.year == year)
        await connection.execute(sa.update(COUNTER).where(one).values(last=COUNTER.c.last + 1))
        last = (await connection.execute(sa.select(COUNTER.c.last).where(one))).scalar_one()
        return registration_number(institution, year, last)

    async def _held(self, connection: AsyncConnection, asked: Asked, target: Target) -> Kept[EventRecord]:
        held = await self.database.writes.hold(connection, self._register, [target.event_id])
        kept = (await reading.by_ids(connection, self._register, list(held), target.rows)).get(target.event_id)
        if kept is None:
            raise Refused(problem("eventId", "EVENT_NOT_FOUND"))
        if kept.record.territory_owner != asked.actor.agency:
            raise Refused(problem("eventId", "NOT_YOUR_EVENT"))
        if kept.version != target.expected_version:
            raise Refused(problem("expectedVersion", "CONFLICT", current_version=kept.version))
        return kept

    async def _write(self, connection: AsyncConnection, asked: Asked, record: EventRecord, version: int) -> Done:
        kind = KINDS[asked.operation]
        outcome = await put_many(connection, self.database.writes, self._register, [record], self._clock, kind=kind)
        done = Done(record.id, version + outcome.new + outcome.changed)
        if done.version != version:
            await self.database.writes.put(connection, CHANGE, [mark_of(asked, done.event_id, done.version)])
        await connection.execute(sa.update(IDEMPOTENCY).where(*_is(asked)).values(event_id=done.event_id, version=done.version))
        return done


def mark_of(asked: Asked, event_id: str, version: int) -> dict[str, Any]:
    """The row of `event_change`: who made this version of the event, and under which contract."""
    actor = asked.actor
    return {
        "event_id": event_id,
        "version": version,
        "at": micros(asked.at),
        "operation": asked.operation,
        "agency": actor.agency,
        "official": actor.official,
        "purpose": actor.purpose,
        "case_reference": actor.case_reference,
        "reason": asked.reason,
        "contract": actor.contract,
        "txn": actor.txn,
    }


def registration_number(institution: str, year: int, number: int) -> str:
    """The registration number: `PP-RIGA-2026-000017` for the seventeenth event of LV-PP-RIGA in 2026."""
    return f"{institution.removeprefix('LV-')}-{year}-{number:06}"


def _is(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return IDEMPOTENCY.c.agency == asked.actor.agency, IDEMPOTENCY.c.key == asked.key


async def _versions(
    connection: AsyncConnection, register: Register[EventRecord], now: Kept[EventRecord]
) -> dict[int, Kept[EventRecord]]:
    """Every version of a visible event that is kept."""
    old = register.history
    statement = sa.select(old.c.body, old.c.version, old.c.changed_at).where(old.c.id == now.record.id)
    found = {row.version: reading.kept(register, row) for row in await connection.execute(statement)}
    return {**found, now.version: now}


def _entry(fields: tuple[str, ...], mark: Any, before: Kept[EventRecord] | None, after: Kept[EventRecord]) -> Entry:
    if mark is None:  # written by an import, which the audit knows
        return Entry(after.version, after.changed_at, fields, None, None, None, None, None, None, before, after)
    return Entry(
        after.version,
        instant(mark.at),
        fields,
        mark.operation,
        mark.agency,
        mark.official,
        mark.purpose,
        mark.case_reference,
        mark.reason,
        before,
        after,
    )
