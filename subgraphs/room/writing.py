"""Writing records: idempotent by content, a new version when the content changed, many thousand a second.

What comes in: records of one register. What goes out: an `Outcome`. In one transaction:

    for each part of the records (the last one of each id):
        hold those that are kept, so that no other writer changes them meanwhile; read their digest and version
        new      → insert the row and its side rows; whom another writer put in meanwhile is looked at again
        changed  → copy the kept version to the history, replace the row and its side rows
        same     → nothing
        whatever was written is noted in the outbox (`subgraphs.room.outbox`), and so is who may see a record changed

How rows get into the tables is the database's own (`Writes`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from changes.change import CHANGED, CREATED
from kernel.clock import Clock
from subgraphs.room import reading
from subgraphs.room.keys import micros
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Involved, Outcome, changed_fields, content, digest
from subgraphs.room.register import Projection, Register

R = TypeVar("R", bound=msgspec.Struct)

PART: Final = 2000

Row = Mapping[str, Any]


class Writes(Protocol):
    """How one database takes rows, on a connection that is in a transaction."""

    @property
    def noted(self) -> sa.Table:
        """Where changes are noted."""
        ...

    async def note_projected(self, connection: AsyncConnection, register: Register[Any], ids: Sequence[str], now: int) -> None:
        """Note that who may see these records changed; those that are no records yet are passed over."""
        ...

    async def settle(self, connection: AsyncConnection, register: Register[Any], limit: int) -> None:
        """Put the first `limit` changes that were noted in order."""
        ...

    async def hold(self, connection: AsyncConnection, register: Register[Any], ids: Collection[str], /) -> Collection[str]:
        """Keep other writers from these records until the transaction ends.

        Returns the ids that are held. What another writer puts in meanwhile is not among them, though the next statement may
        see it.
        """
        ...

    async def put(self, connection: AsyncConnection, table: sa.Table, rows: Sequence[Row], *, once: bool = False) -> None:
        """Insert rows that all have the same columns; with `once` those that are there already stay as they are."""
        ...

    async def put_new(self, connection: AsyncConnection, register: Register[Any], rows: Sequence[Row]) -> frozenset[str]:
        """Insert records; the ids of those that another writer put in meanwhile, which are left alone."""
        ...

    async def replace(self, connection: AsyncConnection, register: Register[Any], rows: Sequence[Row]) -> None:
        """Put these rows in place of those with the same ids, which are held."""
        ...

    async def hold_projection(self, connection: AsyncConnection, projection: Projection) -> None:
        """Keep others from replacing in this projection until the transaction ends."""
        ...


@dataclass(frozen=True, slots=True)
class _Written(Generic[R]):
    """A record with its canonical form."""

    record: R
    body: bytes
    digest: bytes


async def put_many(
    connection: AsyncConnection,
    writes: Writes,
    register: Register[R],
    records: Sequence[R],
    clock: Clock,
    *,
    kind: str | None = None,
) -> Outcome:
    """Write the records of one call (`RecordStore.put_many`) on a connection that is in a transaction.

    `kind` is how the outbox calls it; without it records are created or changed.
    """
    outcome = Outcome()
    pending = iter(sorted({_id(record): record for record in records}.items()))  # in one order: writers never wait crosswise
    now = micros(clock.now())
    while part := [record for _, record in islice(pending, PART)]:
        written = await _put_part(connection, writes, register, part, now)
        await _note(connection, writes, written, now, kind)
        outcome += Outcome(len(written.new), len(written.changed), len(part) - len(written.new) - len(written.changed))
        if register.projection is not None:
            involved = [item for record in part if (item := getattr(record, "involved", None)) is not None]
            await add_involved(connection, writes, register, involved, now, told=written.new | written.changed.keys())
    return outcome


@dataclass(frozen=True, slots=True)
class _Done:
    """Which records were new, and the version that each changed one has now."""

    new: frozenset[str]
    changed: Mapping[str, int]


async def _put_part(
    connection: AsyncConnection, writes: Writes, register: Register[R], records: Sequence[R], now: int
) -> _Done:
    pending = {_id(record): _written(record) for record in records}
    written: set[str] = set()
    versions: dict[str, int] = {}
    while pending:
        known = await _known(connection, writes, register, pending)
        new = {key: item for key, item in pending.items() if key not in known}
        changed = {key: item for key, item in pending.items() if key in known and known[key] != item.digest}
        missed: frozenset[str] = frozenset()
        if new:
            missed = await writes.put_new(connection, register, [_row(register, item, 1, now, "") for item in new.values()])
            await _put_sides(connection, writes, register, [item for key, item in new.items() if key not in missed])
        if changed:
            versions |= await _change(connection, writes, register, changed, now)
        written |= new.keys() - missed
        pending = {key: new[key] for key in sorted(missed)}
    return _Done(frozenset(written), versions)


async def _note(connection: AsyncConnection, writes: Writes, written: _Done, now: int, kind: str | None) -> None:
    new = [{"record": key, "version": 1, "kind": kind or CREATED, "at": now} for key in sorted(written.new)]
    changed = [
        {"record": key, "version": version, "kind": kind or CHANGED, "at": now}
        for key, version in sorted(written.changed.items())
    ]
    await writes.put(connection, writes.noted, [*new, *changed])


async def _known(connection: AsyncConnection, writes: Writes, register: Register[R], ids: Collection[str]) -> dict[str, bytes]:
    """The digests of those that are kept, which are held from now on."""
    held = await writes.hold(connection, register, ids)
    if not held:
        return {}
    table = register.table
    kept = await connection.execute(sa.select(table.c.id, table.c.digest).where(register.of_ids(held)))
    return {row.id: row.digest for row in kept}


async def _change(
    connection: AsyncConnection, writes: Writes, register: Register[R], changed: Mapping[str, _Written[R]], now: int
) -> dict[str, int]:
    table, history = register.table, register.history
    copied = ("id", "version", "changed_at", "changed_fields", "body")
    ids = list(changed)
    old = (await connection.execute(sa.select(*(table.c[name] for name in copied)).where(register.of_ids(ids)))).all()
    await writes.put(connection, history, [dict(zip(copied, row, strict=True)) for row in old])
    decode = msgspec.json.Decoder(register.record_type).decode
    before = {row.id: decode(row.body) for row in old}
    rows = [
        _row(register, item, row.version + 1, now, ",".join(changed_fields(before[row.id], item.record)))
        for row in old
        for item in (changed[row.id],)
    ]
    await writes.replace(connection, register, rows)
    for side in register.sides:
        await connection.execute(sa.delete(side.table).where(one_of(side.owner, ids)))
    await _put_sides(connection, writes, register, list(changed.values()))
    if register.outbox is not None:
        moved = {one for key, record in before.items() for one in register.outbox.targets_of(record, changed[key].record)}
        await writes.put(connection, register.outbox.table, [{"target": one} for one in sorted(moved)])
    return {row.id: row.version + 1 for row in old}


def _row(register: Register[R], item: _Written[R], version: int, now: int, fields: str) -> dict[str, Any]:
    return {
        "id": _id(item.record),
        "version": version,
        "changed_at": now,
        "changed_fields": fields,
        "digest": item.digest,
        "body": item.body,
        **register.columns_of(item.record),
    }


async def _put_sides(connection: AsyncConnection, writes: Writes, register: Register[R], items: Sequence[_Written[R]]) -> None:
    for side in register.sides:
        await writes.put(connection, side.table, [row for item in items for row in side.rows_of(item.record)])


async def add_involved(
    connection: AsyncConnection,
    writes: Writes,
    register: Register[R],
    items: Sequence[Involved],
    now: int,
    *,
    told: Collection[str] = (),
) -> None:
    """Add to the projection; pairs that are there stay once. What followers are `told` of anyway is not noted again."""
    pending = iter(items)
    while part := list(islice(pending, PART)):
        asked = [item for item in part if item.id not in told]
        there = await reading.involved_of(connection, _projection(register), [item.id for item in asked])
        await _put_pairs(connection, writes, _projection(register), part)
        await writes.note_projected(connection, register, [item.id for item in asked if _adds(item, there[item.id])], now)


async def replace_involved(
    connection: AsyncConnection, writes: Writes, register: Register[R], items: Sequence[Involved], now: int
) -> None:
    """Make the projection of these ids new."""
    projection = _projection(register)
    await writes.hold_projection(connection, projection)
    pending = iter(items)
    while part := list(islice(pending, PART)):
        ids = [item.id for item in part]
        there = await reading.involved_of(connection, projection, ids)
        for table in (projection.territories, projection.agencies):
            await connection.execute(sa.delete(table).where(one_of(table.c.id, ids)))
        await _put_pairs(connection, writes, projection, part)
        moved = [item.id for item in part if _adds(item, there[item.id]) or _adds(there[item.id], item)]
        await writes.note_projected(connection, register, moved, now)


async def _put_pairs(connection: AsyncConnection, writes: Writes, projection: Projection, items: Sequence[Involved]) -> None:
    for table, values_of in ((projection.territories, _territories), (projection.agencies, _agencies)):
        pairs = sorted({(item.id, value) for item in items for value in values_of(item)})
        await writes.put(connection, table, [{"id": key, "value": value} for key, value in pairs], once=True)


def _adds(item: Involved, there: Involved) -> bool:
    return not (set(item.territories) <= set(there.territories) and set(item.agencies) <= set(there.agencies))


def _projection(register: Register[R]) -> Projection:
    assert register.projection is not None, "only registers that project are asked for it"
    return register.projection


def _territories(item: Involved) -> Sequence[str]:
    return item.territories


def _agencies(item: Involved) -> Sequence[str]:
    return item.agencies


def _written(record: R) -> _Written[R]:
    body = content(record)
    return _Written(record, body, digest(body))


def _id(record: msgspec.Struct) -> str:
    return str(record.id)  # type: ignore[attr-defined]  # every record of a register has one
