"""Batched look-ups of cases, for one request: what several resolvers ask for is asked of the store once.

What comes in: the store and the caller's row rules. What goes out: one `CaseLoaders` per request.
"""

from __future__ import annotations

from collections.abc import Sequence

from kernel.paging import Page
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.cases.store import CaseStore
from subgraphs.events.model import EventRecord
from subgraphs.room.batching import Loader, loader
from subgraphs.room.records import Kept, Slice
from subgraphs.room.where import Listing, Rows, Sort, Where


class CaseLoaders:
    """The batched look-ups of cases."""

    def __init__(self, store: CaseStore, rows: Rows) -> None:
        async def by_ids(ids: Sequence[str]) -> dict[str, Kept[CaseRecord]]:
            return await store.by_ids(ids, rows)

        async def by_numbers(numbers: Sequence[str]) -> dict[str, Kept[CaseRecord]]:
            return await store.by_numbers(numbers, rows)

        async def of_events(event_ids: Sequence[str]) -> dict[str, tuple[Kept[CaseRecord], ...]]:
            return await store.of_events(event_ids, rows)

        self.by_id: Loader[str, Kept[CaseRecord]] = loader(by_ids)
        self.by_number: Loader[str, Kept[CaseRecord]] = loader(by_numbers)
        self.of_event: Loader[str, tuple[Kept[CaseRecord], ...]] = loader(of_events)
        self._store = store
        self._rows = rows
        self._pages: dict[tuple[Where, tuple[Sort, ...], Page], Loader[str, Slice[Kept[EventRecord]]]] = {}
        self._counts: dict[Where, Loader[str, int]] = {}

    def forget(self) -> None:
        """Ask the store anew from now on: something was written."""
        self.by_id.forget()
        self.by_number.forget()
        self.of_event.forget()
        self._pages.clear()
        self._counts.clear()

    def events(self, listing: Listing) -> Loader[str, Slice[Kept[EventRecord]]]:
        """One page of the events of each case that this listing is asked for."""

        async def find(case_ids: Sequence[str]) -> dict[str, Slice[Kept[EventRecord]]]:
            return await self._store.events(case_ids, listing)

        return self._pages.setdefault((listing.where, listing.order, listing.page), loader(find))

    def counts(self, where: Where) -> Loader[str, int]:
        """How many events match, for each case."""

        async def find(case_ids: Sequence[str]) -> dict[str, int]:
            return await self._store.count_events(case_ids, where, self._rows)

        return self._counts.setdefault(where, loader(find))
