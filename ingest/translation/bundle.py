"""All rows that one event is made of.

In: rows from journals. Out: `Bundle`, which the quarantine can store as it is.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from ingest.journal.line import Nested
from ingest.values.reader import Row


class Placed(NamedTuple):
    """A row and where it stands."""

    file: str
    line: int
    row: Row
    nested: Nested = ()


class Bundle(NamedTuple):
    """`main` are the event's own rows (several when its id came more than once), `joined[i]` the rows of join `i`."""

    key: str
    main: tuple[Placed, ...]
    joined: tuple[tuple[Placed, ...], ...] = ()


_ENCODER = msgspec.json.Encoder()


def digest_of_bundle(bundle: Bundle) -> str:
    """What the rows say, wherever they stand: the same rows in another file or line have the same digest."""
    content = ([(row.row, row.nested) for row in bundle.main], [[row.row for row in rows] for rows in bundle.joined])
    return hashlib.sha256(_ENCODER.encode(content)).hexdigest()
