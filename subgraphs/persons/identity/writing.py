"""Identifying, merging and splitting in a SQL database: key, record, mark for the audit and outbox in one transaction.

What comes in: what was asked. What goes out: `IdentityDone`. Raises Refused, and then nothing of it stays.

    identify   wait for others who name the same; the only one who surely is meant; nobody → a new unverified record
    merge      hold both; both visible, standing for themselves, at the expected versions? → `merged_into` of the one; who may
               see it may see the survivor at once
    split      hold it; visible, merged, at the expected version? → `merged_into` is cleared: it is as it was

The projections follow as for every change that moves them (`subgraphs.room.projecting`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.clock import Clock
from subgraphs.persons.enumerations import MatchBasis, Verification
from subgraphs.persons.identity import reading as identity
from subgraphs.persons.identity.matching import Candidate, Named, current_code, taken
from subgraphs.persons.identity.refusal import problem
from subgraphs.persons.identity.store import IdentityDone, IdentityEntry, Merging, Splitting
from subgraphs.persons.identity.tables import CHANGE, KEY
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.tables import PROJECTION, REGISTER
from subgraphs.room import reading
from subgraphs.room.asked import Asked
from subgraphs.room.database import Database
from subgraphs.room.keys import instant, micros
from subgraphs.room.records import Involved, Kept
from subgraphs.room.refusal import Refused
from subgraphs.room.where import Rows
from subgraphs.room.writing import add_involved, put_many

CONSIDERED: Final = 20
"""How many candidates an identification looks at: of more than one who surely fits, none is taken."""

KINDS: Final = {"identifyPerson": "identified", "mergePersons": "merged", "splitPerson": "split"}
"""What the outbox calls what each mutation does (`changes.change`)."""


class SqlIdentity:
    """See `IdentityStore`. Mixed into the SQL store of persons."""

    database: Database
    _clock: Clock

    async def surviving(self, ids: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """See `IdentityStore.surviving`."""
        async with self.database.reading() as connection:
            return await identity.surviving(connection, ids, rows)

    async def merged_with(self, ids: Sequence[str], rows: Rows) -> dict[str, tuple[Kept[PersonRecord], ...]]:
        """See `IdentityStore.merged_with`."""
        async with self.database.reading() as connection:
            found = await identity.clusters(connection, ids)
            others = sorted({one for members in found.values() for one in members})
            visible = await reading.by_ids(connection, REGISTER, others, rows)
        return {
            asked: tuple(visible[one] for one in sorted(members) if one != asked and one in visible)
            for asked, members in found.items()
        }

    async def candidates(self, named: Named, rows: Rows, limit: int) -> list[Candidate]:
        """See `IdentityStore.candidates`."""
        async with self.database.reading() as connection:
            return await identity.candidates(connection, named, rows, limit)

    async def by_names(self, named: Sequence[Named], rows: Rows) -> dict[Named, Kept[PersonRecord]]:
        """See `IdentityStore.by_names`."""
        async with self.database.reading() as connection:
            return await identity.by_names(connection, named, rows)

    async def identify(self, asked: Asked, named: Named, new: PersonRecord, rows: Rows) -> IdentityDone:
        """See `IdentityStore.identify`."""

        async def work(connection: AsyncConnection) -> IdentityDone:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            await self._alone(connection, asked, named)
            found = taken(await identity.candidates(connection, named, rows, CONSIDERED))
            if found is not None:
                done = IdentityDone(found.person.record.id, found.person.version, found.basis)
            else:
                await self._put(connection, asked, new)
                done = IdentityDone(new.id, 1)
                await self._mark(connection, asked, done, None)
            return await self._remember(connection, asked, done)

        return await self.database.transact(work)

    async def merge(self, asked: Asked, merging: Merging) -> IdentityDone:
        """See `IdentityStore.merge`."""

        async def work(connection: AsyncConnection) -> IdentityDone:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            into, source = await self._both(connection, merging)
            _may_be_one(into.record, source.record)
            await self._put(connection, asked, replace(source.record, merged_into=merging.into))
            await self._open_at_once(connection, merging)
            done = IdentityDone(merging.into, into.version)
            await self._mark(connection, asked, IdentityDone(merging.source, source.version + 1), merging.into)
            return await self._remember(connection, asked, done)

        return await self.database.transact(work)

    async def split(self, asked: Asked, splitting: Splitting) -> IdentityDone:
        """See `IdentityStore.split`."""

        async def work(connection: AsyncConnection) -> IdentityDone:
            earlier = await self._claim(connection, asked)
            if earlier is not None:
                return earlier
            held = await self._held(connection, [splitting.person], splitting.rows)
            person = _seen(held, splitting.person, "person", splitting.version, "expectedVersion")
            into = person.record.merged_into
            if into is None:
                raise Refused(problem("person", "NOT_MERGED"))
            await self._put(connection, asked, replace(person.record, merged_into=None))
            done = IdentityDone(splitting.person, person.version + 1)
            await self._mark(connection, asked, done, into)
            return await self._remember(connection, asked, done)

        return await self.database.transact(work)

    async def identity_changes(self, person_id: str, rows: Rows) -> tuple[IdentityEntry, ...]:
        """See `IdentityStore.identity_changes`."""
        of_person = sa.or_(CHANGE.c.person_id == person_id, CHANGE.c.other_id == person_id)
        async with self.database.reading() as connection:
            if person_id not in await reading.by_ids(connection, REGISTER, [person_id], rows):
                return ()
            found = (await connection.execute(sa.select(CHANGE).where(of_person).order_by(CHANGE.c.number))).all()
            ends = {end for row in found for end in (row.person_id, row.other_id) if end not in (None, person_id)}
            visible = await reading.by_ids(connection, REGISTER, sorted(ends), rows)
        entries = []
        for row in found:
            other = row.other_id if row.person_id == person_id else row.person_id
            if other is not None and other not in visible:
                continue
            said = (row.agency, row.official, row.purpose, row.case_reference, row.reason)
            entries.append(IdentityEntry(instant(row.at), row.operation, visible.get(other) if other else None, *said))
        return tuple(entries)

    async def linked(self, ids: Sequence[str]) -> dict[str, frozenset[str]]:
        """See `ProjectingStore.linked`: what one record of a person is involved in concerns the others, too."""
        async with self.database.reading() as connection:
            found = await identity.clusters(connection, ids)
        return {asked: members - {asked} for asked, members in found.items()}

    async def _both(self, connection: AsyncConnection, merging: Merging) -> tuple[Kept[PersonRecord], Kept[PersonRecord]]:
        if merging.into == merging.source:
            raise Refused(problem("from", "SAME_PERSON"))
        held = await self._held(connection, [merging.into, merging.source], merging.rows)
        into = _seen(held, merging.into, "into", merging.into_version, "expectedIntoVersion")
        source = _seen(held, merging.source, "from", merging.source_version, "expectedFromVersion")
        for person, path in ((into, "into"), (source, "from")):
            if person.record.merged_into is not None:
                raise Refused(problem(path, "MERGED_ALREADY"))
        return into, source

    async def _held(self, connection: AsyncConnection, ids: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        held = await self.database.writes.hold(connection, REGISTER, ids)
        return await reading.by_ids(connection, REGISTER, list(held), rows)

    async def _open_at_once(self, connection: AsyncConnection, merging: Merging) -> None:
        """Whoever has to do with the one has to do with the survivor: following computes the same, a moment later."""
        found = (await reading.involved_of(connection, PROJECTION, [merging.source]))[merging.source]
        item = Involved(merging.into, found.territories, found.agencies)
        await add_involved(connection, self.database.writes, REGISTER, [item], micros(self._clock.now()))

    async def _put(self, connection: AsyncConnection, asked: Asked, record: PersonRecord) -> None:
        kind = KINDS[asked.operation]
        await put_many(connection, self.database.writes, REGISTER, [record], self._clock, kind=kind)

    async def _claim(self, connection: AsyncConnection, asked: Asked) -> IdentityDone | None:
        row = {"agency": asked.actor.agency, "key": asked.key, "request": asked.request, "at": micros(asked.at)}
        # Insert first: whoever comes second waits here for the first one's end, and then reads what came of it.
        await self.database.writes.put(connection, KEY, [row], once=True)
        there = (await connection.execute(sa.select(KEY).where(*_is(asked)))).one()
        if there.request != asked.request:
            raise Refused(problem("idempotencyKey", "IDEMPOTENCY_KEY_REUSED"))
        if there.person_id is None:
            return None
        return IdentityDone(there.person_id, there.version, None if there.basis is None else MatchBasis[there.basis])

    async def _alone(self, connection: AsyncConnection, asked: Asked, named: Named) -> None:
        """Of several who name the same unknown person at once one makes the record, and the others wait and find it."""
        said = msgspec.json.encode([named.code or (named.family_name, named.given_names, named.birth_date)])
        row = {"agency": "", "key": hashlib.sha256(said).hexdigest(), "request": b"", "at": micros(asked.at)}
        await self.database.writes.put(connection, KEY, [row], once=True)

    async def _remember(self, connection: AsyncConnection, asked: Asked, done: IdentityDone) -> IdentityDone:
        basis = None if done.basis is None else done.basis.value
        values = {"person_id": done.person_id, "version": done.version, "basis": basis}
        await connection.execute(sa.update(KEY).where(*_is(asked)).values(**values))
        return done

    async def _mark(self, connection: AsyncConnection, asked: Asked, done: IdentityDone, other: str | None) -> None:
        actor = asked.actor
        mark = {
            "person_id": done.person_id,
            "other_id": other,
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
        }
        await self.database.writes.put(connection, CHANGE, [mark])


def _is(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return KEY.c.agency == asked.actor.agency, KEY.c.key == asked.key


def _seen(
    held: dict[str, Kept[PersonRecord]], person_id: str, path: str, version: int, version_path: str
) -> Kept[PersonRecord]:
    found = held.get(person_id)
    if found is None:
        raise Refused(problem(path, "PERSON_NOT_FOUND"))
    if found.version != version:
        raise Refused(problem(version_path, "CONFLICT", current_version=found.version))
    return found


def _may_be_one(into: PersonRecord, source: PersonRecord) -> None:
    """The register of natural persons knows each person once: two that it verified are two, and the verified one survives."""
    if source.verification is not Verification.VERIFIED_FPR:
        return
    if into.verification is not Verification.VERIFIED_FPR:
        raise Refused(problem("from", "VERIFIED_SURVIVES"))
    if current_code(into) != current_code(source):
        raise Refused(problem("from", "TWO_VERIFIED"))
