"""The register of natural persons in SQLite.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.persons.store.PersonStore` promises. The tables
are in `subgraphs.persons.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from kernel.clock import Clock
from subgraphs.persons.errors import PersonsUnavailable
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.tables import CODE, METADATA, PERSON, PROJECTION, REGISTER
from subgraphs.room import reading
from subgraphs.room.records import Kept
from subgraphs.room.sqlite import open_database
from subgraphs.room.sqlite_records import SqliteProjection, SqliteRecords
from subgraphs.room.where import Rows


class SqlitePersonStore(SqliteRecords[PersonRecord], SqliteProjection):
    """See `PersonStore`."""

    projection = PROJECTION

    async def by_codes(self, codes: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """See `PersonStore.by_codes`."""
        if not codes:
            return {}
        found = sa.and_(CODE.c.id == PERSON.c.id, CODE.c.code.in_(list(codes)))
        async with self.database.reading() as connection:
            matches = await reading.matching(connection, REGISTER, found, rows, CODE.c.code, CODE.c.current, PERSON.c.id)
        persons: dict[str, Kept[PersonRecord]] = {}
        for row in sorted(matches, key=lambda row: (not row.current, row.id)):
            persons.setdefault(row.code, reading.kept(REGISTER, row))
        return persons


async def open_store(path: Path, clock: Clock) -> SqlitePersonStore:
    """The register in the file at `path`, which is made when it is not there."""
    return SqlitePersonStore(await open_database(path, METADATA, PersonsUnavailable), REGISTER, clock)
