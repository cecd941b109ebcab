"""What lists of events and of involvements may be narrowed and ordered by. Each input field and each order says which field it
discloses; a condition on something that belongs to an event (`place`, `persons`) discloses the edge and the leaf.
"""

from __future__ import annotations

from enum import Enum
from typing import Optional

import strawberry

from subgraphs.events.enumerations import (
    DataSubjectCategory,
    DocumentRole,
    EventKind,
    EventStatus,
    PersonRole,
    ResponseCategory,
    VehicleRole,
)
from subgraphs.room.fields import filters, graphql_enum, operator, order_enum, words
from subgraphs.room.filters import ExactFilter, Filter, PointFilter, TextFilter, TimeFilter
from subgraphs.room.where import Sort

for _enumeration in (DataSubjectCategory, DocumentRole, EventKind, EventStatus, PersonRole, ResponseCategory, VehicleRole):
    graphql_enum(_enumeration)

_ALL = ("All of these hold.", "Visi šie nosacījumi.")
_ANY = ("At least one of these holds.", "Vismaz viens no šiem.")
_NOT = ("This does not hold.", "Šis nav spēkā.")


@strawberry.input(description=words("Where it happened.", "Nosacījums notikuma vietai."))
class PlaceWhere:
    """Conditions on the place of an event."""

    atvk: ExactFilter | None = filters(
        "Place.atvk", "The unit or the municipality (ATVK); a municipality finds all of its units.", "ATVK kods."
    )
    point: PointFilter | None = filters("Place.point", "Near a point.", "Punkta tuvumā.")


@strawberry.input(
    description=words("At least one person involved for whom all of this holds.", "Vismaz viena iesaistītā persona.")
)
class EventPersonWhere:
    """Conditions on a person's part in an event."""

    role: Filter[PersonRole] | None = filters("PersonInvolvement.role", "The role.", "Loma.")
    data_subject_category: Filter[DataSubjectCategory] | None = filters(
        "PersonInvolvement.dataSubjectCategory", "The category of data subject.", "Datu subjekta kategorija."
    )


@strawberry.input(description=words("At least one decision for which all of this holds.", "Vismaz viens lēmums."))
class EventDecisionWhere:
    """Conditions on a decision on an event."""

    case_number: ExactFilter | None = filters("Decision.caseNumber", "The number of the case.", "Lietas numurs.")


@strawberry.input(description=words("Which events; all conditions hold together.", "Kuri notikumi; visi nosacījumi kopā."))
class EventWhere:
    """Conditions on events."""

    and_: list[EventWhere] | None = operator(*_ALL, name="and")
    or_: list[EventWhere] | None = operator(*_ANY, name="or")
    not_: Optional[EventWhere] = operator(*_NOT, name="not")  # noqa: UP045  # a lazy name
    registration_number: TextFilter | None = filters(
        "Event.registrationNumber", "The registration number; spaces, hyphens and case do not matter.", "Notikuma numurs."
    )
    kind: Filter[EventKind] | None = filters("Event.kind", "The kind.", "Notikuma veids.")
    subkind: ExactFilter | None = filters("Event.subkind", "The subkind (code).", "Notikuma apakšveids (kods).")
    category: Filter[ResponseCategory] | None = filters("Event.category", "The response category.", "Reaģēšanas kategorija.")
    status: Filter[EventStatus] | None = filters("Event.status", "The status.", "Statuss.")
    occurred: TimeFilter | None = filters(
        "Event.occurred", "When it happened, or, when that is not known, was registered.", "Notikuma laiks."
    )
    registered_at: TimeFilter | None = filters("Event.registeredAt", "When it was registered.", "Reģistrēšanas laiks.")
    territory_owner: ExactFilter | None = filters(
        "Event.territoryOwner", "The agency whose event it is (id).", "Iestāde, kurai notikums piekrīt."
    )
    place: PlaceWhere | None = filters("Event.place", "Where it happened.", "Notikuma vieta.")
    persons: EventPersonWhere | None = filters("Event.persons", "Who was involved.", "Iesaistītās personas.")
    decisions: EventDecisionWhere | None = filters("Event.decisions", "What was decided.", "Pieņemtie lēmumi.")


@strawberry.input(
    description=words("Which involvements of a person; all conditions hold together.", "Kuras personas iesaistes notikumos.")
)
class PersonInvolvementWhere:
    """Conditions on the involvements of a person."""

    and_: list[PersonInvolvementWhere] | None = operator(*_ALL, name="and")
    or_: list[PersonInvolvementWhere] | None = operator(*_ANY, name="or")
    not_: Optional[PersonInvolvementWhere] = operator(*_NOT, name="not")  # noqa: UP045  # a lazy name
    role: Filter[PersonRole] | None = filters("PersonInvolvement.role", "The role.", "Loma.")
    data_subject_category: Filter[DataSubjectCategory] | None = filters(
        "PersonInvolvement.dataSubjectCategory", "The category of data subject.", "Datu subjekta kategorija."
    )
    event: EventWhere | None = filters("PersonInvolvement.event", "The event.", "Notikums.")


@strawberry.input(
    description=words("Which involvements of a vehicle; all conditions hold together.", "Kuras transportlīdzekļa iesaistes.")
)
class VehicleInvolvementWhere:
    """Conditions on the involvements of a vehicle."""

    and_: list[VehicleInvolvementWhere] | None = operator(*_ALL, name="and")
    or_: list[VehicleInvolvementWhere] | None = operator(*_ANY, name="or")
    not_: Optional[VehicleInvolvementWhere] = operator(*_NOT, name="not")  # noqa: UP045  # a lazy name
    role: Filter[VehicleRole] | None = filters("VehicleInvolvement.role", "The role.", "Loma.")
    event: EventWhere | None = filters("VehicleInvolvement.event", "The event.", "Notikums.")


@strawberry.input(
    description=words("Which involvements of a document; all conditions hold together.", "Kuras dokumenta iesaistes.")
)
class DocumentInvolvementWhere:
    """Conditions on the involvements of a document."""

    and_: list[DocumentInvolvementWhere] | None = operator(*_ALL, name="and")
    or_: list[DocumentInvolvementWhere] | None = operator(*_ANY, name="or")
    not_: Optional[DocumentInvolvementWhere] = operator(*_NOT, name="not")  # noqa: UP045  # a lazy name
    role: Filter[DocumentRole] | None = filters("DocumentInvolvement.role", "The role.", "Loma.")
    event: EventWhere | None = filters("DocumentInvolvement.event", "The event.", "Notikums.")


class EventOrder(Enum):
    """Orders of events."""

    OCCURRED_AT_ASC = "OCCURRED_AT_ASC"
    OCCURRED_AT_DESC = "OCCURRED_AT_DESC"
    REGISTERED_AT_ASC = "REGISTERED_AT_ASC"
    REGISTERED_AT_DESC = "REGISTERED_AT_DESC"


class InvolvementOrder(Enum):
    """Orders of involvements."""

    OCCURRED_AT_ASC = "OCCURRED_AT_ASC"
    OCCURRED_AT_DESC = "OCCURRED_AT_DESC"


order_enum(
    EventOrder,
    "How events are ordered; the id breaks ties.",
    "Notikumu kārtošana.",
    {"OCCURRED_AT": "Event.occurred", "REGISTERED_AT": "Event.registeredAt"},
)
order_enum(
    InvolvementOrder,
    "How involvements are ordered, by their events; the id breaks ties.",
    "Iesaistes notikumos kārtošana.",
    {"OCCURRED_AT": "Event.occurred"},
)

DEFAULT_ORDER = (Sort("id"),)
