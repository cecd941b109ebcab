"""Is the log whole? Recomputes every chain from the file alone, and compares it with heads that were remembered elsewhere.

A chain shows what was edited, deleted or reordered. That its newest records were cut off, or that the whole file was
replaced, shows only against a remembered head: keep the heads of each day where the log's keeper cannot write.

    for each chain: expect ← genesis(log id, writer)
      for each record in order of seq:
        the number is the next one, else records are missing or stand in the wrong place
        hash(body) = the stored hash, and number, id and writer in the body = those of the row, else the record was edited
        the `prev` in the body = expect, else the record before it, or this one, was exchanged
        expect ← hash(body)
      each remembered head is the hash at its number, else the chain was rewritten or cut off
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from authz.audit.heads import LogHeads
from authz.audit.reader import reading
from authz.audit.record import Head, genesis, hash_of


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record of a chain that is not as it was written, or is missing. `record_id` is None for a missing one."""

    writer: str
    seq: int
    record_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`heads` are the ends of the chains found: remember them. `broken` has at most one entry for each chain."""

    records: int
    heads: LogHeads
    broken: tuple[Broken, ...]

    @property
    def ok(self) -> bool:
        return not self.broken

    @property
    def first_bad(self) -> int | None:
        """The number of the first broken record, in its writer's chain."""
        return self.broken[0].seq if self.broken else None

    @property
    def reason(self) -> str | None:
        """One sentence that names the first broken record and what is wrong with it."""
        if not self.broken:
            return None
        first = self.broken[0]
        return f"{first.writer} record {first.seq}: {first.reason}"


class _Link(msgspec.Struct):
    """What a body says about its place."""

    id: str
    prev: str
    seq: int
    writer: str


@dataclass(frozen=True, slots=True)
class _Row:
    seq: int
    id: str
    body: bytes
    hash: str


@dataclass(slots=True)
class _Chain:
    """A chain while it is walked."""

    writer: str
    head: Head
    remembered: Head | None
    last_id: str | None = None


def verify(path: Path, remembered: LogHeads | None = None) -> Verification:
    """Walk every chain of the log in `path`, in constant memory. Raises UnreadableLog when it cannot be opened."""
    with reading(path) as connection:
        connection.execute("BEGIN")  # one snapshot, however many records are added meanwhile
        log_id: str = connection.execute("SELECT id FROM log").fetchone()[0]
        known: Mapping[str, Head] = {} if remembered is None else remembered.heads
        if remembered is not None and remembered.log_id != log_id:
            return Verification(0, LogHeads(log_id, {}), _replaced(known))
        found = [str(row[0]) for row in connection.execute("SELECT DISTINCT writer FROM record")]
        heads: dict[str, Head] = {}
        broken: list[Broken] = []
        records = 0
        for writer in sorted({*found, *known}):
            chain = _Chain(writer, genesis(log_id, writer), known.get(writer))
            fault, read = _walk(chain, connection)
            records += read
            if fault is not None:
                broken.append(fault)
            heads[writer] = chain.head
    return Verification(records, LogHeads(log_id, heads), tuple(broken))


def _replaced(known: Mapping[str, Head]) -> tuple[Broken, ...]:
    reason = "this is another log than the one whose heads were remembered"
    return tuple(Broken(writer, 1, None, reason) for writer in sorted(known)) or (Broken("-", 1, None, reason),)


def _walk(chain: _Chain, connection: sqlite3.Connection) -> tuple[Broken | None, int]:
    """The first broken record of the chain, and how many records were read; `chain.head` ends where the chain is whole."""
    read = 0
    rows = _rows(connection, chain.writer)
    try:
        for row in rows:
            read += 1
            fault = _fault(chain, row, rows)
            if fault is not None:
                return fault, read
            chain.head, chain.last_id = Head(row.seq, row.hash), row.id
    except sqlite3.Error as error:
        return Broken(chain.writer, chain.head.seq + 1, None, f"the file is damaged from here on ({error})"), read
    return _cut_off(chain), read


def _rows(connection: sqlite3.Connection, writer: str) -> Iterator[_Row]:
    found = connection.execute("SELECT seq, id, CAST(body AS BLOB), hash FROM record WHERE writer = ? ORDER BY seq", (writer,))
    return (_Row(*row) for row in found)


def _fault(chain: _Chain, row: _Row, following: Iterator[_Row]) -> Broken | None:
    expected = chain.head.seq + 1
    if row.seq != expected:
        return Broken(chain.writer, expected, None, f"is missing: the next one found is record {row.seq}")
    if hash_of(row.body) != row.hash:
        return Broken(chain.writer, row.seq, row.id, "was edited: its content is not what its hash was made of")
    link = _link(row.body)
    if link is None or (link.writer, link.seq, link.id) != (chain.writer, row.seq, row.id):
        return Broken(chain.writer, row.seq, row.id, "was moved or edited: its content names another place in the log")
    if link.prev != chain.head.hash:
        return _exchanged(chain, row, next(following, None))
    if chain.remembered is not None and chain.remembered.seq == row.seq and chain.remembered.hash != row.hash:
        reason = "is not the one that was remembered: the chain was written anew, here or before"
        return Broken(chain.writer, row.seq, row.id, reason)
    return None


def _exchanged(chain: _Chain, row: _Row, following: _Row | None) -> Broken:
    """Two neighbours do not fit: the one that its other neighbour vouches for is the one that was left alone."""
    after = None if following is None else _link(following.body)
    is_vouched_for = after is None or after.prev == row.hash
    if chain.head.seq == 0:
        return Broken(chain.writer, row.seq, row.id, "does not begin this chain: it was edited or comes from another log")
    if is_vouched_for:
        reason = f"was exchanged: record {row.seq} was chained to another one"
        return Broken(chain.writer, chain.head.seq, chain.last_id, reason)
    return Broken(chain.writer, row.seq, row.id, "was exchanged: it is chained to neither of its neighbours")


def _cut_off(chain: _Chain) -> Broken | None:
    if chain.remembered is None or chain.remembered.seq <= chain.head.seq:
        return None
    reason = f"is missing: the chain ends before it, but record {chain.remembered.seq} was remembered"
    return Broken(chain.writer, chain.head.seq + 1, None, reason)


def _link(body: bytes) -> _Link | None:
    try:
        return msgspec.json.decode(body, type=_Link)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
