"""Versions of many events written together: numbers, events with history and outbox, and who did it.

What comes in: a connection in a transaction, decisions on messages. What goes out: rows. Statements are counted by batches and
not by events: a hundred registrations cost about as many statements as one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.clock import Clock
from subgraphs.events.clock.rules import LATVIA
from subgraphs.events.model import EventRecord
from subgraphs.events.registration.arrival import Arrival
from subgraphs.events.registration.change import Asked
from subgraphs.events.registration.deciding import Decision
from subgraphs.events.registration.tables import CHANGE, COUNTER
from subgraphs.events.registration.writing import KINDS, mark_of, registration_number
from subgraphs.room import reading
from subgraphs.room.database import Database
from subgraphs.room.register import Register
from subgraphs.room.writing import put_many


class Versions:
    """Writes events of one register."""

    def __init__(self, database: Database, register: Register[EventRecord], clock: Clock) -> None:
        self._database = database
        self._register = register
        self._clock = clock

    async def held(self, connection: AsyncConnection, event_ids: Sequence[str]) -> dict[str, tuple[EventRecord, int]]:
        """These events with their versions, which nobody else changes until the transaction ends."""
        if not event_ids:
            return {}
        held = await self._database.writes.hold(connection, self._register, event_ids)
        found = await reading.by_ids(connection, self._register, list(held), {})
        return {key: (kept.record, kept.version) for key, kept in found.items()}

    async def numbers(self, connection: AsyncConnection, begin: Sequence[Arrival]) -> dict[tuple[str, str], str]:
        """The next registration numbers, of each one's institution and year, in their order; by the messages' keys."""
        of = {each.key: (each.asked.actor.agency, each.asked.at.astimezone(LATVIA).year) for each in begin}
        counted = Counter(of.values())
        next_one = {one: await self._count_up(connection, one, number) for one, number in sorted(counted.items())}
        found: dict[tuple[str, str], str] = {}
        for key, one in of.items():
            found[key] = registration_number(*one, next_one[one])
            next_one[one] += 1
        return found

    async def _count_up(self, connection: AsyncConnection, one: tuple[str, int], number: int) -> int:
        """The first of so many new numbers."""
        institution, year = one
        is_it = sa.and_(COUNTER.c.institution == institution, COUNTER.c.year == year)
        counting = sa.update(COUNTER).where(is_it).values(last=COUNTER.c.last + number).returning(COUNTER.c.last)
        last = (await connection.execute(counting)).scalar_one_or_none()
        if last is None:
            first = {"institution": institution, "year": year, "last": 0}
            await self._database.writes.put(connection, COUNTER, [first], once=True)
            last = (await connection.execute(counting)).scalar_one()
        return int(last) - number + 1

    async def write(self, connection: AsyncConnection, decided: Sequence[Sequence[Decision]]) -> None:
        """Write the versions that decisions on events made: the first of each event, then the second, …"""
        written = [[each for each in of_one if each.writes] for of_one in decided]
        for turn in range(max(map(len, written), default=0)):
            of_kind: dict[str, list[EventRecord]] = defaultdict(list)
            for of_one in written:
                if turn < len(of_one) and (record := of_one[turn].record) is not None:
                    of_kind[KINDS[of_one[turn].arrival.asked.operation]].append(record)
            for kind, records in of_kind.items():
                await put_many(connection, self._database.writes, self._register, records, self._clock, kind=kind)
        marks = [_mark(each.arrival.asked, each) for of_one in written for each in of_one]
        await self._database.writes.put(connection, CHANGE, marks)


def _mark(asked: Asked, decision: Decision) -> Mapping[str, Any]:
    assert decision.record is not None, "what is written is an event"
    assert decision.version is not None, "what is written has a version"
    return mark_of(asked, decision.record.id, decision.version)
