"""Sows the invented events of a world into the event register.

What comes in: a store and a world. What goes out: an `Outcome`; what an earlier run wrote is not written again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from subgraphs.events.enumerations import (
    CATEGORY_OF_ROLE,
    AssertionBasis,
    Channel,
    DecisionKind,
    DocumentRole,
    EventKind,
    EventStatus,
    ItemKind,
    ItemRole,
    PersonRole,
    ReceiptForm,
    ResponseCategory,
    Sex,
    VehicleRole,
)
from subgraphs.events.model import (
    Decision,
    Dispatch,
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    Place,
    Qualification,
    Registrar,
    Response,
    Submission,
    VehicleInvolvementRecord,
)
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Outcome
from subgraphs.room.world import UNKNOWN, World
from subgraphs.room.world.calendar import moment
from subgraphs.room.world.incidents import Carried, Driven, Incident, Item, Taking, incidents
from subgraphs.room.world.seeding import Progress, Register, Soil, sow, words

_BASES: Final = words(AssertionBasis)
_CHANNELS: Final = words(Channel)
_CLASSES: Final = words(Classification)
_DECISIONS: Final = words(DecisionKind)
_DOCUMENT_ROLES: Final = words(DocumentRole)
_FORMS: Final = words(ReceiptForm)
_ITEM_KINDS: Final = words(ItemKind)
_ITEM_ROLES: Final = words(ItemRole)
_KINDS: Final = words(EventKind)
_PERSON_ROLES: Final = words(PersonRole)
_SEXES: Final = words(Sex)
_STATUSES: Final = words(EventStatus)
_URGENCIES: Final = words(ResponseCategory)
_VEHICLE_ROLES: Final = words(VehicleRole)

_CATEGORIES: Final = {role.value: category for role, category in CATEGORY_OF_ROLE.items()}
_FACT: Final = AssertionBasis.FACT
_UNVERIFIED: Final = AssertionBasis.UNVERIFIED
_NOT_OBSERVED: Final = Sex.UNKNOWN

_KEEP_YEARS: Final = {"CRIMINAL_OFFENCE": 10, "ADMINISTRATIVE_VIOLATION": 5, "SAFETY_THREAT": 3}
"""Working values of `domain.md` 7.7; an unfounded event is kept for one year."""


async def seed(store: Soil[EventRecord], world: World, progress: Progress) -> Outcome:
    """Write the world's events that the store lacks."""
    return await sow(store, world, REGISTER, progress)


def records(world: World, number: int) -> Sequence[EventRecord]:
    """The events of the community `number`."""
    community = world.community(number)
    persons, vehicles, documents = community.person_ids, community.vehicle_ids, community.document_ids
    return [_record(incident, persons, vehicles, documents) for incident in incidents(community)]


def _ids(world: World, number: int) -> Sequence[str]:
    return world.community(number).event_ids


REGISTER: Final = Register(_ids, records)


def _record(incident: Incident, persons: Sequence[str], vehicles: Sequence[str], documents: Sequence[str]) -> EventRecord:
    happening, decided = incident.happening, incident.decided
    kind = happening.kind
    registered = moment(happening.registered)
    response, dispatches = _response(incident)
    years = 1 if incident.status == "UNFOUNDED" else _KEEP_YEARS[kind.kind]
    return EventRecord(
        id=incident.id,
        registered_at=registered,
        registered_by=Registrar(incident.institution, incident.unit, incident.official),
        kind=_KINDS[kind.kind],
        territory_owner=incident.settlement.owner,
        registration_number=incident.number,
        subkind=kind.subkind,
        legal_nature=kind.nature,
        category=_URGENCIES[incident.category],
        status=_STATUSES[incident.status],
        occurred_from=moment(happening.occurred),
        occurred_to=moment(incident.occurred_until) if incident.occurred_until is not None else None,
        place=_place(incident),
        qualification=(Qualification(kind.law, kind.article, kind.part or None),) if kind.article else (),
        summary=incident.summary,
        basis=_BASES[incident.basis],
        submission=_submission(incident, persons),
        response=response,
        dispatches=dispatches,
        decisions=(Decision(kind=_DECISIONS[decided.kind], decided_on=moment(decided.at).date(), case_number=decided.case),)
        if decided is not None
        else (),
        persons=tuple([_person(place, taking, registered, persons) for place, taking in enumerate(incident.persons, 1)]),
        vehicles=tuple([_vehicle(driven, vehicles) for driven in incident.vehicles]),
        documents=tuple([_document(carried, documents) for carried in incident.documents]),
        items=tuple([_item(item) for item in incident.items]),
        classification=_CLASSES[incident.classification],
        retain_until=_years_later(registered, years),
        review_due_on=_years_later(registered, 1) if incident.has_minor else None,
    )


