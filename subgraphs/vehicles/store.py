"""What the store of the register of vehicles promises beyond `subgraphs.room.store`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from subgraphs.room.records import Kept, Wrapper
from subgraphs.room.store import ChangingStore, ProjectingStore
from subgraphs.room.where import Rows
from subgraphs.vehicles.model import VehicleHoldingRecord, VehicleRecord


@dataclass(frozen=True, slots=True)
class Holding(Wrapper):
    """A holding and the vehicle that it is about."""

    vehicle_id: str
    record: VehicleHoldingRecord


class VehicleStore(ProjectingStore[VehicleRecord], ChangingStore, Protocol):
    """The register of vehicles."""

    async def by_plates(self, plates: Sequence[tuple[str, str]], rows: Rows) -> dict[tuple[str, str], Kept[VehicleRecord]]:
        """The visible vehicle for each (plate in normal form, country); when a plate moved on, the vehicle registered now."""
        ...

    async def by_vins(self, vins: Sequence[str], rows: Rows) -> dict[str, Kept[VehicleRecord]]:
        """The visible vehicles with these identification numbers, by normal form."""
        ...

    async def holdings_of(self, person_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Holding, ...]]:
        """For each person the holdings of visible vehicles, latest first."""
        ...
