"""The register of natural persons in a SQL database: what SQLite and PostgreSQL share.

What comes in: records, look-ups, listings. What goes out: what `subgraphs.persons.store.PersonStore` promises. The tables
are in `subgraphs.persons.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from subgraphs.persons.identity.reading import surviving
from subgraphs.persons.identity.writing import SqlIdentity
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.tables import CODE, PROJECTION, PROJECTION_CHANGE
from subgraphs.room.one_of import one_of
from subgraphs.room.records import Kept
from subgraphs.room.sql_records import SqlChanges, SqlProjection, SqlRecords
from subgraphs.room.where import Rows


class SqlPersonStore(SqlIdentity, SqlRecords[PersonRecord], SqlProjection, SqlChanges):
    """See `PersonStore`."""

    projection = PROJECTION
    outbox = PROJECTION_CHANGE

    async def by_codes(self, codes: Sequence[str], rows: Rows) -> dict[str, Kept[PersonRecord]]:
        """See `PersonStore.by_codes`."""
        if not codes:
            return {}
        statement = sa.select(CODE.c.code, CODE.c.current, CODE.c.id).where(one_of(CODE.c.code, codes))
        async with self.database.reading() as connection:
            having = (await connection.execute(statement)).all()
            standing = await surviving(connection, sorted({row.id for row in having}), rows)
        persons: dict[str, Kept[PersonRecord]] = {}
        for row in sorted(having, key=lambda row: (not row.current, row.id)):
            if row.id in standing:
                persons.setdefault(row.code, standing[row.id])
        return persons
