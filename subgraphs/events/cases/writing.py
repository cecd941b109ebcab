"""Changes of cases in a SQL database: key, case, history, mark for the audit and outbox in one transaction.

What comes in: what was asked, the step. What goes out: `CaseDone`. Raises Refused, and then nothing of it stays.

    claim the key    as for events: one key for each change of an agency, whatever it changes
    open             count up (agency, year) → the case's number
    change           hold the case; visible? of this agency? at the expected version? → hold the event that it names → step
    decide           hold the case, then the event; the event's step; an event that is not in the case joins it
    write            the case with its members and its version before, case_change, the outbox

Whoever holds both a case and an event holds the case first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.events.cases import steps
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.store import CaseBeginning, CaseDone, CaseStep, CaseTarget, DecisionStep
from subgraphs.events.cases.store_sql import SqlCases
from subgraphs.events.cases.tables import CASES, CHANGE, COUNTER
from subgraphs.events.cases.transitions import CaseAction
from subgraphs.events.clock.rules import LATVIA
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.change import Asked, Done, Target
from subgraphs.events.registration.refusal import Refused, problem
from subgraphs.events.registration.tables import IDEMPOTENCY
from subgraphs.events.registration.writing import SqlRegistration
from subgraphs.room import reading
from subgraphs.room.keys import micros
from subgraphs.room.records import Kept
from subgraphs.room.where import Rows
from subgraphs.room.writing import put_many

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "openCase": "opened",
        "addEventToCase": "joined",
        "removeEventFromCase": "removed",
        "recordDecision": "joined",
        "transferCase": "transferred",
        "closeCase": "closed",
        "reopenCase": "reopened",
    }
)
"""What the outbox calls what each mutation does to a case (`changes.change`)."""


class SqlCaseChanges(SqlRegistration):
    """See `CaseChanges`. Mixed into the event register's SQL store."""

    cases: SqlCases

    async def open_case(self, asked: Asked, begin: CaseBeginning) -> CaseDone:
        """See `CaseChanges.open_case`."""

        async def work(connection: AsyncConnection) -> CaseDone:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return CaseDone(earlier.event_id, earlier.version)
            record = begin(await self._next_case_number(connection, asked))
            return await self._write_case(connection, asked, record, 0, None)

        return await self.database.transact(work)

    async def change_case(self, asked: Asked, target: CaseTarget, step: CaseStep) -> CaseDone:
        """See `CaseChanges.change_case`."""

        async def work(connection: AsyncConnection) -> CaseDone:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return CaseDone(earlier.event_id, earlier.version)
            kept = await self._held_case(connection, target.case_id, target.rows)
            if kept.record.agency != asked.actor.agency:
                raise Refused(problem("caseId", "NOT_YOUR_CASE"))
            if kept.version != target.expected_version:
                raise Refused(problem("expectedVersion", "CONFLICT", current_version=kept.version))
            event = await self._named(connection, target)
            return await self._write_case(connection, asked, step(kept.record, event), kept.version, target.event_id)

        return await self.database.transact(work)

    async def decide_in_case(self, asked: Asked, target: Target, case_id: str, step: DecisionStep) -> Done:
        """See `CaseChanges.decide_in_case`."""

        async def work(connection: AsyncConnection) -> Done:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            case = await self._held_case(connection, case_id, target.rows)
            event = await self._held(connection, asked, target)
            steps.moved(case.record, CaseAction.DECIDE)
            if not case.record.has(event.record.id):
                if case.record.agency != asked.actor.agency:
                    raise Refused(problem("caseId", "NOT_YOUR_CASE"))
                after = steps.joined(case.record, event.record, asked.actor.agency, asked.at, CaseAction.DECIDE)
                await self._write_case(connection, asked, after, case.version, event.record.id)
            # last: what came of the key is the event
            return await self._write(connection, asked, step(event.record, case.record), event.version)

        return await self.database.transact(work)

    async def _next_case_number(self, connection: AsyncConnection, asked: Asked) -> str:
        agency, year = asked.actor.agency, asked.at.astimezone(LATVIA).year
        await self.database.writes.put(connection, COUNTER, [{"agency": agency, "year": year, "last": 0}], once=True)
        one = sa.and_(COUNTER.c.agency == agency, COUNTER.c.year == year)
        await connection.execute(sa.update(COUNTER).where(one).values(last=COUNTER.c.last + 1))
        last = (await connection.execute(sa.select(COUNTER.c.last).where(one))).scalar_one()
        return case_number(agency, year, last)

    async def _held_case(self, connection: AsyncConnection, case_id: str, rows: Rows) -> Kept[CaseRecord]:
        held = await self.database.writes.hold(connection, CASES, [case_id])
        kept = (await reading.by_ids(connection, CASES, list(held), rows)).get(case_id)
        if kept is None:
            raise Refused(problem("caseId", "CASE_NOT_FOUND"))
        return kept

    async def _named(self, connection: AsyncConnection, target: CaseTarget) -> EventRecord | None:
        """The event that the change names. Held: whose it is does not change while the case takes note of it."""
        if target.event_id is None:
            return None
        held = await self.database.writes.hold(connection, self._register, [target.event_id])
        found = (await reading.by_ids(connection, self._register, list(held), target.rows)).get(target.event_id)
        if found is None:
            raise Refused(problem("eventId", "EVENT_NOT_FOUND"))
        return found.record

    async def _write_case(
        self, connection: AsyncConnection, asked: Asked, record: CaseRecord, version: int, event_id: str | None
    ) -> CaseDone:
        kind = KINDS[asked.operation]
        outcome = await put_many(connection, self.database.writes, CASES, [record], self._clock, kind=kind)
        done = CaseDone(record.id, version + outcome.new + outcome.changed)
        if done.version != version:
            await self._mark_case(connection, asked, done, event_id)
        ours = sa.and_(IDEMPOTENCY.c.agency == asked.actor.agency, IDEMPOTENCY.c.key == asked.key)
        await connection.execute(sa.update(IDEMPOTENCY).where(ours).values(event_id=done.case_id, version=done.version))
        return done

    async def _mark_case(self, connection: AsyncConnection, asked: Asked, done: CaseDone, event_id: str | None) -> None:
        actor = asked.actor
        mark = {
            "case_id": done.case_id,
            "version": done.version,
            "at": micros(asked.at),
            "operation": asked.operation,
            "agency": actor.agency,
            "official": actor.official,
            "purpose": actor.purpose,
            "case_reference": actor.case_reference,
            "reason": asked.reason,
            "contract": actor.contract,
            "txn": actor.txn,
            "event_id": event_id,
        }
        await self.database.writes.put(connection, CHANGE, [mark])


_MARK: Final = "L"


def case_number(agency: str, year: int, number: int) -> str:
    """The number of a case: `PP-RIGA-L-2026-000017` for the seventeenth case (*lieta*) of LV-PP-RIGA in 2026."""
    return f"{agency.removeprefix('LV-')}-{_MARK}-{year}-{number:06}"
