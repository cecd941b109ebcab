"""Receipts that are committed and not yet handed over, in a SQL database.

What comes in: what `taking` put there. What goes out: receipts by numbers, until they are told to be handed over. One process
hands over at a time; what is handed over twice does no harm, what is not handed over at all would.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from subgraphs.events.registration.receiving_tables import RECEIPT
from subgraphs.room.database import Database
from subgraphs.room.one_of import one_of


@dataclass(frozen=True, slots=True)
class Waiting:
    """A receipt (JSON) for a source."""

    number: int
    source: str
    body: bytes


class Receipts:
    """The receipts of one register."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Inside, no other process hands over."""
        return self._database.alone("events receipts")

    async def waiting(self, limit: int, without: Collection[str] = ()) -> Sequence[Waiting]:
        """The oldest receipts, without those for some sources."""
        statement = sa.select(RECEIPT).order_by(RECEIPT.c.number).limit(limit)
        if without:
            statement = statement.where(RECEIPT.c.source_id.not_in(sorted(without)))
        async with self._database.reading() as connection:
            return [Waiting(row.number, row.source_id, row.body) for row in await connection.execute(statement)]

    async def handed_over(self, numbers: Collection[int]) -> None:
        """These are where they belong."""
        statement = sa.delete(RECEIPT).where(one_of(RECEIPT.c.number, numbers))

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(statement)

        await self._database.transact(work)

    async def number(self) -> int:
        """How many wait."""
        async with self._database.reading() as connection:
            return int((await connection.execute(sa.select(sa.func.count()).select_from(RECEIPT))).scalar_one())
