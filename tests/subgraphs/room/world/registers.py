"""The four invented registers, for tests that look at all of them: what the rooms would hold of a world."""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.documents.model import DocumentRecord
from subgraphs.documents.seed import records as document_records
from subgraphs.events.model import EventRecord
from subgraphs.events.seed import records as event_records
from subgraphs.persons.model import PersonRecord
from subgraphs.persons.seed import records as person_records
from subgraphs.room.world import World
from subgraphs.vehicles.model import VehicleRecord
from subgraphs.vehicles.seed import records as vehicle_records


@dataclass(frozen=True, slots=True)
class Registers:
    """Everything that the rooms hold of a world."""

    events: tuple[EventRecord, ...]
    persons: tuple[PersonRecord, ...]
    vehicles: tuple[VehicleRecord, ...]
    documents: tuple[DocumentRecord, ...]


def registers(world: World) -> Registers:
    """The registers of the whole world."""
    numbers = range(world.communities)
    return Registers(
        tuple(record for number in numbers for record in event_records(world, number)),
        tuple(record for number in numbers for record in person_records(world, number)),
        tuple(record for number in numbers for record in vehicle_records(world, number)),
        tuple(record for number in numbers for record in document_records(world, number)),
    )
