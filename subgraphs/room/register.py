"""A register of records in SQL tables: what one adapter (SQLite, PostgreSQL) needs to know to keep any of the four.

What comes in: the tables, how a record becomes rows, which columns serve filters and row rules. What goes out: a `Register`,
which `writing` and `reading` work on. A record is kept whole in `body` (canonical JSON); columns beside it exist only to be
searched, ordered and ruled by, and everything in them is derived from the body, so it can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from subgraphs.room.one_of import one_of
from subgraphs.room.sql import Scope

R = TypeVar("R", bound=msgspec.Struct)

TEXT: Final = sa.String().with_variant(sa.VARCHAR(collation="C"), "postgresql")
"""Text that is compared and ordered by its bytes in every database, as SQLite does: orders and cursors are the same."""


@dataclass(frozen=True, slots=True)
class SideTable(Generic[R]):
    """A table of rows that a record brings with it, replaced when the record changes; `owner` is its column for the record's
    id.
    """

    table: sa.Table
    owner: sa.Column[Any]
    rows_of: Callable[[R], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the events' projection onto this register's records is kept: pairs of id and value.

    `links` are pairs of a record and somebody or something that has it: what the one is involved in concerns the other, too.
    """

    territories: sa.Table
    agencies: sa.Table
    links: sa.Table | None = None


@dataclass(frozen=True, slots=True)
class Outbox(Generic[R]):
    """Whose projection a change moves, in the change's own transaction: `targets_of` the record before and after."""

    table: sa.Table
    targets_of: Callable[[R, R], Collection[str]]


@dataclass(frozen=True, slots=True)
class Keys:
    """Each id once; the other columns are the record's own, among them `lies_at`."""

    table: sa.Table
    lies_at: str

    def same_record(self, records: sa.Table) -> sa.ColumnElement[bool]:
        """Where key and record are of one thing."""
        return sa.and_(records.c.id == self.table.c.id, records.c[self.lies_at] == self.table.c[self.lies_at])


@dataclass(frozen=True, slots=True)
class Register(Generic[R]):
    """A register. `columns_of` gives the searched columns of a record, without those that every register has.

    `keys` is there where the records lie in partitions: a table that has each id once, and the column (`lies_at`) that says in
    which partition its record is.
    """

    record_type: type[R]
    table: sa.Table
    history: sa.Table
    columns_of: Callable[[R], Mapping[str, Any]]
    scope: Scope
    sides: tuple[SideTable[R], ...] = ()
    projection: Projection | None = None
    outbox: Outbox[R] | None = None
    keys: Keys | None = None

    def of_ids(self, ids: Collection[str]) -> sa.ColumnElement[bool]:
        """The records with these ids; with `keys` no partition is looked into but theirs."""
        if self.keys is None:
            return one_of(self.table.c.id, ids)
        return sa.and_(one_of(self.keys.table.c.id, ids), self.keys.same_record(self.table))


def record_table(name: str, metadata: sa.MetaData, *columns: sa.Column[Any] | sa.Index) -> sa.Table:
    """The table of a register's current records: what all have, and the register's own columns and indexes."""
    return sa.Table(
        name,
        metadata,
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        *columns,
    )


def history_table(name: str, metadata: sa.MetaData) -> sa.Table:
    """The table of versions that a later one replaced."""
    return sa.Table(
        f"{name}_history",
        metadata,
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )


def outbox_table(metadata: sa.MetaData) -> sa.Table:
    """The table of changes that projections have not followed yet."""
    return sa.Table(
        "projection_change",
        metadata,
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("target", TEXT, nullable=False),
        sqlite_autoincrement=True,  # a number is never given twice, so what came later is never taken for what was dealt with
    )


def pair_table(name: str, metadata: sa.MetaData, value: str = "value") -> sa.Table:
    """A table of pairs (record id, value), each once, found both ways."""
    return sa.Table(
        name,
        metadata,
        sa.Column("id", TEXT, primary_key=True),
        sa.Column(value, TEXT, primary_key=True),
        sa.Index(f"{name}_by_{value}", value, "id"),
        sqlite_with_rowid=False,
    )


def members(table: sa.Table, record_id: sa.ColumnElement[Any]) -> Callable[[sa.ColumnElement[bool]], sa.ColumnElement[bool]]:
    """`exists` of a pair table: some pair of this record fulfils the condition."""
    return lambda condition: sa.exists().where(table.c.id == record_id, condition)


def among(
    record_id: sa.ColumnElement[Any], owner: sa.ColumnElement[Any]
) -> Callable[[sa.ColumnElement[bool]], sa.ColumnElement[bool]]:
    """`record_id IN (SELECT owner … WHERE condition)`: a filter begins in the side table's index, not at every record."""
    return lambda condition: record_id.in_(sa.select(owner).where(condition).correlate(None))
