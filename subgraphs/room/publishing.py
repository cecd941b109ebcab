"""Counts under a contract that forbids subtracting them (`aggregates.forbid_overlap`): each is held against those before.

What comes in: a store and the caller's mask. What goes out: the same store, whose `count` raises Suppressed for a count that
would, with others, tell of too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from authz.aggregates import CountLedger, Differencing
from authz.mask import Mask
from subgraphs.room.where import All, AnyOf, Not, Rows, Where
from subgraphs.room.where_text import text_of, where_in

S = TypeVar("S")


def publishing(store: S, mask: Mask, ledger: CountLedger) -> S:
    """The store as this caller counts in it."""
    return cast("S", _Publishing(store, mask, ledger)) if mask.aggregates.forbid_overlap else store


class _Publishing:
    """A store that counts carefully and does everything else as it is."""

    def __init__(self, store: Any, mask: Mask, ledger: CountLedger) -> None:
        self._store = store
        self._guard: Differencing[Where] = Differencing(ledger, mask.contract_id, mask.aggregates.min_cell, where_in)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def count(self, where: Where, rows: Rows) -> int:
        """See `RecordStore.count`; a count that was told before and changed by few is told as it was. Raises Suppressed."""
        found: int = await self._store.count(where, rows)
        return await self._guard.admit(text_of(where), found, _Rows(self._store, rows))


class _Rows:
    """The rows that the caller may see."""

    def __init__(self, store: Any, rows: Rows) -> None:
        self._store = store
        self._rows = rows

    async def outside(self, inside: Where, without: Sequence[Where]) -> int:
        """See `Universe.outside`."""
        found: int = await self._store.count(All((inside, Not(AnyOf(tuple(without))))), self._rows)
        return found
