"""Which counts were published under a contract: kept for as long as they could be subtracted from.

`SqliteCountLedger` is one file for all processes of a room; without a path it is in memory, for one process.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Final, Protocol

from authz.aggregates.errors import CountsUnusable

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS published (contract TEXT, question TEXT, PRIMARY KEY (contract, question)) WITHOUT ROWID
"""
_WAIT: Final = 5.0


class CountLedger(Protocol):
    """Remembers questions by contract. Calls block; they are made on worker threads."""

    def add(self, contract: str, question: str) -> bool:
        """Remember a question; whether it is new. Raises CountsUnusable."""
        ...

    def remove(self, contract: str, question: str) -> None:
        """Forget a question that was not answered after all."""
        ...

    def others(self, contract: str, question: str) -> list[str]:
        """Every other question of the contract."""
        ...


class SqliteCountLedger:
    """See `CountLedger`."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(
                ":memory:" if path is None else path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(_TABLE)
            if path is not None:
                path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def add(self, contract: str, question: str) -> bool:
        """See `CountLedger.add`."""
        return self._run("INSERT OR IGNORE INTO published VALUES (?, ?)", contract, question).rowcount == 1

    def remove(self, contract: str, question: str) -> None:
        """See `CountLedger.remove`."""
        self._run("DELETE FROM published WHERE contract = ? AND question = ?", contract, question)

    def others(self, contract: str, question: str) -> list[str]:
        """See `CountLedger.others`."""
        found = self._run("SELECT question FROM published WHERE contract = ? AND question <> ?", contract, question)
        return [row[0] for row in found]

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _run(self, statement: str, contract: str, question: str) -> sqlite3.Cursor:
        try:
            with self._lock:
                return self._database.execute(statement, (contract, question))
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> CountsUnusable:
        return CountsUnusable(f"Published counts cannot be remembered in {self._path or 'memory'}: {error}.")
