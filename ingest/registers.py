"""The registers that an import writes into.

In: the rooms' stores. Out: `Registers`; who imports, for the audit: `Importer`.
"""

from __future__ import annotations

from dataclasses import dataclass

from subgraphs.documents.store import DocumentStore
from subgraphs.events.store import EventStore
from subgraphs.persons.store import PersonStore
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.projecting import Projecting, Projections
from subgraphs.vehicles.store import VehicleStore


@dataclass(frozen=True, slots=True)
class Registers:
    """The four rooms' stores."""

    events: EventStore
    persons: PersonStore
    vehicles: VehicleStore
    documents: DocumentStore

    @property
    def projections(self) -> Projections:
        """The registers that keep a projection of the events, and those whose changes move it."""
        by_kind: dict[EntityKind, Projecting] = {
            EntityKind.PERSON: self.persons,
            EntityKind.VEHICLE: self.vehicles,
            EntityKind.DOCUMENT: self.documents,
        }
        return Projections(self.events, by_kind, (self.events, self.persons, self.vehicles, self.documents))


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports: the agency's id and the user, as the audit names them."""

    agency: str
    user: str
