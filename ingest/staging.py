"""What must be known before the first event is made: which ids come more than once, and which rows of other journals belong
to which event.

In: the rows of all journals, once. Out: look-ups by event key. It lies in a nameless SQLite file that the system removes with
the process (also one that is killed), so memory stays small however large the journals are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from ingest.faults import Fault
from ingest.journal.line import Line, Nested
from ingest.values.compile import Row

_SCHEMA = """
CREATE TABLE event (key TEXT NOT NULL, ordinal INTEGER NOT NULL);
CREATE TABLE joined (source INTEGER NOT NULL, key TEXT NOT NULL, ordinal INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE bad (body BLOB NOT NULL);
CREATE TABLE repeated (key TEXT NOT NULL, ordinal INTEGER NOT NULL, body BLOB, PRIMARY KEY (key, ordinal)) WITHOUT ROWID;
"""
_AFTER_LOADING = """
CREATE INDEX event_by_key ON event (key, ordinal);
CREATE INDEX joined_by_key ON joined (key, source, ordinal);
INSERT INTO repeated (key, ordinal)
    SELECT key, ordinal FROM event WHERE key IN (SELECT key FROM event GROUP BY key HAVING count(*) > 1);
"""


class Staged(NamedTuple):
    """A row that waits for its event: the file (its place in the import's list), the line, the row."""

    file: int
    line: int
    row: Row
    nested: Nested = ()


class Bad(NamedTuple):
    """A row of another journal that is bad by itself: unreadable, or without the key of its event."""

    file: int
    line: Line
    fault: Fault


class Staging:
    """The index of one import."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "": a private file on disk, not memory
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-4096; PRAGMA temp_store=FILE;"
        )
        self._database.executescript(_SCHEMA)
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Staged).decode
        self._repeats = 0

    def add_events(self, keys: Iterable[tuple[str, int]]) -> None:
        """Note events by (key, ordinal of the row)."""
        self._insert("INSERT INTO event VALUES (?, ?)", keys)

    def add_joined(self, rows: Iterable[tuple[int, str, int, Staged]]) -> None:
        """Note rows of other journals by (join, event key, ordinal)."""
        encode = self._encode
        self._insert("INSERT INTO joined VALUES (?, ?, ?, ?)", ((join, key, n, encode(row)) for join, key, n, row in rows))

    def add_bad(self, bad: Bad) -> None:
        """Put a bad row of another journal aside."""
        self._database.execute("INSERT INTO bad VALUES (?)", (self._encode(bad),))

    def bad(self) -> Iterator[Bad]:
        """The bad rows of other journals."""
        for (body,) in self._database.execute("SELECT body FROM bad ORDER BY rowid"):
            yield msgspec.msgpack.decode(body, type=Bad)

    def _insert(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        self._database.execute("BEGIN")
        self._database.executemany(statement, rows)
        self._database.execute("COMMIT")

    def finish_loading(self) -> None:
        """Build the indexes; from now on look-ups answer."""
        self._database.executescript(_AFTER_LOADING)
        self._repeats = self._database.execute("SELECT count(*) FROM repeated").fetchone()[0]

    @property
    def has_repeats(self) -> bool:
        """Whether any key came more than once."""
        return bool(self._repeats)

    def repeated_ordinals(self) -> Iterator[int]:
        """The ordinals of all rows whose key came more than once, ascending."""
        for (ordinal,) in self._database.execute("SELECT ordinal FROM repeated ORDER BY ordinal"):
            yield ordinal

    def keep_repeated(self, rows: Iterable[tuple[int, Staged]]) -> None:
        """Store the bodies of the rows (by ordinal) that bear a repeated key."""
        encode = self._encode
        self._database.execute("CREATE TEMP TABLE body (ordinal INTEGER PRIMARY KEY, body BLOB)")
        self._insert("INSERT INTO body VALUES (?, ?)", ((ordinal, encode(row)) for ordinal, row in rows))
        self._database.executescript(
            "UPDATE repeated SET body = (SELECT body.body FROM body WHERE body.ordinal = repeated.ordinal); DROP TABLE body;"
        )

    def rows_of_repeated(self, key: str) -> list[tuple[int, Staged]]:
        """All rows with this key by ordinal, in the order of the journal, when they are more than one; otherwise nothing."""
        if not self._repeats:
            return []
        found = self._database.execute("SELECT ordinal, body FROM repeated WHERE key = ? ORDER BY ordinal", (key,))
        return [(ordinal, self._decode(body)) for ordinal, body in found]

    def joined(self, keys: Sequence[str]) -> dict[tuple[str, int], list[Staged]]:
        """The rows of other journals by (event key, join), each list in the order of its journal."""
        found: dict[tuple[str, int], list[Staged]] = {}
        decode = self._decode
        marks = ",".join("?" * len(keys))
        statement = f"SELECT key, source, body FROM joined WHERE key IN ({marks}) ORDER BY key, source, ordinal"  # noqa: S608  marks only
        for key, join, body in self._database.execute(statement, keys):
            found.setdefault((key, join), []).append(decode(body))
        return found

    def orphans(self) -> Iterator[tuple[int, str, Staged]]:
        """The rows of other journals that belong to no event, as (join, key, row)."""
        statement = "SELECT source, key, body FROM joined WHERE key NOT IN (SELECT key FROM event) ORDER BY source, ordinal"
        for join, key, body in self._database.execute(statement):
            yield join, key, self._decode(body)

    def close(self) -> None:
        """Let the file go."""
        self._database.close()