def _place(incident: Incident) -> Place:
    address, settlement = incident.address, incident.settlement
    return Place(
        atvk=settlement.atvk,
        address_code=address.code,
        text=address.text,
        lat=address.lat,
        lon=address.lon,
        indoor_note=incident.indoor,
        zone=settlement.zone,
    )


def _submission(incident: Incident, persons: Sequence[str]) -> Submission:
    received = incident.received
    return Submission(
        receipt_form=_FORMS[received.form],
        channel=_CHANNELS[received.channel],
        received_at=moment(received.at),
        anonymous=received.anonymous,
        submitter_id=persons[received.submitter] if received.submitter != UNKNOWN else None,
        call_reference=received.call,
    )


def _response(incident: Incident) -> tuple[Response | None, tuple[Dispatch, ...]]:
    """The response clock and the crew that was sent, from the same instants."""
    responded = incident.responded
    if responded is None:
        return None, ()
    dispatched, arrived = moment(responded.dispatched), _moment(responded.arrived)
    response = Response(
        received_at=moment(responded.received), dispatched_at=dispatched, arrived_at=arrived, due_at=_moment(responded.due)
    )
    crew = Dispatch(unit=responded.crew, dispatched_at=dispatched, arrived_at=arrived, cleared_at=_moment(responded.cleared))
    return response, (crew,)


def _person(place: int, taking: Taking, registered: datetime, persons: Sequence[str]) -> PersonInvolvementRecord:
    part = taking.part
    known = taking.person != UNKNOWN
    return PersonInvolvementRecord(
        id=taking.id,
        role=_PERSON_ROLES[part.role],
        category=_CATEGORIES[part.role],
        person_id=persons[taking.person] if known else None,
        sequence=place,
        basis=_BASES[taking.basis],
        age=None if known else part.age,
        sex=_NOT_OBSERVED if known else _SEXES[part.sex],
        injury=taking.injury,
        state=taking.state,
        statement_given=taking.statement,
        detained_from=registered if taking.detained_hours else None,
        detained_to=registered + timedelta(hours=taking.detained_hours) if taking.detained_hours else None,
        relation_to_victim=taking.relation,
        vehicle_involvement_id=taking.vehicle_part,
        valid_from=registered,
    )


def _vehicle(driven: Driven, vehicles: Sequence[str]) -> VehicleInvolvementRecord:
    return VehicleInvolvementRecord(
        id=driven.id,
        role=_VEHICLE_ROLES[driven.seen.role],
        vehicle_id=vehicles[driven.seen.car] if driven.seen.car != UNKNOWN else None,
        description=driven.description,
        damage=driven.damage,
        basis=_FACT if driven.description is None else _UNVERIFIED,
    )


def _document(carried: Carried, documents: Sequence[str]) -> DocumentInvolvementRecord:
    return DocumentInvolvementRecord(
        id=carried.id, role=_DOCUMENT_ROLES[carried.role], document_id=documents[carried.paper], basis=_FACT
    )


def _item(item: Item) -> ItemInvolvementRecord:
    return ItemInvolvementRecord(
        id=item.id,
        kind=_ITEM_KINDS[item.kind],
        role=_ITEM_ROLES[item.role],
        description=item.description,
        serial_number=item.serial,
        value_eur=Decimal(item.value) if item.value is not None else None,
    )


def _moment(seconds: int | None) -> datetime | None:
    return moment(seconds) if seconds is not None else None


def _years_later(instant: datetime, years: int) -> date:
    """The same day `years` later; 29 February becomes the 28th."""
    day = instant.date()
    return day.replace(year=day.year + years, day=min(day.day, 28) if day.month == 2 else day.day)
