"""Is the log whole? Recomputes every chain and tree from the records alone, and compares them with signed heads and with
heads that were remembered elsewhere.

A chain shows what was edited, deleted or reordered. That it was written anew shows against the signed heads, that its newest
records were cut off or the whole log was replaced only against a remembered head: keep the heads of each day where the log's
keeper cannot write.

    for each chain: expect ← genesis(log id, writer); tree ← empty
      for each record in order of seq:
        the number is the next one, else records are missing or stand in the wrong place
        hash(body) = the stored hash, and number, id and writer in the body = those of the row, else the record was edited
        the `prev` in the body = expect, else the record before it, or this one, was exchanged
        expect ← hash(body); tree grows by hash(body)
        a signed head of this size has this tree's root and a good signature, else the chain was written anew
      each remembered head is the hash at its number, else the chain was rewritten or cut off
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import msgspec

from authz.audit.heads import LogHeads
from authz.audit.merkle import Frontier
from authz.audit.reader import reading
from authz.audit.record import Head, genesis, hash_of
from authz.audit.store import Location, LogReader, ReadFailed, Row
from authz.audit.tree_heads import HeadKeys, SignedHead


@dataclass(frozen=True, slots=True)
class Broken:
    """The first record of a chain that is not as it was written, or is missing. `record_id` is None for a missing one."""

    writer: str
    seq: int
    record_id: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Verification:
    """`heads` are the ends of the chains found: remember them. `broken` has at most one entry for each chain.

    `signed` counts the signed heads that were checked, `unsigned` by chain the records behind its newest one.
    """

    records: int
    heads: LogHeads
    broken: tuple[Broken, ...]
    signed: int = 0
    unsigned: Mapping[str, int] = field(default_factory=dict)

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


@dataclass(slots=True)
class _Chain:
    """A chain while it is walked. `heads` are its signed heads by size, those that were remembered included."""

    writer: str
    head: Head
    remembered: Head | None
    heads: dict[int, list[SignedHead]]
    keys: HeadKeys | None
    tree: Frontier = field(default_factory=Frontier)
    last_id: str | None = None
    newest: SignedHead | None = None
    checked: int = 0


def verify(location: Location, remembered: LogHeads | None = None, keys: HeadKeys | None = None) -> Verification:
    """Walk every chain of the log, in constant memory. Without `keys` signatures are not checked, roots are.

    Raises UnreadableLog when it cannot be opened.
    """
    with reading(location) as reader:
        known: Mapping[str, Head] = {} if remembered is None else remembered.heads
        if remembered is not None and remembered.log_id != reader.log_id:
            return Verification(0, LogHeads(reader.log_id, {}), _replaced(known))
        broken: list[Broken] = []
        chains: list[_Chain] = []
        records = 0
        for writer in sorted({*reader.writers(), *known}):
            chain = _Chain(writer, genesis(reader.log_id, writer), known.get(writer), {}, keys)
            fault, read = _checked(chain, reader, remembered)
            records += read
            chains.append(chain)
            if fault is not None:
                broken.append(fault)
        newest = tuple(chain.newest for chain in chains if chain.newest is not None)
        heads = LogHeads(reader.log_id, {chain.writer: chain.head for chain in chains}, newest)
    unsigned = {chain.writer: chain.head.seq - (chain.newest.size if chain.newest else 0) for chain in chains}
    return Verification(records, heads, tuple(broken), sum(chain.checked for chain in chains), unsigned)


def _replaced(known: Mapping[str, Head]) -> tuple[Broken, ...]:
    reason = "this is another log than the one whose heads were remembered"
    return tuple(Broken(writer, 1, None, reason) for writer in sorted(known)) or (Broken("-", 1, None, reason),)


def _checked(chain: _Chain, reader: LogReader, remembered: LogHeads | None) -> tuple[Broken | None, int]:
    """The first broken record of the chain, and how many records were read; `chain.head` ends where the chain is whole."""
    kept = remembered.signed_of(chain.writer) if remembered is not None else None
    try:
        for head in (*reader.signed_heads(chain.writer), *((kept,) if kept is not None else ())):
            chain.heads.setdefault(head.size, []).append(head)
    except ReadFailed as error:
        return Broken(chain.writer, 1, None, f"its signed heads are damaged ({error})"), 0
    read = 0
    rows = reader.rows(chain.writer)
    try:
        for row in rows:
            read += 1
            fault = _fault(chain, row, rows) or _head_fault(chain, row, reader.log_id)
            if fault is not None:
                return fault, read
            chain.head, chain.last_id = Head(row.seq, row.hash), row.id
    except ReadFailed as error:
        return Broken(chain.writer, chain.head.seq + 1, None, f"the file is damaged from here on ({error})"), read
    return _cut_off(chain), read


def _fault(chain: _Chain, row: Row, following: Iterator[Row]) -> Broken | None:
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


def _head_fault(chain: _Chain, row: Row, log_id: str) -> Broken | None:
    """What the signed heads that end at this record say against it."""
    chain.tree.add(bytes.fromhex(row.hash))
    for head in chain.heads.pop(row.seq, ()):
        if chain.keys is not None and not chain.keys.vouch_for(head):
            return Broken(chain.writer, row.seq, row.id, "has a tree head that the log's key did not sign: it is forged")
        if (head.log_id, head.writer) != (log_id, chain.writer):
            return Broken(chain.writer, row.seq, row.id, "has a tree head of another chain")
        if head.root != chain.tree.root().hex() or head.last != row.hash:
            first = chain.newest.size + 1 if chain.newest is not None else 1
            reason = f"is not what its tree head was signed over: records {first} to {row.seq} were written anew"
            return Broken(chain.writer, row.seq, row.id, reason)
        chain.newest = head
        chain.checked += 1
    return None


def _exchanged(chain: _Chain, row: Row, following: Row | None) -> Broken:
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
    promised = max((*chain.heads, chain.remembered.seq if chain.remembered is not None else 0), default=0)
    if promised <= chain.head.seq:
        return None
    source = "signed" if promised in chain.heads else "remembered"
    reason = f"is missing: the chain ends before it, but record {promised} was {source}"
    return Broken(chain.writer, chain.head.seq + 1, None, reason)


def _link(body: bytes) -> _Link | None:
    try:
        return msgspec.json.decode(body, type=_Link)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
