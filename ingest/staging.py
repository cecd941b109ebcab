"""Everything that was read, on disk, in an order in which events can be made: which ids come more than once, and which rows
of other journals belong to which event, is known before the first of them.

In: the rows of all journals, once. Out: events by number, rows by event key. It lies in a nameless SQLite file that the
system removes with the process (also one that is killed), so memory stays small however large the journals are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ingest.faults import Fault
from ingest.journal.line import Line
from ingest.translation.bundle import Placed

_SETTINGS = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096; PRAGMA temp_store=FILE;"
_SCHEMA = """
CREATE TABLE event (ordinal INTEGER PRIMARY KEY, key TEXT, body BLOB NOT NULL);
CREATE TABLE joined (source INTEGER NOT NULL, key TEXT NOT NULL, ordinal INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE bad (body BLOB NOT NULL);
CREATE TABLE repeated (key TEXT NOT NULL, ordinal INTEGER NOT NULL, PRIMARY KEY (key, ordinal)) WITHOUT ROWID;
"""
_AFTER_LOADING = """
CREATE INDEX event_by_key ON event (key);
CREATE INDEX joined_by_key ON joined (key, source, ordinal);
INSERT INTO repeated (key, ordinal)
    SELECT key, ordinal FROM event WHERE key IN (SELECT key FROM event GROUP BY key HAVING count(*) > 1);
"""


class Numbered(NamedTuple):
    """A row of the events' journals: its file (by its place in the import's list) and itself. Without a key it has a fault;
    `entry` is its quarantine entry when a person rewrote it.
    """

    key: str | None
    file: int
    line: Line
    fault: Fault | None = None
    entry: str | None = None


class Bad(NamedTuple):
    """A row of another journal that is bad by itself: unreadable, or without the key of its event."""

    file: int
    line: Line
    fault: Fault


class Staging:
    """The index of one import."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a private file on disk, not memory
        self._database.executescript(_SETTINGS)
        self._database.executescript(_SCHEMA)
        self._encode = msgspec.msgpack.Encoder().encode
        self._event = msgspec.msgpack.Decoder(Numbered).decode
        self._row = msgspec.msgpack.Decoder(Placed).decode
        self._has_repeats = False

    def add_events(self, rows: Iterable[tuple[int, Numbered]]) -> None:
        """Keep rows of the events' journals under their numbers."""
        encode = self._encode
        self._insert("INSERT INTO event VALUES (?, ?, ?)", ((ordinal, row.key, encode(row)) for ordinal, row in rows))

    def add_joined(self, rows: Iterable[tuple[int, str, int, Placed]]) -> None:
        """Keep rows of other journals by (join, event key, number)."""
        encode = self._encode
        self._insert("INSERT INTO joined VALUES (?, ?, ?, ?)", ((join, key, n, encode(row)) for join, key, n, row in rows))

    def add_bad(self, bad: Bad) -> None:
        """Put a bad row of another journal aside."""
        self._database.execute("INSERT INTO bad VALUES (?)", (self._encode(bad),))

    def _insert(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")

    def finish_loading(self) -> None:
        """Build the indexes; from now on look-ups answer."""
        self._database.executescript(_AFTER_LOADING)
        self._has_repeats = self._database.execute("SELECT 1 FROM repeated LIMIT 1").fetchone() is not None

    def events(self, after: int, limit: int) -> list[tuple[int, Numbered]]:
        """The next rows after number `after`, with their numbers."""
        found = self._database.execute(
            "SELECT ordinal, body FROM event WHERE ordinal > ? ORDER BY ordinal LIMIT ?", (after, limit)
        )
        decode = self._event
        return [(ordinal, decode(body)) for ordinal, body in found]

    def repeated(self, keys: Sequence[str]) -> dict[str, list[tuple[int, Numbered]]]:
        """All rows of those keys that come more than once, by number."""
        if not self._has_repeats:
            return {}
        found: dict[str, list[tuple[int, Numbered]]] = {}
        statement = (
            "SELECT repeated.key, ordinal, body FROM repeated JOIN event USING (ordinal)"  # noqa: S608  marks only
            f" WHERE repeated.key IN ({_marks(keys)}) ORDER BY repeated.key, ordinal"
        )
        for key, ordinal, body in self._database.execute(statement, keys):
            found.setdefault(key, []).append((ordinal, self._event(body)))
        return found

    def joined(self, keys: Sequence[str]) -> dict[tuple[str, int], list[Placed]]:
        """The rows of other journals by (event key, join), each list in the order of its journal."""
        found: dict[tuple[str, int], list[Placed]] = {}
        decode = self._row
        statement = f"SELECT key, source, body FROM joined WHERE key IN ({_marks(keys)}) ORDER BY key, source, ordinal"  # noqa: S608
        for key, join, body in self._database.execute(statement, keys):
            found.setdefault((key, join), []).append(decode(body))
        return found

    def bad(self) -> Iterator[Bad]:
        """The bad rows of other journals."""
        for (body,) in self._database.execute("SELECT body FROM bad ORDER BY rowid"):
            yield msgspec.msgpack.decode(body, type=Bad)

    def orphans(self) -> Iterator[tuple[int, str, Placed]]:
        """The rows of other journals that belong to no event, as (join, key, row)."""
        statement = (
            "SELECT source, key, body FROM joined WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.key = joined.key)"
            " ORDER BY source, ordinal"
        )
        for join, key, body in self._database.execute(statement):
            yield join, key, self._row(body)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()


def _marks(values: Sequence[object]) -> str:
    """One question mark for each value."""
    return ",".join("?" * len(values))
