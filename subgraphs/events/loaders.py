"""Batched look-ups of one request to the room of events: what several resolvers ask for is asked of the store once.

What comes in: the store and the caller's row rules. What goes out: one `Loaders` per request; nothing outlives it.
"""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from kernel.paging import Page
from subgraphs.events.cases.loaders import CaseLoaders
from subgraphs.events.model import EventRecord
from subgraphs.events.store import Edge, EventStore
from subgraphs.room.batching import Loader, loader
from subgraphs.room.call import Call
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.records import Kept, Slice
from subgraphs.room.store import Change
from subgraphs.room.where import Listing, Rows, Sort, Where


class Loaders:
    """The room's batched look-ups."""

    def __init__(self, store: EventStore, rows: Rows) -> None:
        async def by_ids(ids: Sequence[str]) -> dict[str, Kept[EventRecord]]:
            return await store.by_ids(ids, rows)

        async def by_numbers(numbers: Sequence[str]) -> dict[str, Kept[EventRecord]]:
            return await store.by_numbers(numbers, rows)

        async def history(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
            return await store.history(ids, rows)

        self.by_id: Loader[str, Kept[EventRecord]] = loader(by_ids)
        self.by_number: Loader[str, Kept[EventRecord]] = loader(by_numbers)
        self.history: Loader[str, tuple[Change, ...]] = loader(history)
        self.cases = CaseLoaders(store.cases, rows)
        self._store = store
        self._rows = rows
        self._edges: dict[str, Loader[str, tuple[Edge, ...]]] = {}
        self._pages: dict[tuple[EntityKind, Where, tuple[Sort, ...], Page], Loader[str, Slice[Edge]]] = {}
        self._counts: dict[tuple[EntityKind, Where], Loader[str, int]] = {}

    def forget(self) -> None:
        """Ask the store anew from now on: something was written."""
        for loaded in (self.by_id, self.by_number, self.history):
            loaded.forget()
        self.cases.forget()
        self._edges.clear()
        self._pages.clear()
        self._counts.clear()

    def edges(self, edge: str) -> Loader[str, tuple[Edge, ...]]:
        """The involvements of events along `edge` (`persons`, `vehicles`, `documents`, `items`)."""

        async def find(event_ids: Sequence[str]) -> dict[str, tuple[Edge, ...]]:
            return await self._store.involvements_of(edge, event_ids, self._rows)

        return self._edges.setdefault(edge, loader(find))

    def pages(self, kind: EntityKind, listing: Listing) -> Loader[str, Slice[Edge]]:
        """One page of the involvements of each person, vehicle or document that this listing is asked for."""

        async def find(ids: Sequence[str]) -> dict[str, Slice[Edge]]:
            return await self._store.involvements(kind, ids, listing)

        return self._pages.setdefault((kind, listing.where, listing.order, listing.page), loader(find))

    def counts(self, kind: EntityKind, where: Where) -> Loader[str, int]:
        """How many involvements match, for each person, vehicle or document."""

        async def find(ids: Sequence[str]) -> dict[str, int]:
            return await self._store.count_involvements(kind, ids, where, self._rows)

        return self._counts.setdefault((kind, where), loader(find))


Info = strawberry.Info[Call[EventStore, Loaders], None]
"""What a resolver of this room is told of the request."""
