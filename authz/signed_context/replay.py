"""Which contexts were used already: remembered as long as they could be used again, and no longer.

`ReplayCache` serves one process; `SharedReplay` all processes of one room on one machine; `PostgresqlReplay`
(`replay_postgresql.py`) those of all machines.
"""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import ClassVar, Final, Protocol

from authz.signed_context.errors import ReplayUnusable

MAX_REMEMBERED: Final = 200_000
SWEEP: Final = 5.0
"""Seconds between two removals of what is too old."""


class Replay(Protocol):
    """Remembers the ids of contexts. One that `waits` asks another machine: it is not to be asked on an event loop."""

    waits: ClassVar[bool]

    def is_first_use(self, token_id: str, at: float) -> bool:
        """Whether `token_id` is seen for the first time at `at` (Unix seconds); it is remembered then.

        Raises ReplayUnusable when it cannot be told.
        """
        ...


class ReplayCache:
    """Remembers ids for at least `keep` seconds in two generations, so that forgetting is one assignment.

    When more than `limit` ids would have to be kept, new ones are refused: forgetting an old one would let it be replayed.
    """

    waits: ClassVar[bool] = False

    def __init__(self, keep: float, limit: int = MAX_REMEMBERED) -> None:
        self._keep = keep
        self._limit = limit
        self._young: set[str] = set()
        self._old: set[str] = set()
        self._turn_at = 0.0

    def is_first_use(self, token_id: str, at: float) -> bool:
        """See Replay."""
        if at >= self._turn_at:
            # After a gap of two generations nothing that is remembered can still be valid.
            self._old = self._young if at < self._turn_at + self._keep else set()
            self._young = set()
            self._turn_at = at + self._keep
        if token_id in self._young or token_id in self._old or len(self) >= self._limit:
            return False
        self._young.add(token_id)
        return True

    def __len__(self) -> int:
        return len(self._young) + len(self._old)


class SharedReplay:
    """The same over processes: a table in an SQLite file, in which an id can be inserted once.

    Which process inserts decides, whatever the others do meanwhile. Nothing is flushed to disk: a machine that lost its power
    has lost the connections, too. A file that is damaged is made anew. Full, or locked for too long: nobody is let in.
    """

    waits: ClassVar[bool] = False

    def __init__(self, path: Path, keep: float, limit: int = MAX_REMEMBERED) -> None:
        self._keep = keep
        self._limit = limit
        self._path = path
        self._swept_at = float("-inf")
        self._is_full = False
        self._database = self._opened()

    def is_first_use(self, token_id: str, at: float) -> bool:
        """See Replay."""
        try:
            if not self._swept_at <= at < self._swept_at + SWEEP:
                self._sweep(at)
            if self._is_full:
                return False
            inserted = self._database.execute("INSERT OR IGNORE INTO used VALUES (?, ?)", (token_id, at)).rowcount
        except sqlite3.Error as error:
            raise ReplayUnusable(f"It cannot be told which contexts were used: {self._path} ({error}).") from error
        return inserted == 1

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def __len__(self) -> int:
        return int(self._database.execute("SELECT count(*) FROM used").fetchone()[0])

    def _sweep(self, at: float) -> None:
        self._database.execute("DELETE FROM used WHERE at < ?", (at - self._keep,))
        self._is_full = len(self) >= self._limit
        self._swept_at = at

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connected()
        except sqlite3.OperationalError as error:
            raise ReplayUnusable(f"{self._path} cannot be opened ({error}): name a folder that you own.") from error
        except sqlite3.DatabaseError:
            for ending in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + ending).unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        database = sqlite3.connect(self._path, timeout=0.2, isolation_level=None, check_same_thread=False)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=OFF")
            database.execute("CREATE TABLE IF NOT EXISTS used (id TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID")
            database.execute("CREATE INDEX IF NOT EXISTS used_at ON used (at)")
            with contextlib.suppress(OSError):
                self._path.chmod(0o600)
        except sqlite3.Error:
            database.close()
            raise
        return database
