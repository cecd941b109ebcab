"""What the index holds of one thing.

What comes in: what a room says of a record. What goes out: `SearchDocument`; its content's digest, by which index and register
are held against each other.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

RowValue = str | int | float | bool | None | tuple[str, ...]

DIGEST_BYTES: Final = 8
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class SearchDocument(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """`values` are the texts of each searched field (`Type.field`), as registered; `facets` the values of each facet.

    `version` is the position in the room's changes up to which the register had been told when this was read: what has a
    smaller one never replaces this. `at` is seconds since 1970; `rows` has the attributes of row rules.
    """

    type: str
    id: str
    version: int
    values: dict[str, tuple[str, ...]] = {}
    facets: dict[str, tuple[str, ...]] = {}
    at: int | None = None
    lat: float | None = None
    lon: float | None = None
    rows: dict[str, RowValue] = {}


def body_of(document: SearchDocument) -> bytes:
    """The document as canonical JSON, without its version: equal content gives equal bytes."""
    return _ENCODER.encode(msgspec.structs.replace(document, version=0))


def digest_of(body: bytes) -> str:
    """What tells whether the content differs, as hexadecimal digits."""
    return hashlib.blake2b(body, digest_size=DIGEST_BYTES).hexdigest()


def values(*texts: str | None) -> tuple[str, ...]:
    """The texts that there are, each once."""
    return tuple(dict.fromkeys(text for text in texts if text))
