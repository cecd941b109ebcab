"""Reading a log: always read-only, also while others write it, also from a copy on a disk that cannot be written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.record import AuditRecord, read_record

_NOT_A_LOG: Final = "is not an audit log that can be read"


def tail(path: Path, count: int) -> tuple[AuditRecord, ...]:
    """The newest `count` records of all writers, oldest first. Raises UnreadableLog."""
    with reading(path) as connection:
        rows = connection.execute(
            "SELECT CAST(body AS BLOB) FROM record ORDER BY rowid DESC LIMIT ?", (max(count, 0),)
        ).fetchall()
    return tuple(_record(row[0], path) for row in reversed(rows))


def find(path: Path, record_id: str) -> AuditRecord | None:
    """The record with the id that an answer named in `extensions.audit.recordId`. Raises UnreadableLog."""
    with reading(path) as connection:
        row = connection.execute("SELECT CAST(body AS BLOB) FROM record WHERE id = ?", (record_id,)).fetchone()
    return None if row is None else _record(row[0], path)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection to the log in `path`. Raises UnreadableLog, also for what goes wrong while it is used."""
    if not path.is_file():
        raise UnreadableLog(f"There is no audit log at {path}: name the file, such as DATA/audit.sqlite.")
    try:
        with closing(_connect(path)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise UnreadableLog(f"{path} {_NOT_A_LOG} ({error}).") from error


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


def _record(body: bytes, path: Path) -> AuditRecord:
    try:
        return read_record(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableLog(f"{path} holds a record that was tampered with ({error}): run `saite audit verify`.") from error
