"""Which contexts were used, in PostgreSQL (schema `contexts`): remembered by the processes of a room on all machines together.

The table's key decides: an id can be inserted once. A server that lost its power may have lost the last second's ids.
"""

from __future__ import annotations

from contextlib import suppress
from typing import ClassVar, Final

from authz.postgresql import Database, DatabaseGone, founding, shown
from authz.signed_context.errors import ReplayUnusable
from authz.signed_context.replay import MAX_REMEMBERED, SWEEP

_FOUNDING: Final = 7_146_211_909
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS contexts;
CREATE TABLE contexts.used (room text, id text, at double precision NOT NULL, PRIMARY KEY (room, id));
CREATE INDEX used_at ON contexts.used (room, at);
"""
_MARKER: Final = "contexts.used"
_SECONDS: Final = 1.0
_USE: Final = "INSERT INTO contexts.used VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING id"


class PostgresqlReplay:
    """A `Replay` of one room. Its table is made when absent. Full, or slower than a second: nobody is let in."""

    waits: ClassVar[bool] = True

    def __init__(self, address: str, room: str, keep: float, limit: int = MAX_REMEMBERED) -> None:
        self._address = shown(address)
        self._room = room
        self._keep = keep
        self._limit = limit
        self._swept_at = float("-inf")
        self._is_full = False
        self._database = Database(
            address,
            founding(_FOUNDING, _MARKER, _SCHEMA),
            name="saite contexts",
            settings={"synchronous_commit": "off"},
            seconds=_SECONDS,
        )

    def is_first_use(self, token_id: str, at: float) -> bool:
        """See Replay."""
        try:
            if not self._swept_at <= at < self._swept_at + SWEEP:
                self._swept_at = at
                self._sweep(at)
            return not self._is_full and bool(self._database.rows(_USE, self._room, token_id, at))
        except DatabaseGone as error:
            raise ReplayUnusable(f"It cannot be told which contexts were used: {self._address} ({error}).") from error

    def close(self) -> None:
        """Let go of the connection."""
        self._database.close()

    def __len__(self) -> int:
        return int(self._database.rows("SELECT count(*) FROM contexts.used WHERE room = $1", self._room)[0][0])

    def _sweep(self, at: float) -> None:
        with suppress(DatabaseGone):  # two that remove the same ids may get into each other's way: the other one does it
            self._database.rows("DELETE FROM contexts.used WHERE room = $1 AND at < $2", self._room, at - self._keep)
        self._is_full = len(self) >= self._limit
