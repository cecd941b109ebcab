"""The event register in PostgreSQL: events lie in one partition a month, by when they happened.

What comes in: the database's address. What goes out: the store, of which `store_sql.py` is the rest. `event_key` has each event
once, for ever, and the name that its source knows it by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import sqlalchemy as sa

from kernel.clock import Clock
from subgraphs.events.errors import EventsUnavailable
from subgraphs.events.store_sql import SqlEventStore
from subgraphs.events.tables import EVENT, REGISTER
from subgraphs.room.one_of import one_of
from subgraphs.room.partitions import Partitioned
from subgraphs.room.postgresql import Limits, open_database
from subgraphs.room.register import TEXT, Keys

PARTITIONED: Final = Partitioned(EVENT.name, EVENT.c.occurred_at.name)
KEYS_METADATA: Final = sa.MetaData()
EVENT_KEY: Final = sa.Table(
    "event_key",
    KEYS_METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("occurred_at", sa.BigInteger, nullable=False),
    sa.Column("source_system", TEXT),
    sa.Column("source_id", TEXT),
    sa.Index("event_key_by_source", "source_system", "source_id"),
)


class PostgresqlEventStore(SqlEventStore):
    """See `EventStore`."""

    async def ids_by_source(self, system: str, ids: Sequence[str]) -> dict[str, str]:
        """See `EventStore.ids_by_source`; asked of the keys, not of every month."""
        named = sa.and_(EVENT_KEY.c.source_system == system, one_of(EVENT_KEY.c.source_id, ids))
        async with self.database.reading() as connection:
            found = await connection.execute(sa.select(EVENT_KEY.c.source_id, EVENT_KEY.c.id).where(named))
            return {row.source_id: row.id for row in found}


async def open_store(address: str, clock: Clock, limits: Limits | None = None) -> PostgresqlEventStore:
    """The register in the database at `address`. Raises EventsUnavailable, and StoreNotMigrated without its tables."""
    database = await open_database(address, "events", EventsUnavailable, limits)
    return PostgresqlEventStore(database, replace(REGISTER, keys=Keys(EVENT_KEY, EVENT.c.occurred_at.name)), clock)
