"""What was told of counts, in PostgreSQL (schema `counts`): for the processes of a room on all machines."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from authz.aggregates.errors import CountsUnusable
from authz.postgresql import Database, DatabaseGone, founding, shown

_FOUNDING: Final = 7_146_211_907
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS counts;
CREATE TABLE counts.published (
  room text, contract text, digest text, question text NOT NULL, told bigint NOT NULL, PRIMARY KEY (room, contract, digest)
);
"""
_MARKER: Final = "counts.published"
_TOLD: Final = "SELECT told FROM counts.published WHERE room = $1 AND contract = $2 AND digest = $3"
_REPLACE: Final = """
UPDATE counts.published SET told = $4 WHERE room = $1 AND contract = $2 AND digest = $3 AND told = $5 RETURNING told
"""
_REMOVE: Final = "DELETE FROM counts.published WHERE room = $1 AND contract = $2 AND digest = $3"


class PostgresqlCountLedger:
    """The `CountLedger` of one room. Its table is made when absent. Raises CountsUnusable."""

    def __init__(self, address: str, room: str) -> None:
        self._address = shown(address)
        self._room = room
        self._database = Database(address, founding(_FOUNDING, _MARKER, _SCHEMA), name="saite counts")

    def told(self, contract: str, question: str) -> int | None:
        """See `CountLedger.told`."""
        found = self._run(_TOLD, contract, question)
        return int(found[0][0]) if found else None

    def add(self, contract: str, question: str, told: int) -> int | None:
        """See `CountLedger.add`."""
        insert = "INSERT INTO counts.published VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING told"
        while not self._run(insert, contract, question, question, told):
            if (found := self.told(contract, question)) is not None:
                return found  # otherwise it was removed meanwhile
        return None

    def replace(self, contract: str, question: str, before: int, after: int) -> bool:
        """See `CountLedger.replace`."""
        return bool(self._run(_REPLACE, contract, question, after, before))

    def remove(self, contract: str, question: str) -> None:
        """See `CountLedger.remove`."""
        self._run(_REMOVE, contract, question)

    def others(self, contract: str, question: str) -> list[tuple[str, int | None]]:
        """See `CountLedger.others`."""
        sql = "SELECT question, told FROM counts.published WHERE room = $1 AND contract = $2 AND digest <> $3"
        return [(text, int(told)) for text, told in self._run(sql, contract, question)]

    def close(self) -> None:
        """Let go of the connection."""
        self._database.close()

    def _run(self, sql: str, contract: str, question: str, *values: object) -> Sequence[Any]:
        try:
            return self._database.rows(sql, self._room, contract, sha256(question.encode()).hexdigest(), *values)
        except DatabaseGone as error:
            raise CountsUnusable(f"Published counts cannot be remembered in {self._address}: {error}.") from error
