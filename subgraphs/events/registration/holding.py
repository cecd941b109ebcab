"""Messages that are held in a SQL database: those that wait, came late, or are in quarantine.

What comes in: a connection in a transaction, messages with why they are held. What goes out: their ids, and `Held` for people.
A message that comes again is the same entry, seen once more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.ids import new_id
from subgraphs.events.registration.arrival import Arrival, Held, HeldState, Message, ReceiptProblem
from subgraphs.events.registration.pairs import one_of_pairs
from subgraphs.events.registration.reasons import told
from subgraphs.events.registration.receiving_tables import HELD, SOURCE_EVENT
from subgraphs.events.registration.refusal import Problem
from subgraphs.room.database import Database
from subgraphs.room.keys import instant, micros
from subgraphs.room.one_of import one_of

_PROBLEMS: Final = msgspec.json.Decoder(tuple[ReceiptProblem, ...])


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a message is held."""

    message: Message
    state: HeldState
    problems: tuple[Problem, ...] = ()


class Holding:
    """The held messages of one register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, connection: AsyncConnection, reasons: Sequence[Reason], at: datetime) -> list[str]:
        """Hold these messages; their ids."""
        ids: list[str] = []
        new: dict[tuple[str, str, bytes], dict[str, Any]] = {}
        for reason in reasons:
            message = reason.message
            key = (message.source, message.message_id, message.digest)
            there = new[key]["id"] if key in new else await self._seen_again(connection, key, at)
            if there is None:
                new[key] = _row(reason, at)
                there = str(new[key]["id"])
            ids.append(there)
        await self._database.writes.put(connection, HELD, list(new.values()))
        return ids

    async def move(
        self, connection: AsyncConnection, states: Mapping[str, tuple[HeldState, tuple[Problem, ...]]], at: datetime
    ) -> None:
        """Note what became of messages that were held, by their ids."""
        if not states:
            return
        moving = (
            sa.update(HELD)
            .where(HELD.c.id == sa.bindparam("of_id"))
            .values(state=sa.bindparam("new_state"), problems=sa.bindparam("new_problems"), last_seen=micros(at))
        )
        rows = [
            {"of_id": key, "new_state": state.value, "new_problems": msgspec.json.encode(told(problems))}
            for key, (state, problems) in states.items()
        ]
        await connection.execute(moving, rows)

    async def waiting(self, connection: AsyncConnection, events: Collection[tuple[str, str]]) -> list[tuple[str, bytes]]:
        """Id and body of the messages that wait for these events."""
        named = one_of_pairs(connection, (HELD.c.source_id, HELD.c.event_no), events)
        found = await connection.execute(
            sa.select(HELD.c.id, HELD.c.body).where(named, HELD.c.state == HeldState.WAITING.value)
        )
        return [(row.id, row.body) for row in found]

    async def locked(self, connection: AsyncConnection, ids: Collection[str]) -> list[Held]:
        """These messages, which nobody else changes until the transaction ends."""
        found = await connection.execute(sa.select(HELD).where(one_of(HELD.c.id, ids)).order_by(HELD.c.id).with_for_update())
        return [_held(row) for row in found]

    async def entries(self, states: Collection[HeldState], *, limit: int = 100) -> list[Held]:
        """Messages in these states, the oldest first."""
        wanted = one_of(HELD.c.state, [state.value for state in states])
        async with self._database.reading() as connection:
            found = await connection.execute(sa.select(HELD).where(wanted).order_by(HELD.c.first_seen, HELD.c.id).limit(limit))
            return [_held(row) for row in found]

    async def entry(self, held_id: str) -> Held | None:
        """One message, when it is held."""
        async with self._database.reading() as connection:
            row = (await connection.execute(sa.select(HELD).where(HELD.c.id == held_id))).one_or_none()
        return None if row is None else _held(row)

    async def overdue(self, before: datetime, *, limit: int = 100) -> list[str]:
        """The ids of messages that wait since before then, of events that have begun: without that nothing helps them."""
        event = SOURCE_EVENT
        has_begun = sa.exists().where(
            event.c.source_id == HELD.c.source_id, event.c.event_no == HELD.c.event_no, event.c.event_id.is_not(None)
        )
        late = sa.and_(HELD.c.state == HeldState.WAITING.value, HELD.c.first_seen < micros(before), has_begun)
        async with self._database.reading() as connection:
            found = await connection.execute(
                sa.select(HELD.c.id).where(late).order_by(HELD.c.first_seen, HELD.c.id).limit(limit)
            )
            return [row.id for row in found]

    async def correct(self, held_id: str, corrected: bytes) -> bool:
        """Note how a message in quarantine should have been; False: there is none of this id in quarantine."""
        waits = one_of(HELD.c.state, [HeldState.OPEN.value, HeldState.CORRECTED.value])
        statement = sa.update(HELD).where(HELD.c.id == held_id, waits)

        async def work(connection: AsyncConnection) -> int:
            return (await connection.execute(statement.values(corrected=corrected, state=HeldState.CORRECTED.value))).rowcount

        return bool(await self._database.transact(work))

    async def counts(self) -> dict[HeldState, int]:
        """How many messages are in each state."""
        statement = sa.select(HELD.c.state, sa.func.count().label("number")).group_by(HELD.c.state)
        async with self._database.reading() as connection:
            return {HeldState(row.state): row.number for row in await connection.execute(statement)}

    async def _seen_again(self, connection: AsyncConnection, key: tuple[str, str, bytes], at: datetime) -> str | None:
        same = sa.and_(HELD.c.source_id == key[0], HELD.c.message_id == key[1], HELD.c.digest == key[2])
        touched = sa.update(HELD).where(same).values(last_seen=micros(at), times=HELD.c.times + 1)
        found: str | None = (await connection.execute(touched.returning(HELD.c.id))).scalar_one_or_none()
        return found


def _row(reason: Reason, at: datetime) -> dict[str, Any]:
    message = reason.message
    event_no, seq = (message.event_no, message.seq) if isinstance(message, Arrival) else (None, None)
    return {
        "id": new_id("qrn", at),
        "source_id": message.source,
        "message_id": message.message_id,
        "digest": message.digest,
        "state": reason.state.value,
        "event_no": event_no,
        "seq": seq,
        "body": message.body,
        "corrected": None,
        "problems": msgspec.json.encode(told(reason.problems)),
        "first_seen": micros(at),
        "last_seen": micros(at),
        "times": 1,
    }


def _held(row: Any) -> Held:
    return Held(
        id=row.id,
        source_id=row.source_id,
        message_id=row.message_id,
        state=HeldState(row.state),
        event_no=row.event_no,
        seq=row.seq,
        digest=row.digest,
        body=row.body,
        corrected=row.corrected,
        problems=_PROBLEMS.decode(row.problems),
        first_seen=instant(row.first_seen),
        last_seen=instant(row.last_seen),
        times=row.times,
    )
