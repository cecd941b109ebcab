"""Searching events, and everything at once: which fields, what the index holds of an event, `searchEvents` and `search`.

What comes in: a text. What goes out: hits. `search` finds things of all four registers; what lives elsewhere goes out as a
reference, and its home decides again whether the caller sees it. The rest is `subgraphs.room.search`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Final

import strawberry
from strawberry import UNSET

from kernel.natural_keys import normal_number
from search.document import SearchDocument, values
from search.finding import Hit
from search.kinds import FacetField, FieldKind, SearchedField, SearchedType
from search.query import Conditions
from subgraphs.events.enumerations import EventKind, EventStatus, ResponseCategory
from subgraphs.events.loaders import Info
from subgraphs.events.model import EventRecord
from subgraphs.events.objects import Document, Event, Person, Vehicle
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.fields import filters, graphql_enum, open_argument, searches, words
from subgraphs.room.filters import ExactFilter, Filter, TimeFilter
from subgraphs.room.paging_arguments import After, First
from subgraphs.room.records import Involved, Kept
from subgraphs.room.references import Ref
from subgraphs.room.search import AreaFilter, Found, Text, area_of, at_home, facet, searched, seconds, span_of
from subgraphs.room.territory import municipality_of

graphql_enum(EntityKind)

TYPE: Final = SearchedType(
    "Event",
    fields=(
        SearchedField("Event.registrationNumber", "en", FieldKind.IDENTIFIER, normal_number),
        SearchedField("Decision.caseNumber", "ec", FieldKind.IDENTIFIER, normal_number, via="Event.decisions"),
        SearchedField("Event.summary", "es", FieldKind.TEXT),
        SearchedField("Place.text", "ep", FieldKind.TEXT, via="Event.place"),
    ),
    facets=(
        *(FacetField(f"Event.{name}") for name in ("kind", "subkind", "category", "status", "territoryOwner")),
        FacetField("Place.atvk", via="Event.place"),
    ),
    rows={
        "territory": "one",
        "territoryOwner": "one",
        "registeredBy": "one",
        "zone": "one",
        "point": "point",
        "kind": "one",
        "subkind": "one",
        "status": "one",
        "classification": "one",
        "sealed": "one",
        "caseNumbers": "many",
    },
)
_NAMES: Final[Mapping[EntityKind, str]] = {
    EntityKind.EVENT: "Event",
    EntityKind.PERSON: "Person",
    EntityKind.VEHICLE: "Vehicle",
    EntityKind.DOCUMENT: "Document",
}


def document_of(kept: Kept[EventRecord], _involved: Involved | None, position: int) -> SearchDocument:
    """What the index holds of an event."""
    record, place = kept.record, kept.record.place
    cases = tuple(sorted({decision.case_number.strip() for decision in record.decisions if decision.case_number}))
    territory = municipality_of(place.atvk) if place else None
    return SearchDocument(
        type="Event",
        id=record.id,
        version=position,
        values={
            "Event.registrationNumber": values(record.registration_number),
            "Decision.caseNumber": cases,
            "Event.summary": values(record.summary),
            "Place.text": values(place.text if place else None),
        },
        facets={
            "Event.kind": (record.kind.value,),
            "Event.subkind": values(record.subkind),
            "Event.category": (record.category.value,),
            "Event.status": (record.status.value,),
            "Event.territoryOwner": values(record.territory_owner),
            "Place.atvk": values(place.atvk if place else None, territory),
        },
        at=seconds(record.occurred_from or record.registered_at),
        lat=place.lat if place else None,
        lon=place.lon if place else None,
        rows={
            "territory": territory,
            "territoryOwner": record.territory_owner,
            "registeredBy": record.registered_by.institution,
            "zone": place.zone if place else None,
            "kind": record.kind.value,
            "subkind": record.subkind,
            "status": record.status.value,
            "classification": record.classification.level,
            "sealed": record.sealed,
            "caseNumbers": cases,
        },
    )


@strawberry.input(description=words("In which fields of events the text is looked for.", "Kuros notikuma laukos meklēt."))
class EventSearchFields:
    """Fields of events."""

    FIELDS: ClassVar[Mapping[str, str]] = {
        "registration_number": "Event.registrationNumber",
        "case_number": "Decision.caseNumber",
        "summary": "Event.summary",
        "place_text": "Place.text",
    }

    registration_number: bool | None = searches("Event.registrationNumber", "In the registration number.", "Notikuma numurā.")
    case_number: bool | None = searches("Decision.caseNumber", "In the case numbers of decisions.", "Lietu numuros.")
    summary: bool | None = searches("Event.summary", "In the summary.", "Notikuma aprakstā.")
    place_text: bool | None = searches("Place.text", "In the text of the place.", "Vietas aprakstā.")


@strawberry.input(description=words("Where it happened.", "Notikuma vieta."))
class PlaceSearchWhere:
    """Conditions on the place of events that are searched."""

    atvk: ExactFilter | None = filters(
        "Place.atvk", "The territory (ATVK), a municipality or one of its units.", "Teritorija (ATVK)."
    )
    point: AreaFilter | None = filters("Place.point", "The point: a circle, a box.", "Koordinātas.")


@strawberry.input(description=words("What has to hold besides the text; all together.", "Papildu nosacījumi; visi kopā."))
class EventSearchWhere:
    """Conditions on events that are searched."""

    occurred: TimeFilter | None = filters(
        "Event.occurred", "When it happened or, when that is not known, was registered.", "Notikuma laiks."
    )
    place: PlaceSearchWhere | None = filters("Event.place", "Where it happened.", "Notikuma vieta.")
    kind: Filter[EventKind] | None = filters("Event.kind", "The kind.", "Veids.")
    category: Filter[ResponseCategory] | None = filters("Event.category", "The category of response.", "Reaģēšanas kategorija.")
    status: Filter[EventStatus] | None = filters("Event.status", "The status.", "Statuss.")


@strawberry.input(description=words("What has to hold besides the text; all together.", "Papildu nosacījumi; visi kopā."))
class SearchWhere:
    """Conditions on whatever is searched: only events happened at a time and a place, so only events are found by these."""

    occurred: TimeFilter | None = filters("Event.occurred", "When it happened: finds events alone.", "Notikuma laiks.")
    place: PlaceSearchWhere | None = filters("Event.place", "Where it happened: finds events alone.", "Notikuma vieta.")


Registered = Annotated[
    Event | Person | Vehicle | Document,
    strawberry.union(
        "Registered", description=words("Whatever one of the registers holds.", "Jebkurš reģistros esošs ieraksts.")
    ),
]
FieldsArgument = Annotated[EventSearchFields | None, open_argument("In which fields; in all without it.", "Kuros laukos.")]
EventWhereArgument = Annotated[EventSearchWhere | None, open_argument("What has to hold besides.", "Papildu nosacījumi.")]
WhereArgument = Annotated[SearchWhere | None, open_argument("What has to hold besides.", "Papildu nosacījumi.")]
TypesArgument = Annotated[list[EntityKind] | None, open_argument("Which kinds of things; all without it.", "Kādi ieraksti.")]


def _conditions(where: EventSearchWhere | SearchWhere | None) -> Conditions:
    if where is None or where is UNSET:
        return Conditions()
    since, until = span_of(where.occurred)
    place = None if where.place is UNSET else where.place
    circle, box = area_of(place.point) if place else (None, None)
    facets = facet("Place.atvk", place.atvk) if place else ()
    if isinstance(where, EventSearchWhere):
        facets += (
            *facet("Event.kind", where.kind),
            *facet("Event.category", where.category),
            *facet("Event.status", where.status),
        )
    return Conditions(facets, since, until, circle, box)


async def search_events(
    info: Info,
    text: Text,
    fields: FieldsArgument = UNSET,
    where: EventWhereArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Found:
    """The resolver of `searchEvents`."""
    call = info.context

    async def resolve(hits: Sequence[Hit]) -> Sequence[object | None]:
        return await at_home(call, hits)

    return await searched(
        call, ("Event",), text, resolve, fields=fields, conditions=_conditions(where), first=first, after=after
    )


async def search_all(
    info: Info,
    text: Text,
    types: TypesArgument = UNSET,
    where: WhereArgument = UNSET,
    first: First = UNSET,
    after: After = UNSET,
) -> Found:
    """The resolver of `search`."""
    call = info.context
    conditions = _conditions(where)
    asked = [_NAMES[kind] for kind in (_NAMES if types is None or types is UNSET else types)]
    # The date of a person is the birth date, and of a document the day of issue: a time of happening is none of them.
    names = asked if conditions == Conditions() else [name for name in asked if name == "Event"]

    async def resolve(hits: Sequence[Hit]) -> Sequence[object | None]:
        own = [hit for hit in hits if hit.type == "Event"]
        events = dict(zip((hit.id for hit in own), await at_home(call, own), strict=True))
        return [events[hit.id] if hit.type == "Event" else Ref(hit.type, hit.id) for hit in hits]

    return await searched(
        call, tuple(dict.fromkeys(names)), text, resolve, fields=None, conditions=conditions, first=first, after=after
    )
