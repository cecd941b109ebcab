"""The store of contracts in PostgreSQL, schema `contracts`: shared by the processes of all machines.

Changes take turns (a lock on the table of numbers), so that numbers become visible in their order and whoever follows by number
misses none. Whoever asks uses one connection of its own, which is made anew after a failure.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from authz.book.store import ProcessState, PublishedDocument, Revocation, StoreUnavailable
from authz.postgresql import Database, DatabaseGone, founding, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOUNDING: Final = 7_146_211_906
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS contracts;
CREATE TABLE contracts.published (name text PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL);
CREATE TABLE contracts.revocation (
  contract text, version bigint, at timestamptz NOT NULL, reason text NOT NULL, who text NOT NULL,
  PRIMARY KEY (contract, version)
);
CREATE TABLE contracts.archive (
  contract text, version bigint, digest text, text text NOT NULL, at timestamptz NOT NULL,
  PRIMARY KEY (contract, version, digest)
);
CREATE TABLE contracts.process (
  name text PRIMARY KEY, digest text NOT NULL, since timestamptz NOT NULL, seen timestamptz NOT NULL, alarms text NOT NULL
);
CREATE TABLE contracts.revision (number bigint PRIMARY KEY, what text NOT NULL, who text NOT NULL, at timestamptz NOT NULL);
"""
_MARKER: Final = "contracts.revision"
_FORGOTTEN: Final = timedelta(hours=1)
_NEXT: Final = """
INSERT INTO contracts.revision (number, what, who, at)
SELECT coalesce(max(number), 0) + 1, $1, $2, $3 FROM contracts.revision RETURNING number
"""
_PUT: Final = """
INSERT INTO contracts.published VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET text = excluded.text, at = excluded.at
"""
_REPORT: Final = """
INSERT INTO contracts.process VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (name) DO UPDATE
SET digest = excluded.digest, since = excluded.since, seen = excluded.seen, alarms = excluded.alarms
"""


class PostgresqlContracts:
    """A `ContractStore`. Its tables are made when absent. Raises StoreUnavailable when the database cannot be used."""

    def __init__(self, address: str) -> None:
        self.path = shown(address)
        self._database = Database(address, founding(_FOUNDING, _MARKER, _SCHEMA), name="saite contracts")
        try:
            self.number()
        except StoreUnavailable:
            self._database.close()
            raise

    def number(self) -> int:
        return int(self._rows("SELECT coalesce(max(number), 0) FROM contracts.revision")[0][0])

    def documents(self) -> tuple[PublishedDocument, ...]:
        rows = self._rows('SELECT name, text, at FROM contracts.published ORDER BY name COLLATE "C"')
        return tuple(PublishedDocument(name, text, at) for name, text, at in rows)

    def publish(self, documents: Sequence[tuple[str, str]], by: str, at: datetime) -> int:
        async def put(connection: Any) -> None:
            for name, text in documents:
                if text:
                    await connection.execute(_PUT, name, text, at)
                else:
                    await connection.execute("DELETE FROM contracts.published WHERE name = $1", name)

        return self._change("publish " + ", ".join(name for name, _ in documents), by, at, put)

    def revoke(self, revocation: Revocation) -> int:
        async def end(connection: Any) -> None:
            row = (revocation.contract_id, revocation.version, revocation.at, revocation.reason, revocation.by)
            await connection.execute(
                "INSERT INTO contracts.revocation VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", *row
            )

        return self._change(f"revoke {revocation.contract_id} {revocation.version}", revocation.by, revocation.at, end)

    def revocations(self) -> tuple[Revocation, ...]:
        rows = self._rows("SELECT contract, version, at, reason, who FROM contracts.revocation ORDER BY at, contract, version")
        return tuple(Revocation(*row) for row in rows)

    def archive(self, contract_id: str, version: int, digest: str, text: str, at: datetime) -> None:
        sql = "INSERT INTO contracts.archive VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"
        self._rows(sql, contract_id, version, digest, text, at)

    def archived(self, contract_id: str, version: int) -> tuple[tuple[str, str], ...]:
        sql = "SELECT digest, text FROM contracts.archive WHERE contract = $1 AND version = $2 ORDER BY at"
        return tuple((digest, text) for digest, text in self._rows(sql, contract_id, version))

    def report(self, state: ProcessState) -> None:
        self._rows("DELETE FROM contracts.process WHERE seen < $1", state.seen - _FORGOTTEN)
        self._rows(_REPORT, state.process, state.digest, state.since, state.seen, json.dumps(state.alarms))

    def processes(self) -> tuple[ProcessState, ...]:
        rows = self._rows('SELECT name, digest, since, seen, alarms FROM contracts.process ORDER BY name COLLATE "C"')
        return tuple(
            ProcessState(name, digest, since, seen, tuple(json.loads(alarms))) for name, digest, since, seen, alarms in rows
        )

    def close(self) -> None:
        self._database.close()

    def _change(self, what: str, who: str, at: datetime, change: Callable[[Any], Awaitable[None]]) -> int:
        """One transaction that raises the number."""

        async def changed(connection: Any) -> int:
            await connection.execute("LOCK TABLE contracts.revision IN EXCLUSIVE MODE")  # readers go on
            await change(connection)
            return int(await connection.fetchval(_NEXT, what, who, at))

        with self._failures():
            return self._database.transaction(changed)

    def _rows(self, sql: str, *values: object) -> Sequence[Any]:
        with self._failures():
            return self._database.rows(sql, *values)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DatabaseGone as error:
            raise StoreUnavailable(f"The store of contracts {self.path} cannot be used ({error}).") from error
