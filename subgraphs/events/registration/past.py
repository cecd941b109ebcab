"""Versions of an event that a later one replaced, shown under the same rights as the event itself.

What comes in: kept versions and the caller's row rules. What goes out: `Past`, which the graph shows as an `Event`; a version
that the row rules would not show is not shown, though the event be visible now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from authz.rows import EVERY_ROW, holds
from subgraphs.events.model import EventRecord
from subgraphs.events.store import Edge
from subgraphs.room.records import Kept
from subgraphs.room.territory import municipality_of
from subgraphs.room.where import Rows


@dataclass(frozen=True, slots=True)
class Past(Kept[EventRecord]):
    """A version as it was. Its involvements are those that it had; it has no history of its own."""


def past(kept: Kept[EventRecord] | None, rows: Rows) -> Past | None:
    """The version, when the row rules show it."""
    if kept is None or not holds(rows.get("Event", EVERY_ROW), attributes_of(kept.record)):
        return None
    return Past(kept.record, kept.version, kept.changed_at)


def edges_of(version: Past, edge: str, rows: Rows) -> tuple[Edge, ...]:
    """The visible involvements that the version had, along `edge`."""
    record, rule = version.record, rows.get("PersonInvolvement", EVERY_ROW)
    match edge:
        case "persons":
            parts = [
                part
                for part in record.persons
                if holds(rule, {"role": part.role.value, "dataSubjectCategory": part.category.value})
            ]
            return tuple(Edge(record.id, part) for part in parts)
        case "vehicles":
            return tuple(Edge(record.id, part) for part in record.vehicles)
        case "documents":
            return tuple(Edge(record.id, part) for part in record.documents)
        case _:
            return tuple(Edge(record.id, part) for part in record.items)


def attributes_of(record: EventRecord) -> Mapping[str, object]:
    """What row rules read of an event, as the columns of `subgraphs.events.tables` have it."""
    place = record.place
    has_point = place is not None and place.lat is not None and place.lon is not None
    return {
        "territory": municipality_of(place.atvk) if place else None,
        "territoryOwner": record.territory_owner,
        "registeredBy": record.registered_by.institution,
        "zone": place.zone if place else None,
        "point": (place.lat, place.lon) if place and has_point else None,
        "kind": record.kind.value,
        "subkind": record.subkind,
        "status": record.status.value,
        "classification": record.classification.level,
        "sealed": record.sealed,
        "caseNumbers": {decision.case_number.strip() for decision in record.decisions if decision.case_number},
    }
