"""The ledger in an SQLite file: one for all gateway processes of a machine.

`BEGIN IMMEDIATE` takes the write lock before anything is read, so no two processes decide by the same balance. A power failure
may lose the last charges (`synchronous=NORMAL`), never the file. Counters are digests of whom they count: it names nobody.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from authz.quotas.errors import QuotasUnusable
from authz.quotas.ledger import SWEEP, Balance, Charge, Settled, balance_of_amount, balance_of_marks

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS spent (counter TEXT, leaves_at REAL, amount INTEGER NOT NULL, PRIMARY KEY (counter, leaves_at))
WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS seen (counter TEXT, mark TEXT, leaves_at REAL NOT NULL, PRIMARY KEY (counter, mark)) WITHOUT ROWID;
"""
_WAIT: Final = 5.0


class SqliteQuotaLedger:
    """See `QuotaLedger`. Without a path it is in memory: for one process, and gone with it."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._swept_at = float("-inf")
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(
                ":memory:" if path is None else path, timeout=_WAIT, isolation_level=None, check_same_thread=False
            )
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=NORMAL")
            self._database.executescript(_TABLES)
            if path is not None:
                path.chmod(0o600)
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(error) from error

    def settle(self, charges: Sequence[Charge], now: float) -> Settled:
        """See `QuotaLedger.settle`."""
        try:
            with self._lock:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    settled = self._settled(charges, now)
                    self._database.execute("COMMIT")
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise
                return settled
        except sqlite3.Error as error:
            raise self._unusable(error) from error

    def close(self) -> None:
        """See `QuotaLedger.close`."""
        self._database.close()

    def _settled(self, charges: Sequence[Charge], now: float) -> Settled:
        if not self._swept_at <= now < self._swept_at + SWEEP:
            for table in ("spent", "seen"):
                self._database.execute(f"DELETE FROM {table} WHERE leaves_at <= ?", [now])  # noqa: S608  # our own two names
            self._swept_at = now
        settled = Settled(tuple(self._balance(charge, now) for charge in charges))
        if settled.fits:
            for charge in charges:
                self._write(charge, now)
        return settled

    def _balance(self, charge: Charge, now: float) -> Balance:
        if charge.marks:
            known = dict(
                self._database.execute(
                    "SELECT mark, leaves_at FROM seen WHERE counter = ? AND leaves_at > ?", [charge.counter, now]
                )
            )
            return balance_of_marks(charge, known, now)
        parts = self._database.execute(
            "SELECT leaves_at, amount FROM spent WHERE counter = ? AND leaves_at > ? ORDER BY leaves_at",
            [charge.counter, now],
        ).fetchall()
        return balance_of_amount(charge, parts, now)

    def _write(self, charge: Charge, now: float) -> None:
        leaves_at = charge.leaves_at(now)
        if charge.amount:
            self._database.execute(
                "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
                [charge.counter, leaves_at, charge.amount],
            )
        self._database.executemany(
            "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET leaves_at = excluded.leaves_at",
            [(charge.counter, mark, leaves_at) for mark in sorted(charge.marks)],
        )

    def _unusable(self, error: Exception) -> QuotasUnusable:
        return QuotasUnusable(f"Quotas cannot be counted in {self._path or 'memory'}: {error}.")
