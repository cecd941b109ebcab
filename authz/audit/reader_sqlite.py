"""The inspector's side of a log in a SQLite file: one snapshot, also from a copy on a disk that cannot be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.store import ReadFailed, Row
from authz.audit.tree_heads import SignedHead, read_head

_NOT_A_LOG: Final = "is not an audit log that can be read"
_ROW: Final = "SELECT writer, seq, id, CAST(body AS BLOB), hash FROM record"


class SqliteReader:
    """Reads one file. `open` gives one snapshot, however many records are added meanwhile."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection
        self.log_id: str = str(self._all("SELECT id FROM log")[0][0])

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[SqliteReader]:
        """The log in `path`, until the end of the context. Raises UnreadableLog."""
        if not path.is_file():
            raise UnreadableLog(f"There is no audit log at {path}: name the file, such as DATA/audit.sqlite3.")
        try:
            with closing(_connect(path)) as connection:
                connection.execute("BEGIN")
                yield cls(path, connection)
        except sqlite3.Error as error:
            raise UnreadableLog(f"{path} {_NOT_A_LOG} ({error}).") from error

    def writers(self) -> list[str]:
        return [str(row[0]) for row in self._all("SELECT DISTINCT writer FROM record ORDER BY writer")]

    def rows(self, writer: str, after: int = 0) -> Iterator[Row]:
        return self._rows(f"{_ROW} WHERE writer = ? AND seq > ? ORDER BY seq", writer, after)

    def hashes(self, writer: str, first: int, end: int) -> Iterator[bytes]:
        sql = "SELECT hash FROM record WHERE writer = ? AND seq > ? AND seq <= ? ORDER BY seq"
        try:
            for row in self._connection.execute(sql, (writer, first, end)):
                yield bytes.fromhex(row[0])
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise ReadFailed(f"{self._path} is damaged ({error}).") from error

    def newest(self, count: int) -> list[Row]:
        return list(self._rows(f"{_ROW} ORDER BY rowid DESC LIMIT ?", count))[::-1]

    def row(self, record_id: str) -> Row | None:
        return next(self._rows(f"{_ROW} WHERE id = ?", record_id), None)

    def containing(self, texts: Sequence[str]) -> Iterator[Row]:
        where = " OR ".join("instr(body, ?) > 0" for _ in texts) or "1"
        return self._rows(f"{_ROW} WHERE {where} ORDER BY rowid", *texts)

    def signed_heads(self, writer: str) -> list[SignedHead]:
        if not self._all("SELECT 1 FROM sqlite_schema WHERE name = 'tree_head'"):
            return []
        bodies = self._all("SELECT body FROM tree_head WHERE writer = ? ORDER BY size", writer)
        try:
            return [read_head(row[0]) for row in bodies]
        except (msgspec.DecodeError, TypeError) as error:
            raise ReadFailed(f"{self._path} holds a signed head of {writer} that is none ({error}).") from error

    def _rows(self, sql: str, *values: object) -> Iterator[Row]:
        try:
            for row in self._connection.execute(sql, values):
                yield Row(*row)
        except sqlite3.Error as error:
            raise ReadFailed(f"{self._path} is damaged ({error}).") from error

    def _all(self, sql: str, *values: object) -> list[Any]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise ReadFailed(f"{self._path} {_NOT_A_LOG} ({error}).") from error


def _connect(path: Path) -> sqlite3.Connection:
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    connection = sqlite3.connect(address, uri=True)
    try:
        connection.execute("SELECT count(*) FROM log").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(f"{path.name}-wal").exists():
            raise  # the newest records lie in the WAL: reading past it would hide them
        # A finished copy on a medium that cannot be written: SQLite needs to be told that nobody changes it.
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True)
        try:
            connection.execute("SELECT count(*) FROM log").fetchone()
        except sqlite3.Error:
            connection.close()
            raise
    except sqlite3.Error:
        connection.close()
        raise
    return connection
