"""The ledger's file: opened, made, locked.

In: the data folder. Out: `Ledger`: one connection, one transaction at a time. Every commit is on disk when it returns.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ingest.errors import ImportRunning
from ingest.ledger.quarantine import Quarantine
from ingest.ledger.runs import Runs
from kernel.clock import Clock, SystemClock

FILE: Final = "ingest.sqlite3"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mapping (digest TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (
    id TEXT PRIMARY KEY, journals TEXT NOT NULL UNIQUE, mapping TEXT NOT NULL, files TEXT NOT NULL, started_at TEXT NOT NULL,
    ended_at TEXT, position INTEGER NOT NULL DEFAULT 0, last_event TEXT, counts TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quarantine (
    id TEXT PRIMARY KEY, system TEXT NOT NULL, mapping TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
    digest TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL, faults TEXT NOT NULL, corrections TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, UNIQUE (system, digest)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS quarantine_by_state ON quarantine (state, first_seen, id);
CREATE INDEX IF NOT EXISTS quarantine_by_key ON quarantine (system, key);
"""


class Ledger:
    """Runs and quarantine of one data folder."""

    def __init__(self, database: sqlite3.Connection, lock: Path, clock: Clock) -> None:
        self._database = database
        self._lock = lock
        self.folder = lock.parent
        self.clock = clock
        self.runs = Runs(database, clock)
        self.quarantine = Quarantine(database, clock)

    @classmethod
    def open(cls, folder: Path, clock: Clock | None = None) -> Ledger:
        """The ledger in `folder`, made when absent, readable by its owner only: it holds rows of registers."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / FILE
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(path, isolation_level=None, timeout=10)
        database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;")
        database.executescript(_SCHEMA)
        return cls(database, folder / "ingest.lock", clock or SystemClock())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Only one process imports into a folder at a time; the system frees the lock of one that was killed. Raises
        ImportRunning.
        """
        handle = os.open(self._lock, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ImportRunning(
                    f"Another import into {self._lock.parent} is running: wait for its end, then start this one again; "
                    "nothing is lost."
                ) from None
            yield
        finally:
            os.close(handle)

    def keep_mapping(self, digest: str, name: str, text: str) -> None:
        """Keep a mapping's text, so that what it refused can be replayed without its file."""
        self._database.execute("INSERT OR IGNORE INTO mapping VALUES (?, ?, ?)", (digest, name, text))

    def mapping_text(self, digest: str) -> tuple[str, str] | None:
        """(name, text) of a mapping that was used here."""
        found = self._database.execute("SELECT name, text FROM mapping WHERE digest = ?", (digest,)).fetchone()
        return None if found is None else (found[0], found[1])

    def close(self) -> None:
        """Let the file go."""
        self._database.close()
