"""The audit log in PostgreSQL, schema `audit`: a batch of records is one statement, durable by `synchronous_commit = on`.

A chain is held by an advisory lock of the session that writes it: the server frees it when the holder is gone. The records'
key (writer, number) keeps two sessions from forking a chain, whatever happens to the lock.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any, Final

import asyncpg

from authz.audit.errors import AuditUnavailable
from authz.audit.record import Head, Sealed, genesis
from authz.audit.slots import MAX_SLOTS, is_role
from authz.audit.store import Edge, StoreFailed, read_edge, written_edge
from authz.postgresql import Database, DatabaseGone

_FOUNDING: Final = 7_146_211_905  # an advisory lock of its own: two processes must not begin the same log
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS audit;
CREATE TABLE IF NOT EXISTS audit.log (
  id text NOT NULL, version integer NOT NULL, is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only)
);
CREATE TABLE IF NOT EXISTS audit.record (
  n bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  writer text NOT NULL,
  seq bigint NOT NULL,
  id text NOT NULL UNIQUE,
  body text NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (writer, seq)
);
CREATE TABLE IF NOT EXISTS audit.tree_head (
  writer text NOT NULL, size bigint NOT NULL, body text NOT NULL, parts text NOT NULL, PRIMARY KEY (writer, size)
);
CREATE OR REPLACE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'audit records are never changed or deleted'; END $$;
CREATE OR REPLACE TRIGGER record_stays BEFORE UPDATE OR DELETE ON audit.record
  FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE OR REPLACE TRIGGER records_stay BEFORE TRUNCATE ON audit.record EXECUTE FUNCTION audit.refuse();
CREATE OR REPLACE TRIGGER head_stays BEFORE UPDATE OR DELETE ON audit.tree_head
  FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE OR REPLACE TRIGGER heads_stay BEFORE TRUNCATE ON audit.tree_head EXECUTE FUNCTION audit.refuse();
"""
_INSERT: Final = """
INSERT INTO audit.record (writer, seq, id, body, hash)
SELECT $1, $2 + place - 1, id, body, hash
FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS given (id, body, hash, place)
ORDER BY place
"""
_PAGE: Final = 10_000


class PostgresqlStore:
    """Writes records to one database, which several processes may share. `open` makes the tables when they are absent."""

    def __init__(self, address: str) -> None:
        self._writer: str | None = None
        self._database = Database(address, self._take_back)
        self._log_id = ""

    @classmethod
    def open(cls, address: str) -> PostgresqlStore:
        """Open the log, or make a new one. Raises StoreFailed."""
        store = cls(address)
        try:
            store._found()
        except BaseException:
            store._database.close()
            raise
        return store

    @property
    def log_id(self) -> str:
        return self._log_id

    def claim(self, role: str) -> str:
        if not is_role(role):
            raise ValueError(f"`{role}` cannot name an audit writer: use small letters, digits and hyphens")
        for number in range(1, MAX_SLOTS + 1):
            writer = f"{role}-{number}"
            if self._rows("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._lock_name(writer))[0][0]:
                self._writer = writer
                return writer
        raise AuditUnavailable(f"{MAX_SLOTS} processes write this audit log as `{role}` already: stop some of them.")

    def head(self, writer: str) -> Head:
        rows = self._rows("SELECT seq, hash FROM audit.record WHERE writer = $1 ORDER BY seq DESC LIMIT 1", writer)
        return Head(rows[0][0], rows[0][1]) if rows else genesis(self._log_id, writer)

    def write(self, writer: str, records: Sequence[Sealed]) -> None:
        ids = [record.id for record in records]
        bodies = [record.body.decode() for record in records]
        hashes = [record.hash for record in records]
        self._rows(_INSERT, writer, records[0].seq, ids, bodies, hashes)

    def edge(self, writer: str) -> Edge | None:
        rows = self._rows("SELECT body, parts FROM audit.tree_head WHERE writer = $1 ORDER BY size DESC LIMIT 1", writer)
        return read_edge(rows[0][0], rows[0][1]) if rows else None

    def hashes(self, writer: str, after: int) -> Iterator[bytes]:
        sql = "SELECT seq, hash FROM audit.record WHERE writer = $1 AND seq > $2 ORDER BY seq LIMIT $3"
        while rows := self._rows(sql, writer, after, _PAGE):
            for _, text in rows:
                yield bytes.fromhex(text)
            after = rows[-1][0]

    def write_edge(self, edge: Edge) -> None:
        sql = "INSERT INTO audit.tree_head (writer, size, body, parts) VALUES ($1, $2, $3, $4)"
        self._rows(sql, edge.head.writer, edge.head.size, *written_edge(edge))

    def close(self) -> None:
        self._database.close()

    def _found(self) -> None:
        """Make the tables of a new log and give it its id; one process at a time."""
        self._rows("SELECT pg_advisory_lock($1)", _FOUNDING)
        if not self._rows("SELECT to_regclass('audit.tree_head') IS NOT NULL")[0][0]:
            self._execute(_SCHEMA)
        self._rows("INSERT INTO audit.log (id, version) VALUES ($1, 1) ON CONFLICT DO NOTHING", secrets.token_hex(16))
        self._log_id = str(self._rows("SELECT id FROM audit.log")[0][0])
        self._rows("SELECT pg_advisory_unlock($1)", _FOUNDING)

    async def _take_back(self, connection: asyncpg.Connection) -> None:
        """On a new connection: the chain must still be ours, and the log the one that we began with."""
        if self._writer is None:
            return
        if await connection.fetchval("SELECT id FROM audit.log") != self._log_id:
            raise OSError("the log was replaced while it was written")
        if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._lock_name(self._writer)):
            raise OSError(f"another process holds the chain {self._writer} now")

    def _lock_name(self, writer: str) -> str:
        return f"saite-audit/{self._log_id}/{writer}"

    def _rows(self, sql: str, *values: object) -> Sequence[Any]:
        try:
            return self._database.rows(sql, *values)
        except DatabaseGone as error:
            raise StoreFailed(f"PostgreSQL: {error}") from error

    def _execute(self, sql: str) -> None:
        try:
            self._database.execute(sql)
        except DatabaseGone as error:
            raise StoreFailed(f"PostgreSQL: {error}") from error
