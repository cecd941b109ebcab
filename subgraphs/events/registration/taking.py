"""Messages of sources in a SQL database, many in one transaction: each has its effect once, whatever is delivered twice.

What comes in: a `Batch`. What goes out: a `Taken` for each message. In one transaction:

    inbox         seen before, same digest → its receipt again · other digest → quarantine
    events        those that the messages name, held; with those that waited for them (`deciding` says what becomes of each)
    numbers       counted up for those that register, together
    write         events, history, outbox, event_change: the first version of each event, then the second, … (`versions`)
    keep          inbox, how the events stand, what is held, receipts
    record        the audit, before the commit

The inbox's key is put in last; a transaction that finds it taken, or lost a race for an event, is done again from the
beginning. Nothing stays of one that was given up.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.events.registration.arrival import (
    Arrival,
    Batch,
    Fate,
    HeldState,
    Receipt,
    Recording,
    Taken,
    Unusable,
)
from subgraphs.events.registration.deciding import Decision, Standing, Trial, decide, registering
from subgraphs.events.registration.holding import Holding, Reason
from subgraphs.events.registration.pairs import one_of_pairs
from subgraphs.events.registration.reasons import reason, told
from subgraphs.events.registration.receiving_tables import INBOX, RECEIPT, SOURCE_EVENT
from subgraphs.events.registration.refusal import Problem
from subgraphs.events.registration.versions import Versions
from subgraphs.events.store_sql import SqlEventStore
from subgraphs.room.keys import micros

TRIES: Final = 8
FORGOTTEN: Final = 5000
"""So many are forgotten in one transaction."""
_UNIQUE: Final = "23505"
_STATES: Final[Mapping[Fate, HeldState]] = {
    Fate.APPLIED: HeldState.IMPORTED,
    Fate.WAITING: HeldState.WAITING,
    Fate.SUPERSEDED: HeldState.LATE,
    Fate.QUARANTINED: HeldState.OPEN,
}

T = TypeVar("T")
Key = tuple[str, str]
Answer = Unusable | Receipt | Key
"""A message that is wrong; the receipt of one that came before; what a new one is known by."""


class Overtaken(Exception):  # noqa: N818, RUF100 - a signal inside, which nobody sees
    """Another transaction took one of the messages, or an event of theirs, meanwhile: look again."""


@dataclass(slots=True)
class Desk:
    """What one transaction works on: `arrivals` by their keys; `held` are the ids of those that were held until now."""

    batch: Batch
    arrivals: dict[Key, Arrival] = field(default_factory=dict)
    held: dict[Key, str] = field(default_factory=dict)
    digests: dict[Key, bytes] = field(default_factory=dict)
    """What the inbox has of them."""
    standings: dict[Key, Standing] = field(default_factory=dict)
    found: dict[Key, tuple[str | None, int, int]] = field(default_factory=dict)
    """How the events were found: event id, last message, how many wait."""
    forced: frozenset[Key] = frozenset()
    impatient: frozenset[Key] = frozenset()


class SqlReceiving:
    """See `ReceivingStore`: receiving, on the event register's store."""

    def __init__(self, store: SqlEventStore) -> None:
        self.database = store.database
        self.holding = Holding(self.database)
        self._versions = Versions(self.database, store._register, store._clock)

    async def take(self, batch: Batch, record: Recording) -> tuple[Taken, ...]:
        """See `ReceivingStore.take`. Raises what `record` raises, and EventsUnavailable."""

        async def work(connection: AsyncConnection) -> tuple[Taken, ...]:
            desk = Desk(batch)
            answers = await self._sorted(connection, desk)
            refusals = await self._refuse(connection, batch, [each for each in answers if isinstance(each, Unusable)])
            made = await self._settle(connection, desk, record)
            taken = tuple(_taken(answers, made, refusals))
            told_now = [*made.values(), *refusals, *(each for each in answers if isinstance(each, Receipt))]
            await self._hand_over(connection, batch, told_now)
            return taken

        return await self._transacted(work)

    async def retry(self, ids: Sequence[str], batch: Batch, record: Recording, *, forced: bool) -> dict[str, Receipt]:
        """Try held messages again: `forced` by a person, else because what is missing before them is given up.

        Returns what became of each of those ids that still were to be tried. Raises as `take`.
        """
        tried = (HeldState.OPEN, HeldState.CORRECTED) if forced else (HeldState.WAITING,)

        async def work(connection: AsyncConnection) -> dict[str, Receipt]:
            held = [one for one in await self.holding.locked(connection, ids) if one.state in tried]
            desk = Desk(batch)
            wrong: dict[str, Unusable] = {}
            for one in held:
                message = batch.revive(one.body if one.corrected is None else one.corrected)
                if isinstance(message, Unusable):
                    wrong[one.id] = message
                else:
                    desk.arrivals[message.key] = message
                    desk.held[message.key] = one.id
            known = {one.id: one.digest for one in held}
            await self._known(connection, desk)
            for key in [key for key, digest in desk.digests.items() if digest != known[desk.held[key]]]:
                wrong[desk.held.pop(key)] = _reused(desk.arrivals.pop(key))
            keys = frozenset(desk.arrivals)
            desk.forced, desk.impatient = (keys, frozenset()) if forced else (frozenset(), keys)
            made = await self._settle(connection, desk, record)
            await self.holding.move(connection, {key: (HeldState.OPEN, each.problems) for key, each in wrong.items()}, batch.at)
            await self._hand_over(connection, batch, list(made.values()))
            refused = {key: _refusal(each, key, batch) for key, each in wrong.items()}
            return refused | {held_id: made[key] for key, held_id in desk.held.items() if key in made and held_id in known}

        return await self._transacted(work)

    async def forget(self, before: datetime) -> int:
        """Take messages that came before then out of the inbox; how many. One that comes again later is SUPERSEDED: how far
        its event is stays known for ever. Raises EventsUnavailable.
        """
        key = sa.tuple_(INBOX.c.source_id, INBOX.c.message_id)
        old = sa.select(INBOX.c.source_id, INBOX.c.message_id).where(INBOX.c.at < micros(before)).limit(FORGOTTEN)
        total = 0
        while gone := await self.database.transact(
            lambda connection: _rowcount(connection, sa.delete(INBOX).where(key.in_(old)))
        ):
            total += gone
        return total

    async def _transacted(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        async def watched(connection: AsyncConnection) -> T:
            try:
                return await work(connection)
            except Exception as error:
                if isinstance(error, IntegrityError) or getattr(error, "sqlstate", None) == _UNIQUE:
                    raise Overtaken from error
                raise

        for pause in range(TRIES):
            try:
                return await self.database.transact(watched)
            except Overtaken:
                if pause == TRIES - 1:
                    raise
            await asyncio.sleep(random.uniform(0, 0.01 * 2**pause))  # noqa: S311 - spreads writers, hides nothing
        raise AssertionError("the last try returns or raises")

    async def _sorted(self, connection: AsyncConnection, desk: Desk) -> list[Answer]:
        """Each message: what will be new, what came before, what is wrong."""
        messages = desk.batch.messages
        for message in messages:
            if isinstance(message, Arrival):
                desk.arrivals.setdefault(message.key, message)
        receipts = await self._known(connection, desk)
        answers: list[Answer] = []
        for message in messages:
            if isinstance(message, Unusable):
                answers.append(message)
            elif message.digest != (desk.digests.get(message.key) or desk.arrivals[message.key].digest):
                answers.append(_reused(message))
            else:
                answers.append(receipts.get(message.key, message.key))
        for key in desk.digests:
            del desk.arrivals[key]
        return answers

    async def _known(self, connection: AsyncConnection, desk: Desk) -> dict[Key, Receipt]:
        """The receipts of those arrivals that the inbox knows, and their digests on the desk."""
        if not desk.arrivals:
            return {}
        named = one_of_pairs(connection, (INBOX.c.source_id, INBOX.c.message_id), desk.arrivals)
        found = (await connection.execute(sa.select(INBOX).where(named))).all()
        desk.digests |= {(row.source_id, row.message_id): row.digest for row in found}
        return {(row.source_id, row.message_id): msgspec.json.decode(row.receipt, type=Receipt) for row in found}

    async def _refuse(self, connection: AsyncConnection, batch: Batch, wrong: Sequence[Unusable]) -> list[Receipt]:
        ids = await self.holding.hold(connection, [Reason(each, HeldState.OPEN, each.problems) for each in wrong], batch.at)
        return [_refusal(each, held_id, batch) for each, held_id in zip(wrong, ids, strict=True)]

    async def _settle(self, connection: AsyncConnection, desk: Desk, record: Recording) -> dict[Key, Receipt]:
        """Do what is to be done with the arrivals on the desk; the receipts of all that became something now."""
        if not desk.arrivals:
            return {}
        await self._stand(connection, desk)
        of_event: dict[Key, list[Arrival]] = defaultdict(list)
        for arrival in desk.arrivals.values():
            of_event[arrival.event].append(arrival)
        begin = [one for event, messages in of_event.items() if (one := registering(messages, desk.standings[event]))]
        trial = Trial(await self._versions.numbers(connection, begin), desk.forced, desk.impatient)
        decided = [decide(messages, desk.standings[event], trial) for event, messages in of_event.items()]
        await self._versions.write(connection, decided)
        decisions = [decision for of_one in decided for decision in of_one]
        receipts = await self._keep(connection, desk, decisions)
        await self._keep_standings(connection, desk, decisions)
        of_agency: dict[str, set[str]] = defaultdict(set)
        for each in decisions:
            if each.writes and each.record is not None:
                of_agency[each.arrival.asked.actor.agency].add(each.record.id)
        if of_agency:
            await record({agency: tuple(sorted(ids)) for agency, ids in of_agency.items()})
        return receipts

    async def _stand(self, connection: AsyncConnection, desk: Desk) -> None:
        """How the events stand, held; with what waited for them put on the desk."""
        table, events = SOURCE_EVENT, {arrival.event for arrival in desk.arrivals.values()}
        named = one_of_pairs(connection, (table.c.source_id, table.c.event_no), events)
        statement = sa.select(table).where(named).order_by(table.c.source_id, table.c.event_no).with_for_update()
        rows = (await connection.execute(statement)).all()
        kept = await self._versions.held(connection, [row.event_id for row in rows if row.event_id is not None])
        desk.standings = {event: Standing() for event in events}
        for row in rows:
            event = (row.source_id, row.event_no)
            desk.standings[event] = Standing(row.event_id, row.seq, *kept.get(row.event_id, (None, 0)))
            desk.found[event] = (row.event_id, row.seq, row.waiting)
        if waited_for := [event for event, (_, _, waiting) in desk.found.items() if waiting]:
            await self._put_on(connection, desk, waited_for)

    async def _put_on(self, connection: AsyncConnection, desk: Desk, events: Sequence[Key]) -> None:
        wrong: dict[str, tuple[HeldState, tuple[Problem, ...]]] = {}
        for held_id, body in await self.holding.waiting(connection, events):
            message = desk.batch.revive(body)
            if isinstance(message, Unusable):
                wrong[held_id] = (HeldState.OPEN, message.problems)
            elif message.key not in desk.arrivals:
                desk.arrivals[message.key] = message
                desk.held[message.key] = held_id
                desk.digests[message.key] = message.digest
        await self.holding.move(connection, wrong, desk.batch.at)

    async def _keep(self, connection: AsyncConnection, desk: Desk, decisions: Sequence[Decision]) -> dict[Key, Receipt]:
        """Inbox and what is held; the receipts of those that are not just waiting on."""
        at, held = desk.batch.at, desk.held
        reasons = [
            Reason(each.arrival, _STATES[each.fate], each.problems)
            for each in decisions
            if each.fate is not Fate.APPLIED and each.arrival.key not in held
        ]
        ids = await self.holding.hold(connection, reasons, at)
        now_held = {one.message.key: held_id for one, held_id in zip(reasons, ids, strict=True)}
        still_waiting = held.keys() - desk.forced
        settled = [each for each in decisions if each.fate is not Fate.WAITING or each.arrival.key not in still_waiting]
        moved = {held[each.arrival.key]: (_STATES[each.fate], each.problems) for each in settled if each.arrival.key in held}
        await self.holding.move(connection, moved, at)
        receipts = {each.arrival.key: _receipt(each, {**held, **now_held}, desk.batch) for each in settled}
        await self._keep_inbox(connection, desk, receipts)
        return receipts

    async def _keep_inbox(self, connection: AsyncConnection, desk: Desk, receipts: Mapping[Key, Receipt]) -> None:
        new, again = [], []
        for key, receipt in receipts.items():
            body = msgspec.json.encode(receipt)
            if key in desk.digests:
                again.append({"of_source": key[0], "of_message": key[1], "said": body})
            else:
                digest = desk.arrivals[key].digest
                new.append(
                    {"source_id": key[0], "message_id": key[1], "digest": digest, "at": micros(desk.batch.at), "receipt": body}
                )
        await self.database.writes.put(connection, INBOX, new)
        if again:
            is_it = sa.and_(INBOX.c.source_id == sa.bindparam("of_source"), INBOX.c.message_id == sa.bindparam("of_message"))
            await connection.execute(sa.update(INBOX).where(is_it).values(receipt=sa.bindparam("said")), again)

    async def _keep_standings(self, connection: AsyncConnection, desk: Desk, decisions: Sequence[Decision]) -> None:
        table = SOURCE_EVENT
        waiting = Counter(each.arrival.event for each in decisions if each.fate is Fate.WAITING)
        now = {event: (each.event_id, each.seq, waiting[event]) for event, each in sorted(desk.standings.items())}
        names = ("event_id", "seq", "waiting")
        new = [
            {"source_id": event[0], "event_no": event[1], **dict(zip(names, said, strict=True))}
            for event, said in now.items()
            if event not in desk.found
        ]
        await self.database.writes.put(connection, table, new)
        moved = [
            {
                "of_source": event[0],
                "of_no": event[1],
                **{f"new_{name}": value for name, value in zip(names, said, strict=True)},
            }
            for event, said in now.items()
            if desk.found.get(event, said) != said
        ]
        if moved:
            is_it = sa.and_(table.c.source_id == sa.bindparam("of_source"), table.c.event_no == sa.bindparam("of_no"))
            values: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
            await connection.execute(sa.update(table).where(is_it).values(**values), moved)

    async def _hand_over(self, connection: AsyncConnection, batch: Batch, receipts: Sequence[Receipt]) -> None:
        rows = [
            {"source_id": each.source_id, "body": msgspec.json.encode(each)}
            for each in receipts
            if each.source_id in batch.answered
        ]
        await self.database.writes.put(connection, RECEIPT, rows)


async def _rowcount(connection: AsyncConnection, statement: sa.Delete) -> int:
    return (await connection.execute(statement)).rowcount


def _taken(answers: Sequence[Answer], made: Mapping[Key, Receipt], refusals: Sequence[Receipt]) -> Iterator[Taken]:
    refused, seen = iter(refusals), set[Key]()
    for answer in answers:
        match answer:
            case Unusable():
                yield Taken(next(refused))
            case Receipt():
                yield Taken(answer, repeated=True)
            case key:
                yield Taken(made[key], repeated=key in seen)
                seen.add(key)


def _reused(arrival: Arrival) -> Unusable:
    problems = (reason(("messageId",), "MESSAGE_ID_REUSED"),)
    return Unusable(arrival.source, arrival.message_id, arrival.digest, arrival.body, problems)


def _refusal(unusable: Unusable, held_id: str, batch: Batch) -> Receipt:
    return Receipt(
        source_id=unusable.source,
        message_id=unusable.message_id,
        status=Fate.QUARANTINED,
        at=batch.at,
        quarantine_id=held_id,
        problems=told(unusable.problems),
    )


def _receipt(decision: Decision, held: Mapping[Key, str], batch: Batch) -> Receipt:
    arrival, record = decision.arrival, decision.record
    return Receipt(
        source_id=arrival.source,
        message_id=arrival.message_id,
        status=decision.fate,
        at=batch.at,
        event_id=None if record is None else record.id,
        version=decision.version,
        registration_number=None if record is None else record.registration_number,
        quarantine_id=held.get(arrival.key) if decision.fate is Fate.QUARANTINED else None,
        problems=told(decision.problems),
    )
