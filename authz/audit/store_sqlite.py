"""The audit log in one SQLite file: WAL, `synchronous=FULL`, a batch of records is one statement and one flush to disk."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import msgspec

from authz.audit.record import Head, Sealed, genesis
from authz.audit.slots import Slot, claim, lock
from authz.audit.store import Edge, StoreFailed, read_edge, written_edge

_SCHEMA: Final = """
CREATE TABLE log (id TEXT NOT NULL, version INTEGER NOT NULL);
CREATE TABLE record (
  writer TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  UNIQUE (writer, seq)
);
CREATE TRIGGER record_is_never_changed BEFORE UPDATE ON record
  BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END;
CREATE TRIGGER record_is_never_deleted BEFORE DELETE ON record
  BEGIN SELECT RAISE(ABORT, 'audit records are never deleted'); END;
"""
_HEADS: Final = """
CREATE TABLE IF NOT EXISTS tree_head (
  writer TEXT NOT NULL,
  size INTEGER NOT NULL,
  body TEXT NOT NULL,
  parts TEXT NOT NULL,
  UNIQUE (writer, size)
);
CREATE TRIGGER IF NOT EXISTS tree_head_is_never_changed BEFORE UPDATE ON tree_head
  BEGIN SELECT RAISE(ABORT, 'signed heads are never changed'); END;
CREATE TRIGGER IF NOT EXISTS tree_head_is_never_deleted BEFORE DELETE ON tree_head
  BEGIN SELECT RAISE(ABORT, 'signed heads are never deleted'); END;
"""
# One statement for the whole batch: Python's sqlite3 gives up the interpreter lock around each step, and beside a busy event
# loop a thread waits up to 5 ms to get it back. Bodies come as one JSON array, ids and hashes (fixed lengths) as one text each.
_INSERT: Final = """
INSERT INTO record (writer, seq, id, body, hash)
SELECT ?1, ?2 + key, substr(?3, key * 36 + 1, 36), value, substr(?4, key * 64 + 1, 64) FROM json_each(?5)
"""
_INSERT_ONE: Final = "INSERT INTO record (writer, seq, id, body, hash) VALUES (?, ?, ?, ?, ?)"
_BUSY_SECONDS: Final = 3.0


class SqliteStore:
    """Writes records to one file, which several processes may share. `open` makes it when absent."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = connection
        self._file = _identity(path)
        self._log_id: str = connection.execute("SELECT id FROM log").fetchone()[0]
        self._slot: Slot | None = None

    @classmethod
    def open(cls, path: Path) -> SqliteStore:
        """Open the log, or make a new one. Raises StoreFailed."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            guard = lock(path.with_name(f"{path.name}.open.lock"), wait=True)
            try:
                return cls._opened(path)
            finally:
                if guard is not None:
                    os.close(guard)
        except (sqlite3.Error, OSError) as error:
            raise StoreFailed(f"{path}: {error}") from error

    @classmethod
    def _opened(cls, path: Path) -> SqliteStore:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        with ExitStack() as undo:
            connection = _connect(path)
            undo.callback(connection.close)
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                _found(connection)
            if connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'tree_head'").fetchone()[0] == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {_HEADS} COMMIT;")  # a log of before there were signed heads
            opened = cls(path, connection)
            undo.pop_all()
        return opened

    @property
    def log_id(self) -> str:
        return self._log_id

    def claim(self, role: str) -> str:
        self._slot = claim(self._path, role)
        return self._slot.writer

    def head(self, writer: str) -> Head:
        row = self._one("SELECT seq, hash FROM record WHERE writer = ? ORDER BY seq DESC LIMIT 1", writer)
        return genesis(self._log_id, writer) if row is None else Head(*row)

    def edge(self, writer: str) -> Edge | None:
        row = self._one("SELECT body, parts FROM tree_head WHERE writer = ? ORDER BY size DESC LIMIT 1", writer)
        return None if row is None else read_edge(*row)

    def hashes(self, writer: str, after: int) -> Iterator[bytes]:
        sql = "SELECT hash FROM record WHERE writer = ? AND seq > ? ORDER BY seq"
        try:
            for row in self._open_connection().execute(sql, (writer, after)):
                yield bytes.fromhex(row[0])
        except (sqlite3.Error, OSError, ValueError) as error:
            self._drop()
            raise StoreFailed(f"{self._path}: {error}") from error

    def write_edge(self, edge: Edge) -> None:
        row = (edge.head.writer, edge.head.size, *written_edge(edge))
        try:
            self._open_connection().execute("INSERT INTO tree_head (writer, size, body, parts) VALUES (?, ?, ?, ?)", row)
        except (sqlite3.Error, OSError) as error:
            self._drop()
            raise StoreFailed(f"{self._path}: {error}") from error

    def write(self, writer: str, records: Sequence[Sealed]) -> None:
        try:
            self._open_connection().execute(*_insertion(writer, records))
        except (sqlite3.Error, OSError) as error:
            self._drop()
            raise StoreFailed(f"{self._path}: {error}") from error

    def close(self) -> None:
        self._drop()
        if self._slot is not None:
            self._slot.free()
            self._slot = None

    def _one(self, sql: str, writer: str) -> Any:
        try:
            return self._open_connection().execute(sql, (writer,)).fetchone()
        except (sqlite3.Error, OSError) as error:
            self._drop()
            raise StoreFailed(f"{self._path}: {error}") from error

    def _open_connection(self) -> sqlite3.Connection:
        """The connection, opened again after a failure; never to a file that is not the one we started with."""
        if _identity(self._path) != self._file:
            raise OSError("the log file was replaced while it was written")
        if self._connection is None:
            self._connection = _connect(self._path)
        return self._connection

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    # The log's thread uses the connection, another one opens and closes it: never two at a time.
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    except BaseException:
        connection.close()
        raise
    return connection


def _insertion(writer: str, records: Sequence[Sealed]) -> tuple[str, tuple[str | int, ...]]:
    first = records[0]
    if len(records) == 1:
        return _INSERT_ONE, (writer, first.seq, first.id, first.body.decode(), first.hash)
    ids = "".join(record.id for record in records)
    hashes = "".join(record.hash for record in records)
    bodies = msgspec.json.encode([record.body.decode() for record in records]).decode()
    return _INSERT, (writer, first.seq, ids, hashes, bodies)


def _found(connection: sqlite3.Connection) -> None:
    """Make the tables of a new log and give it its id."""
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA}")
    connection.execute("INSERT INTO log VALUES (?, 1)", (secrets.token_hex(16),))
    connection.execute("COMMIT")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
