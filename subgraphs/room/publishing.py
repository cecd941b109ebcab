"""Counts under a contract that bounds them: by so many fields at once (`aggregates.max_dimensions`), and each held against
those before (`aggregates.forbid_overlap`).

What comes in: a store and the caller's mask. What goes out: the same store, whose `count` raises Suppressed for a count that
is narrowed by too many fields, or would, with others, tell of too few.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast

from authz.aggregates import CountLedger, Differencing, Suppressed
from authz.mask import Mask
from subgraphs.room.where import All, AnyOf, Compare, Not, Rows, Some, Where
from subgraphs.room.where_text import text_of, where_in

S = TypeVar("S")


def publishing(store: S, mask: Mask, ledger: CountLedger) -> S:
    """The store as this caller counts in it."""
    aggregates = mask.aggregates
    is_bounded = aggregates.forbid_overlap or aggregates.max_dimensions is not None
    return cast("S", _Publishing(store, mask, ledger)) if is_bounded else store


class _Publishing:
    """A store that counts carefully and does everything else as it is."""

    def __init__(self, store: Any, mask: Mask, ledger: CountLedger) -> None:
        self._store = store
        self._aggregates = mask.aggregates
        self._guard: Differencing[Where] = Differencing(ledger, mask.contract_id, mask.aggregates.min_cell, where_in)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def count(self, where: Where, rows: Rows) -> int:
        """See `RecordStore.count`; a count that was told before and changed by few is told as it was. Raises Suppressed."""
        most = self._aggregates.max_dimensions
        if most is not None and len(dimensions_of(where)) > most:
            raise Suppressed(f"Your contract counts by at most {most} fields at once: narrow by fewer.")
        found: int = await self._store.count(where, rows)
        if not self._aggregates.forbid_overlap:
            return found
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


def dimensions_of(where: Where) -> frozenset[str]:
    """The fields that a list is narrowed by; those of another type with the edge that leads to it. However often each is used,
    and however it is combined, it is one.
    """
    match where:
        case Compare(attribute):
            return frozenset((attribute,))
        case All(items) | AnyOf(items):
            return frozenset(name for item in items for name in dimensions_of(item))
        case Not(item):
            return dimensions_of(item)
        case Some(edge, item):
            return frozenset(f"{edge}.{name}" for name in dimensions_of(item)) or frozenset((edge,))
