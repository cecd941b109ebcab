"""Reading a log: always read-only, also while others write it, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.record import AuditRecord, read_record
from authz.audit.store import Location, LogReader, ReadFailed, Row


def tail(location: Location, count: int) -> tuple[AuditRecord, ...]:
    """The newest `count` records of all writers, oldest first. Raises UnreadableLog."""
    with reading(location) as reader:
        return tuple(record_in(row) for row in reader.newest(max(count, 0)))


def find(location: Location, record_id: str) -> AuditRecord | None:
    """The record with the id that an answer named in `extensions.audit.recordId`. Raises UnreadableLog."""
    with reading(location) as reader:
        row = reader.row(record_id)
        return None if row is None else record_in(row)


@contextmanager
def reading(location: Location) -> Iterator[LogReader]:
    """The log in `location` as it is now. Raises UnreadableLog, also for what goes wrong while it is read."""
    try:
        with _opened(location) as reader:
            yield reader
    except ReadFailed as error:
        raise UnreadableLog(f"{error}") from error


def record_in(row: Row) -> AuditRecord:
    """The record in a stored row. Raises UnreadableLog when it is none."""
    try:
        return read_record(row.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableLog(
            f"Record {row.seq} of {row.writer} was tampered with ({error}): run `saite audit verify`."
        ) from error


@contextmanager
def _opened(location: Location) -> Iterator[LogReader]:
    if isinstance(location, Path):
        from authz.audit.reader_sqlite import SqliteReader

        with SqliteReader.open(location) as file:
            yield file
    else:
        from authz.audit.reader_postgresql import PostgresqlReader

        with PostgresqlReader.open(location) as database:
            yield database
