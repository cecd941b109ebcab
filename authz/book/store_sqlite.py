"""The store of contracts in one SQLite file, shared by the processes of one machine."""

from __future__ import annotations

import json
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from authz.book.store import ProcessState, PublishedDocument, Revocation, StoreUnavailable

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS revision (number INTEGER PRIMARY KEY AUTOINCREMENT, what TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS published (name TEXT PRIMARY KEY, text TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS revocation (contract TEXT, version INTEGER, at TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,
  PRIMARY KEY (contract, version));
CREATE TABLE IF NOT EXISTS archive (contract TEXT, version INTEGER, digest TEXT, text TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (contract, version, digest));
CREATE TABLE IF NOT EXISTS process (name TEXT PRIMARY KEY, digest TEXT NOT NULL, since TEXT NOT NULL, seen TEXT NOT NULL, alarms TEXT NOT NULL);
"""  # noqa: E501  # SQL
_BUSY_SECONDS: Final = 2.0
_FORGOTTEN: Final = timedelta(hours=1)
"""After which a process that says nothing more is no longer named."""


class SqliteContracts:
    """A `ContractStore`. Made when absent. Raises StoreUnavailable for a file that is no such store."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        with self._failures():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_SCHEMA)
        self._closing = weakref.finalize(self, self._connection.close)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except (sqlite3.Error, OSError) as error:
                raise StoreUnavailable(f"The store of contracts {self.path} cannot be used ({error}).") from error

    @contextmanager
    def _change(self, what: str, who: str, at: datetime) -> Iterator[list[int]]:
        """One transaction that raises the number."""
        number: list[int] = []
        with self._failures():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield number
                cursor = self._connection.execute(
                    "INSERT INTO revision (what, who, at) VALUES (?, ?, ?)", (what, who, _text(at))
                )
                number.append(int(cursor.lastrowid or 0))
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise

    def number(self) -> int:
        with self._failures():
            return int(self._connection.execute("SELECT coalesce(max(number), 0) FROM revision").fetchone()[0])

    def documents(self) -> tuple[PublishedDocument, ...]:
        with self._failures():
            rows = self._connection.execute("SELECT name, text, at FROM published ORDER BY name").fetchall()
        return tuple(PublishedDocument(name, text, datetime.fromisoformat(at)) for name, text, at in rows)

    def publish(self, documents: Sequence[tuple[str, str]], by: str, at: datetime) -> int:
        with self._change("publish " + ", ".join(name for name, _ in documents), by, at) as number:
            for name, text in documents:
                self._connection.execute("DELETE FROM published WHERE name = ?", (name,))
                if text:
                    self._connection.execute("INSERT INTO published VALUES (?, ?, ?)", (name, text, _text(at)))
        return number[0]

    def revoke(self, revocation: Revocation) -> int:
        what = f"revoke {revocation.contract_id} {revocation.version}"
        with self._change(what, revocation.by, revocation.at) as number:
            self._connection.execute(
                "INSERT OR IGNORE INTO revocation VALUES (?, ?, ?, ?, ?)",
                (revocation.contract_id, revocation.version, _text(revocation.at), revocation.reason, revocation.by),
            )
        return number[0]

    def revocations(self) -> tuple[Revocation, ...]:
        with self._failures():
            rows = self._connection.execute("SELECT contract, version, at, reason, who FROM revocation ORDER BY at").fetchall()
        return tuple(
            Revocation(name, version, datetime.fromisoformat(at), reason, who) for name, version, at, reason, who in rows
        )

    def archive(self, contract_id: str, version: int, digest: str, text: str, at: datetime) -> None:
        with self._failures():
            self._connection.execute(
                "INSERT OR IGNORE INTO archive VALUES (?, ?, ?, ?, ?)", (contract_id, version, digest, text, _text(at))
            )

    def archived(self, contract_id: str, version: int) -> tuple[tuple[str, str], ...]:
        with self._failures():
            rows = self._connection.execute(
                "SELECT digest, text FROM archive WHERE contract = ? AND version = ? ORDER BY at", (contract_id, version)
            ).fetchall()
        return tuple((digest, text) for digest, text in rows)

    def report(self, state: ProcessState) -> None:
        with self._failures():
            long_ago = _text(state.seen - _FORGOTTEN)
            self._connection.execute("DELETE FROM process WHERE seen < ?", (long_ago,))
            self._connection.execute(
                "INSERT OR REPLACE INTO process VALUES (?, ?, ?, ?, ?)",
                (state.process, state.digest, _text(state.since), _text(state.seen), json.dumps(state.alarms)),
            )

    def processes(self) -> tuple[ProcessState, ...]:
        with self._failures():
            rows = self._connection.execute("SELECT name, digest, since, seen, alarms FROM process ORDER BY name").fetchall()
        return tuple(
            ProcessState(name, digest, datetime.fromisoformat(since), datetime.fromisoformat(seen), tuple(json.loads(alarms)))
            for name, digest, since, seen, alarms in rows
        )

    def close(self) -> None:
        with self._failures():
            self._closing()


def _text(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
