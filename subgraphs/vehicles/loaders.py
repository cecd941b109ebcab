"""Batched look-ups of one request to the room of vehicles: what several resolvers ask for is asked of the store once.

What comes in: the store and the caller's row rules. What goes out: one `Loaders` per request; nothing outlives it.
"""

from __future__ import annotations

from collections.abc import Sequence

from subgraphs.room.batching import Loader, loader
from subgraphs.room.records import Kept
from subgraphs.room.store import Change
from subgraphs.room.where import Rows
from subgraphs.vehicles.model import VehicleRecord
from subgraphs.vehicles.store import Holding, VehicleStore


class Loaders:
    """The room's batched look-ups."""

    def __init__(self, store: VehicleStore, rows: Rows) -> None:
        async def by_ids(ids: Sequence[str]) -> dict[str, Kept[VehicleRecord]]:
            return await store.by_ids(ids, rows)

        async def by_plates(plates: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Kept[VehicleRecord]]:
            return await store.by_plates(plates, rows)

        async def by_vins(vins: Sequence[str]) -> dict[str, Kept[VehicleRecord]]:
            return await store.by_vins(vins, rows)

        async def holdings(person_ids: Sequence[str]) -> dict[str, tuple[Holding, ...]]:
            return await store.holdings_of(person_ids, rows)

        async def history(ids: Sequence[str]) -> dict[str, tuple[Change, ...]]:
            return await store.history(ids, rows)

        self.by_id: Loader[str, Kept[VehicleRecord]] = loader(by_ids)
        self.by_plate: Loader[tuple[str, str], Kept[VehicleRecord]] = loader(by_plates)
        self.by_vin: Loader[str, Kept[VehicleRecord]] = loader(by_vins)
        self.holdings: Loader[str, tuple[Holding, ...]] = loader(holdings)
        self.history: Loader[str, tuple[Change, ...]] = loader(history)
