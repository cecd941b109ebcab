"""What the event register's store promises beyond `subgraphs.room.store`: look-ups by number and source, and involvements as
edges.

An involvement is visible when its own row rule holds and its event is visible.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from subgraphs.events.cases.store import CaseChanges
from subgraphs.events.model import (
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    VehicleInvolvementRecord,
)
from subgraphs.events.registration.change import RegistrationStore
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.records import Involved, Kept, Slice, Wrapper
from subgraphs.room.store import ChangingStore, RecordStore
from subgraphs.room.where import Listing, Rows, Where

InvolvementRecord = PersonInvolvementRecord | VehicleInvolvementRecord | DocumentInvolvementRecord | ItemInvolvementRecord


@dataclass(frozen=True, slots=True)
class Edge(Wrapper):
    """An involvement and the event that it belongs to."""

    event_id: str
    record: InvolvementRecord


class EventStore(RecordStore[EventRecord], ChangingStore, RegistrationStore, CaseChanges, Protocol):
    """The event register."""

    async def by_numbers(self, numbers: Sequence[str], rows: Rows) -> dict[str, Kept[EventRecord]]:
        """The visible events with these registration numbers, by the number's normal form
        (`kernel.natural_keys.normal_number`).
        """
        ...

    async def ids_by_source(self, system: str, ids: Sequence[str]) -> dict[str, str]:
        """Our event id for each id of the source system that is known: for imports, which have no caller to hide anything
        from.
        """
        ...

    async def involvements_of(self, edge: str, event_ids: Sequence[str], rows: Rows) -> dict[str, tuple[Edge, ...]]:
        """The visible involvements of each event, in the record's order. `edge`: `persons`, `vehicles`, `documents` or
        `items`.
        """
        ...

    async def involvements(self, kind: EntityKind, ids: Sequence[str], listing: Listing) -> dict[str, Slice[Edge]]:
        """For each person, vehicle or document: one page of its visible involvements. One statement for all of them."""
        ...

    async def count_involvements(self, kind: EntityKind, ids: Sequence[str], where: Where, rows: Rows) -> dict[str, int]:
        """For each person, vehicle or document: how many visible involvements match."""
        ...

    def involved(self, kind: EntityKind, ids: Sequence[str] | None = None) -> AsyncIterator[list[Involved]]:
        """The projection that the room of `kind` keeps, in batches in the order of ids: of these, or of all."""
        ...
