"""The inspector's side of a log in PostgreSQL: one read-only snapshot, read in pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from authz.audit.errors import UnreadableLog
from authz.audit.store import ReadFailed, Row
from authz.audit.tree_heads import SignedHead, read_head
from authz.postgresql import Database, DatabaseGone

_ROW: Final = "SELECT writer, seq, id, convert_to(body, 'UTF8'), hash, n FROM audit.record"
_HOLDS_ANY: Final = "EXISTS (SELECT 1 FROM unnest($2::text[]) AS wanted WHERE strpos(body, wanted) > 0)"
_PAGE: Final = 2_000


class PostgresqlReader:
    """Reads one database. A connection that breaks ends the reading: another one would see another moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.log_id: str = str(self._all("SELECT id FROM audit.log")[0][0])

    @classmethod
    @contextmanager
    def open(cls, address: str) -> Iterator[PostgresqlReader]:
        """The log at `address`, until the end of the context. Raises UnreadableLog."""
        database = Database(address)
        try:
            database.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield cls(database)
        except (DatabaseGone, ReadFailed, IndexError) as error:
            raise UnreadableLog(f"There is no audit log in this database that can be read ({error}).") from error
        finally:
            database.close()

    def writers(self) -> list[str]:
        return [str(row[0]) for row in self._all("SELECT DISTINCT writer FROM audit.record ORDER BY writer")]

    def rows(self, writer: str, after: int = 0) -> Iterator[Row]:
        while page := self._all(f"{_ROW} WHERE writer = $1 AND seq > $2 ORDER BY seq LIMIT {_PAGE}", writer, after):
            yield from (Row(*row[:5]) for row in page)
            after = page[-1][1]

    def hashes(self, writer: str, first: int, end: int) -> Iterator[bytes]:
        sql = "SELECT seq, hash FROM audit.record WHERE writer = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT 20000"
        while page := self._all(sql, writer, first, end):
            for _, text in page:
                yield _leaf(text)
            first = page[-1][0]

    def newest(self, count: int) -> list[Row]:
        return [Row(*row[:5]) for row in reversed(self._all(f"{_ROW} ORDER BY n DESC LIMIT $1", count))]

    def row(self, record_id: str) -> Row | None:
        found = self._all(f"{_ROW} WHERE id = $1", record_id)
        return Row(*found[0][:5]) if found else None

    def containing(self, texts: Sequence[str]) -> Iterator[Row]:
        holds = f"(cardinality($2::text[]) = 0 OR {_HOLDS_ANY})"
        after = 0
        while page := self._all(f"{_ROW} WHERE n > $1 AND {holds} ORDER BY n LIMIT {_PAGE}", after, list(texts)):
            yield from (Row(*row[:5]) for row in page)
            after = page[-1][5]

    def signed_heads(self, writer: str) -> list[SignedHead]:
        bodies = self._all("SELECT body FROM audit.tree_head WHERE writer = $1 ORDER BY size", writer)
        try:
            return [read_head(row[0]) for row in bodies]
        except msgspec.DecodeError as error:
            raise ReadFailed(f"The log holds a signed head of {writer} that is none ({error}).") from error

    def _all(self, sql: str, *values: object) -> Sequence[Any]:
        try:
            return self._database.rows(sql, *values)
        except DatabaseGone as error:
            raise ReadFailed(f"PostgreSQL: {error}") from error


def _leaf(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise ReadFailed(f"The log holds a hash that is none ({error}).") from error
