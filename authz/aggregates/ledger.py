"""What was told of counts under a contract: kept for as long as it could be subtracted from.

`SqliteCountLedger` is one file for all processes of a room on one machine; without a path it is in memory, for one process.
`PostgresqlCountLedger` (`ledger_postgresql.py`) serves those of all machines.
"""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any, Final, Protocol

from authz.aggregates.errors import CountsUnusable

_TABLE: Final = """
CREATE TABLE IF NOT EXISTS published (contract TEXT, question TEXT, told INTEGER, PRIMARY KEY (contract, question))
WITHOUT ROWID
"""
_WAIT: Final = 5.0


class CountLedger(Protocol):
    """Remembers questions by contract, and what was told of each. Calls block; they are made on worker threads, and raise
    CountsUnusable.
    """

    def told(self, contract: str, question: str) -> int | None:
        """What was told of a question last; None when it was not asked before, or not kept."""
        ...

    def add(self, contract: str, question: str, told: int) -> int | None:
        """Remember a question; None when it is new, else what was told of it before."""
        ...

    def replace(self, contract: str, question: str, before: int, after: int) -> bool:
        """Remember that `after` is told now; False when it is not `before` any more that was told."""
        ...

    def remove(self, contract: str, question: str) -> None:
        """Forget a question that was not answered after all."""
        ...

    def others(self, contract: str, question: str) -> list[tuple[str, int | None]]:
        """Every other question of the contract, and what was told of it."""
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
            self._bring_up_to_date()
            if path is not None:
                path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def told(self, contract: str, question: str) -> int | None:
        """See `CountLedger.told`."""
        found = self._run("SELECT told FROM published WHERE contract = ? AND question = ?", contract, question)
        return found[0][0] if found else None

    def add(self, contract: str, question: str, told: int) -> int | None:
        """See `CountLedger.add`."""
        # A question from before numbers were kept counts as new.
        insert = (
            "INSERT INTO published (contract, question, told) VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET told = excluded.told WHERE told IS NULL RETURNING 1"
        )
        while not self._run(insert, contract, question, told):
            if (found := self.told(contract, question)) is not None:
                return found  # otherwise it was removed meanwhile
        return None

    def replace(self, contract: str, question: str, before: int, after: int) -> bool:
        """See `CountLedger.replace`."""
        update = "UPDATE published SET told = ? WHERE contract = ? AND question = ? AND told = ? RETURNING 1"
        return bool(self._run(update, after, contract, question, before))

    def remove(self, contract: str, question: str) -> None:
        """See `CountLedger.remove`."""
        self._run("DELETE FROM published WHERE contract = ? AND question = ?", contract, question)

    def others(self, contract: str, question: str) -> list[tuple[str, int | None]]:
        """See `CountLedger.others`."""
        return self._run("SELECT question, told FROM published WHERE contract = ? AND question <> ?", contract, question)

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def _bring_up_to_date(self) -> None:
        columns = {row[1] for row in self._database.execute("PRAGMA table_info(published)")}
        if "told" not in columns:
            self._database.execute("ALTER TABLE published ADD COLUMN told INTEGER")

    def _run(self, statement: str, *values: object) -> list[Any]:
        try:
            with self._lock:
                return self._database.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def _unusable(self, error: Exception) -> CountsUnusable:
        return CountsUnusable(f"Published counts cannot be remembered in {self._path or 'memory'}: {error}.")
