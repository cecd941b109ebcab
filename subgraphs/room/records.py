"""What stores, seeds and imports exchange, whatever the register.

What comes in: records (frozen structs of each room's `model.py`). What goes out: `Outcome` of a write, `Kept` records with
their version, `Slice` of a list, `Involved` for the projection of events onto persons, vehicles and documents.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

R = TypeVar("R")
K = TypeVar("K")


class Source(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Where a record came from: the system (`ENZ`, `BCN-2018`, …) and the id that it has there."""

    system: str
    id: str


class Involved(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The events that a person, vehicle or document is involved in, as far as row rules need them.

    `territories` are ATVK codes of municipalities, `agencies` the owners of the events. A room sees only its own store, so
    it keeps this projection up to date from the events' side; rebuilding it is one command.
    """

    id: str
    territories: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write did: how many records were new, changed (a new version was made) or the same as before."""

    new: int = 0
    changed: int = 0
    same: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.new + other.new, self.changed + other.changed, self.same + other.same)


class Wrapper:
    """Something that says more about a `record`; the graph reads plain fields off the record."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Kept(Wrapper, Generic[R]):
    """A record as the store keeps it: its version (from 1) and when that version was written."""

    record: R
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Placed(Generic[K]):
    """An item of a list with the position (sort values and, last, the id) that its cursor holds."""

    item: K
    position: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Slice(Generic[K]):
    """A page out of a list, in the list's own order whichever way it was paged.

    `has_previous` and `has_next` say whether visible items lie before and after it, as far as the direction of paging tells
    (Relay).
    """

    items: tuple[Placed[K], ...]
    has_previous: bool
    has_next: bool


_ENCODER = msgspec.json.Encoder(order="deterministic")


def encoded(record: msgspec.Struct) -> bytes:
    """The record as canonical JSON: equal records give equal bytes."""
    return _ENCODER.encode(record)


def content(record: msgspec.Struct) -> bytes:
    """The record's own content as canonical JSON: without the projection, which must not make a version."""
    is_projected = getattr(record, "involved", None) is not None
    return encoded(msgspec.structs.replace(record, involved=None) if is_projected else record)


def changed_fields(before: msgspec.Struct, after: msgspec.Struct) -> list[str]:
    """The names of the fields in which the two differ; the projection is none of the record's own."""
    names = after.__struct_fields__
    return [name for name in names if name != "involved" and getattr(before, name) != getattr(after, name)]


def digest(body: bytes) -> bytes:
    """Sixteen bytes that tell whether a record's content changed."""
    return hashlib.blake2b(body, digest_size=16).digest()
