"""All rows that one event is made of.

In: rows from journals. Out: `Bundle`, which the quarantine can store as it is.
"""

from __future__ import annotations

from typing import NamedTuple

from ingest.journal.line import Nested
from ingest.values.reader import Row


class Placed(NamedTuple):
    """A row and where it stands; `entry` is its quarantine entry when a person corrected it."""

    file: str
    line: int
    row: Row
    nested: Nested = ()
    entry: str | None = None


class Bundle(NamedTuple):
    """`main` are the event's own rows (several when its id came more than once), `joined[i]` the rows of join `i`."""

    key: str
    main: tuple[Placed, ...]
    joined: tuple[tuple[Placed, ...], ...] = ()

    def entries(self) -> list[str]:
        """The quarantine entries of those of its rows that a person corrected."""
        return [row.entry for rows in (self.main, *self.joined) for row in rows if row.entry is not None]
