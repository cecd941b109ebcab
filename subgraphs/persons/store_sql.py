"""The register of natural persons in a SQL database: what SQLite and PostgreSQL share.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.persons.store.PersonStore` promises. The tables
are in `subgraphs.persons.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from subgraphs.persons.model import PersonRecord
from subgraphs.persons.tables import CODE, PERSON, PROJECTION, REGISTER
from subgraphs.room import reading
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept
from subgraphs.room.sql_records import SqlProjection, SqlRecords
from subgraphs.room.where import Rows


class SqlPersonStore(SqlRecords[PersonRecord], SqlProjection):
    """See `PersonStore`."""

    projection = PROJECTION

    async def by_codes(self, codes: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """See `PersonStore.by_codes`."""
        if not codes:
            return {}
        found = sa.and_(CODE.c.id == PERSON.c.id, one_of(CODE.c.code, codes))
        async with self.database.reading() as connection:
            matches = await reading.matching(connection, REGISTER, found, rows, CODE.c.code, CODE.c.current, PERSON.c.id)
        persons: dict[str, Kept[PersonRecord]] = {}
        for row in sorted(matches, key=lambda row: (not row.current, row.id)):
            persons.setdefault(row.code, reading.kept(REGISTER, row))
        return persons
