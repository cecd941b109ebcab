"""What a municipality has to say and has no receipt for yet: one SQLite file beside its journal.

In: registrations and changes, as its own system writes them. Out: messages to send, until a receipt came for each.

    add       message id and number in its event are given here, once, in one transaction; on disk when it returns
    due       no receipt yet, and not sent lately: longer and longer apart
    settle    a receipt came. QUARANTINED and WAITING may be followed by another one
"""

from __future__ import annotations

import json
import os
import sqlite3
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any, Final

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS source (id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS item (
    number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE, event_no TEXT NOT NULL, seq INTEGER NOT NULL,
    message TEXT NOT NULL, state TEXT NOT NULL, due REAL NOT NULL, tries INTEGER NOT NULL, receipt TEXT, UNIQUE (event_no, seq)
);
CREATE INDEX IF NOT EXISTS item_by_state ON item (state, due, number);
"""
UNSENT: Final = "UNSENT"
OPEN: Final = (UNSENT, "WAITING")
"""Items in these states are sent (again) when they are due."""
LONGEST: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Item:
    """A message to send: `message` is its JSON, without the time of sending."""

    number: int
    message_id: str
    message: str
    tries: int

    def body(self) -> bytes:
        """The message as it is sent now."""
        return json.dumps({**json.loads(self.message), "sentAt": datetime.now(UTC).isoformat()}, ensure_ascii=False).encode()


class Outbox:
    """The file. Several processes may have it open; each statement that changes it is a transaction."""

    def __init__(self, path: Path, source: str | None = None) -> None:
        """Raises ValueError when the file is another source's, or new and no source was given."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # it holds what happened to people
        self._database = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _SCHEMA)
        kept = self._database.execute("SELECT id FROM source").fetchone()
        if kept is None and source is not None:
            self._database.execute("INSERT INTO source VALUES (?)", (source,))
        self.source: str = kept[0] if kept is not None else (source or "")
        if not self.source or source not in (None, self.source):
            self._database.close()
            raise ValueError(f"{path} is the journal of {self.source or 'no source yet: say which'}")

    def add(self, entries: Iterable[Mapping[str, Any]]) -> list[str]:
        """Add registrations and changes (`kind`, `sourceEventNo`, `body`, perhaps `official`), all or none; message ids."""
        ids: list[str] = []
        with self._transaction():
            for entry in entries:
                event_no = str(entry["sourceEventNo"])
                last = self._database.execute("SELECT max(seq) FROM item WHERE event_no = ?", (event_no,)).fetchone()[0]
                message_id = uuid.uuid4().hex
                message = {**entry, "sourceId": self.source, "messageId": message_id, "sourceSeq": (last or 0) + 1}
                row = (message_id, event_no, (last or 0) + 1, json.dumps(message, ensure_ascii=False), UNSENT)
                self._database.execute(
                    "INSERT INTO item (message_id, event_no, seq, message, state, due, tries) VALUES (?, ?, ?, ?, ?, 0, 0)", row
                )
                ids.append(message_id)
        return ids

    def due(self, limit: int = 100) -> list[Item]:
        """What is to be sent now, in the order in which it was added."""
        found = self._database.execute(
            "SELECT number, message_id, message, tries FROM item WHERE state IN (?, ?) AND due <= ? ORDER BY number LIMIT ?",
            (*OPEN, time(), limit),
        )
        return [Item(*row) for row in found]

    def sent(self, items: Sequence[Item], again_seconds: float) -> None:
        """These are on their way; without a receipt they are sent again, later and later."""
        rows = [(time() + min(again_seconds * 2**item.tries, LONGEST), item.number) for item in items]
        with self._transaction():
            self._database.executemany("UPDATE item SET due = ?, tries = tries + 1 WHERE number = ?", rows)

    def settle(self, receipts: Iterable[bytes]) -> None:
        """Note receipts. One that says less than what is known, or is of another source, changes nothing."""
        read = [(json.loads(receipt), receipt.decode()) for receipt in receipts]
        rows = [(one["status"], text, one["messageId"]) for one, text in read if one["sourceId"] == self.source]
        with self._transaction():
            self._database.executemany(
                "UPDATE item SET state = ?, receipt = ? WHERE message_id = ? AND state NOT IN ('APPLIED', 'SUPERSEDED')", rows
            )

    def status(self) -> dict[str, int]:
        """How many items are in each state."""
        return dict(self._database.execute("SELECT state, count(*) FROM item GROUP BY state ORDER BY state"))

    def is_done(self) -> bool:
        """Whether nothing is left to be sent."""
        return self._database.execute("SELECT 1 FROM item WHERE state IN (?, ?) LIMIT 1", OPEN).fetchone() is None

    def receipts(self) -> dict[str, dict[str, Any]]:
        """The last receipt of each message that has one, by message id."""
        found = self._database.execute("SELECT message_id, receipt FROM item WHERE receipt IS NOT NULL ORDER BY number")
        return {message_id: json.loads(receipt) for message_id, receipt in found}

    def close(self) -> None:
        """Let the file go."""
        self._database.close()

    def _transaction(self) -> sqlite3.Connection:
        """All or nothing of what is written inside, on disk at its end."""
        self._database.execute("BEGIN IMMEDIATE")
        return self._database  # which commits or rolls back as a context


def opened(path: Path, source: str | None = None) -> closing[Outbox]:
    """The outbox at `path`, closed at the end of the block. Raises ValueError."""
    return closing(Outbox(path, source))
