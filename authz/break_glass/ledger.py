"""The ledger of emergencies: one SQLite file that all gateways of a data folder share.

In: declarations and reviews. Out: emergencies. The reason stands here in the declarer's words, for whoever reviews it; the
audit log holds its keyed hash. An emergency without a review after REVIEW_WITHIN keeps its user from declaring another one.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from authz.break_glass.emergency import Emergency, Review
from authz.break_glass.errors import EmergencyRefused, LedgerUnavailable, ReviewRefused

REVIEW_WITHIN: Final = timedelta(days=3)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS emergency (
  id TEXT PRIMARY KEY, agency TEXT NOT NULL, user TEXT NOT NULL, contract TEXT NOT NULL, purpose TEXT NOT NULL,
  reason TEXT NOT NULL, opened_at TEXT NOT NULL, ends_at TEXT NOT NULL,
  reviewed_by TEXT, reviewed_at TEXT, verdict TEXT, note TEXT
)
"""
_SELECT: Final = """
SELECT id, agency, user, contract, purpose, reason, opened_at, ends_at, reviewed_by, reviewed_at, verdict, note FROM emergency
"""
_INSERT: Final = """
INSERT INTO emergency (id, agency, user, contract, purpose, reason, opened_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_BUSY_SECONDS: Final = 3.0

alarm = logging.getLogger("saite.alarm")


class EmergencyLedger:
    """Takes declarations and reviews. Every method may block for a moment; raises LedgerUnavailable."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def declare(
        self, agency: str, user: str, contract_id: str, purpose: str, reason: str, now: datetime, length: timedelta
    ) -> tuple[Emergency, bool]:
        """The user's emergency that is open now, or a new one; and whether it is new. A new one raises the alarm.

        Raises EmergencyRefused while an older one waits too long for its review.
        """
        who = (agency, user)
        with self._transaction() as ledger:
            known = [_emergency(row) for row in ledger.execute(_SELECT + "WHERE agency = ? AND user = ?", who)]
            for one in known:
                if (one.contract_id, one.purpose) == (contract_id, purpose) and one.opened_at <= now < one.ends_at:
                    return one, False
            late = [one for one in known if one.review is None and one.ends_at + REVIEW_WITHIN <= now]
            if late:
                raise EmergencyRefused(f"Your emergency {late[0].id} still waits for its review: have it reviewed first.")
            made = Emergency(f"emg_{secrets.token_hex(16)}", *who, contract_id, purpose, reason, now, now + length)
            values = (made.id, *who, contract_id, purpose, reason, _text(made.opened_at), _text(made.ends_at))
            ledger.execute(_INSERT, values)
        told = {"emergency": made.id, "agency": agency, "user": user, "contract": contract_id, "purpose": purpose}
        alarm.critical("a user declared an emergency", extra=told)
        return made, True

    def review(
        self, emergency_id: str, by: str, verdict: Literal["justified", "unjustified"], note: str, now: datetime
    ) -> Emergency:
        """Take a second person's review. Raises ReviewRefused."""
        with self._transaction() as ledger:
            row = ledger.execute(_SELECT + "WHERE id = ?", (emergency_id,)).fetchone()
            if row is None:
                raise ReviewRefused(f"There is no emergency {emergency_id}.")
            found = _emergency(row)
            if found.review is not None:
                raise ReviewRefused(f"{emergency_id} was reviewed by {found.review.by} already.")
            if not by.strip() or by.strip().casefold() == found.user.strip().casefold():
                raise ReviewRefused("A review is a second person's: name one who did not declare the emergency.")
            if not note.strip():
                raise ReviewRefused("Say in a note what was found.")
            ledger.execute(
                "UPDATE emergency SET reviewed_by = ?, reviewed_at = ?, verdict = ?, note = ? WHERE id = ?",
                (by, _text(now), verdict, note, emergency_id),
            )
            reviewed = ledger.execute(_SELECT + "WHERE id = ?", (emergency_id,)).fetchone()
        if verdict == "unjustified":
            alarm.critical("an emergency was found unjustified", extra={"emergency": emergency_id, "user": found.user})
        return _emergency(reviewed)

    def all(self, *, only_pending: bool = False) -> tuple[Emergency, ...]:
        """The emergencies, newest first; with `only_pending` those that wait for their review."""
        where = "WHERE reviewed_by IS NULL" if only_pending else ""
        with self._transaction() as ledger:
            rows = ledger.execute(_SELECT + where + " ORDER BY opened_at DESC, id").fetchall()
        return tuple(_emergency(row) for row in rows)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, isolation_level=None, timeout=_BUSY_SECONDS)) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(_SCHEMA)
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise LedgerUnavailable(f"The ledger of emergencies {self._path} cannot be used ({error}).") from error


def _emergency(row: Any) -> Emergency:
    name, agency, user, contract, purpose, reason, opened_at, ends_at, by, at, verdict, note = row
    review = None if by is None else Review(by, datetime.fromisoformat(at), verdict, note)
    times = (datetime.fromisoformat(opened_at), datetime.fromisoformat(ends_at))
    return Emergency(name, agency, user, contract, purpose, reason, *times, review)


def _text(at: datetime) -> str:
    return at.isoformat()
