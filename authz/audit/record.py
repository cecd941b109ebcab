"""A record and the chain that it is part of.

A record's body is canonical JSON (RFC 8785): keys sorted, no spaces, UTF-8. Its hash is SHA-256(0x00 ‖ body), the leaf hash
of RFC 6962, so that Merkle trees can be laid over the same records. The body holds the hash of the writer's record before
it; the first one holds a hash made of the log's id and the writer's name, so no chain fits into another log.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from authz.audit.entry import AuditEntry
from authz.audit.errors import AuditUnavailable

VERSION = 1


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one writer's chain: the number of its last record and that record's hash (hex)."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry on its way into the log: encoded, named and dated, but not yet in a chain."""

    id: str
    at: str
    entry: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """A record as it is stored."""

    seq: int
    id: str
    body: bytes
    hash: str


class _Body(msgspec.Struct, frozen=True, gc=False):
    """Fields in the order of their names, which is the canonical order."""

    at: str
    entry: msgspec.Raw
    id: str
    prev: str
    seq: int
    v: int
    writer: str


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A record as it is read: `at` is when it was made (UTC), `prev` the hash of the writer's record before it."""

    at: datetime
    entry: AuditEntry
    id: str
    prev: str
    seq: int
    v: int
    writer: str


_ENTRY = msgspec.json.Encoder(order="sorted")
_BODY = msgspec.json.Encoder()
_RECORD = msgspec.json.Decoder(AuditRecord)


def draft(entry: AuditEntry, record_id: str, at: datetime) -> Draft:
    """The entry, encoded. Raises AuditUnavailable when it holds what JSON cannot carry (a lone surrogate)."""
    try:
        encoded = _ENTRY.encode(entry)
    except (TypeError, ValueError) as error:
        raise AuditUnavailable(f"This entry cannot be written as JSON ({error}): nothing was recorded.") from error
    return Draft(record_id, at.isoformat(timespec="microseconds").replace("+00:00", "Z"), encoded)


def seal(drafts: Iterable[Draft], writer: str, head: Head) -> tuple[list[Sealed], Head]:
    """The drafts as the next records of `writer`, after `head`, and the new head."""
    sealed = []
    seq, prev = head.seq, head.hash
    for item in drafts:
        seq += 1
        body = _BODY.encode(_Body(item.at, msgspec.Raw(item.entry), item.id, prev, seq, VERSION, writer))
        prev = hash_of(body)
        sealed.append(Sealed(seq, item.id, body, prev))
    return sealed, Head(seq, prev)


def hash_of(body: bytes) -> str:
    """The record's hash: 64 hexadecimal digits."""
    return sha256(b"\x00" + body).hexdigest()


def genesis(log_id: str, writer: str) -> Head:
    """The head of a chain that has no record yet."""
    return Head(0, sha256(f"saite-audit/{VERSION}\x00{log_id}\x00{writer}".encode()).hexdigest())


def read_record(body: bytes) -> AuditRecord:
    """The record in `body`. Raises msgspec.DecodeError when it is not one."""
    return _RECORD.decode(body)
