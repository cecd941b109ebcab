"""Batched look-ups of one request to the room of persons: what several resolvers ask for is asked of the store once.

What comes in: the store and the caller's row rules. What goes out: one `Loaders` per request; nothing outlives it.
"""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from subgraphs.persons.model import PersonRecord
from subgraphs.persons.store import PersonStore
from subgraphs.room.batching import Loader, loader
from subgraphs.room.call import Call
from subgraphs.room.records import Involved, Kept
from subgraphs.room.store import Change
from subgraphs.room.where import Rows


class Loaders:
    """The room's batched look-ups."""

    def __init__(self, store: PersonStore, rows: Rows) -> None:
        async def by_ids(ids: Sequence[str]) -> dict[str, Kept[PersonRecord]]:
            return await store.by_ids(ids, rows)

        async def surviving(ids: Sequence[str]) -> dict[str, Kept[PersonRecord]]:
            return await store.surviving(ids, rows)

        async def merged_with(ids: Sequence[str]) -> dict[str, tuple[Kept[PersonRecord], ...]]:
            return await store.merged_with(ids, rows)

        async def by_codes(codes: Sequence[str]) -> dict[str, Kept[PersonRecord]]:
            return await store.by_codes(codes, rows)

        async def history(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
            return await store.history(ids, rows)

        async def involved(ids: Sequence[str]) -> dict[str, Involved]:
            return await store.involved_of(ids)

        self.by_id: Loader[str, Kept[PersonRecord]] = loader(surviving)  # who stands for a merged record is the person
        self.record: Loader[str, Kept[PersonRecord]] = loader(by_ids)
        self.merged_with: Loader[str, tuple[Kept[PersonRecord], ...]] = loader(merged_with)
        self.by_code: Loader[str, Kept[PersonRecord]] = loader(by_codes)
        self.history: Loader[str, tuple[Change, ...]] = loader(history)
        self.involved: Loader[str, Involved] = loader(involved)

    def forget(self) -> None:
        """Ask the store anew from now on: something was written."""
        for loaded in (self.by_id, self.record, self.merged_with, self.by_code, self.history, self.involved):
            loaded.forget()


Info = strawberry.Info[Call[PersonStore, Loaders], None]
"""What a resolver of this room is told of the request."""
