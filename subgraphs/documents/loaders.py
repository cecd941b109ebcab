"""Batched look-ups of one request to the room of documents: what several resolvers ask for is asked of the store once.

What comes in: the store and the caller's row rules. What goes out: one `Loaders` per request; nothing outlives it.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.store import DocumentStore, NumberKey
from subgraphs.room.batching import Loader, loader
from subgraphs.room.records import Kept
from subgraphs.room.store import Change
from subgraphs.room.where import Rows


class Loaders:
    """The room's batched look-ups."""

    def __init__(self, store: DocumentStore, rows: Rows) -> None:
        async def by_ids(ids: Sequence[str]) -> dict[str, Kept[DocumentRecord]]:
            return await store.by_ids(ids, rows)

        async def by_numbers(keys: Sequence[NumberKey]) -> dict[NumberKey, Kept[DocumentRecord]]:
            return await store.by_numbers(keys, rows)

        async def of_holders(person_ids: Sequence[str]) -> dict[str, tuple[Kept[DocumentRecord], ...]]:
            return await store.of_holders(person_ids, rows)

        async def history(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
            return await store.history(ids, rows)

        self.by_id: Loader[str, Kept[DocumentRecord]] = loader(by_ids)
        self.by_number: Loader[NumberKey, Kept[DocumentRecord]] = loader(by_numbers)
        self.of_holder: Loader[str, tuple[Kept[DocumentRecord], ...]] = loader(of_holders)
        self.history: Loader[str, tuple[Change, ...]] = loader(history)
