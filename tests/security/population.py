"""Four small registers, written with a `Pen`: who is in what, with all row attributes fixed by the number of the record.

In: a pen. Out: `Population`: the records of each room, and for each row what row rules read (the test's own account of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from subgraphs.documents import enumerations as de
from subgraphs.documents import model as d
from subgraphs.events import enumerations as ee
from subgraphs.events import model as e
from subgraphs.persons import enumerations as pe
from subgraphs.persons import model as p
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved, Source
from subgraphs.vehicles import enumerations as ve
from subgraphs.vehicles import model as v
from tests.security.pen import Pen, Row
from tests.subgraphs.samples import id_of

EVENTS, OTHERS = 12, 8
TERRITORIES: Final = ("0001000", "0002000")
AGENCIES: Final = ("LV-VP", "LV-PP-RIGA")
LEVELS: Final = tuple(Classification)
PREFIX: Final = {"Event": "evt", "Person": "per", "Vehicle": "veh", "Document": "doc"}


@dataclass(frozen=True, slots=True)
class Population:
    """`attributes` are those of each row that a rule may read."""

    rooms: dict[str, list[Any]]
    attributes: dict[Row, dict[str, object]]


def row_of(type_name: str, number: int) -> Row:
    return type_name, id_of(PREFIX[type_name], number)


def population(pen: Pen, events: int = EVENTS) -> Population:
    """All four registers; of more events nothing is projected, as if the projection had not followed yet."""
    found: dict[Row, dict[str, object]] = {}
    rooms = {
        "events": [_event(pen, number, found) for number in range(events)],
        "persons": [_person(pen, number, found) for number in range(OTHERS)],
        "vehicles": [_vehicle(pen, number, found) for number in range(OTHERS)],
        "documents": [_document(pen, number, found) for number in range(OTHERS)],
    }
    return Population(rooms, found)


def _source(pen: Pen, row: Row, field: str) -> Source:
    return Source("TEST", pen.text(row, f"{field} Source.id"))


def _involved(row: Row, number: int) -> Involved:
    """As the events say: event `n` involves things `n % OTHERS` and `(n + 1) % OTHERS`."""
    events = [nth for nth in range(EVENTS) if number in _things(nth)]
    territories = sorted({TERRITORIES[nth % 2] for nth in events})
    return Involved(row[1], tuple(territories), tuple(sorted({AGENCIES[nth // 2 % 2] for nth in events})))


def _things(event: int) -> tuple[int, int]:
    return event % OTHERS, (event + 1) % OTHERS


def _event(pen: Pen, number: int, found: dict[Row, dict[str, object]]) -> e.EventRecord:
    row = row_of("Event", number)
    agency, level = AGENCIES[number // 2 % 2], LEVELS[number % 5]
    status = pen.one_of(row, (ee.EventStatus.REGISTERED, ee.EventStatus.CLOSED), "Event.status")
    case = pen.text(row, "Event.decisions Decision.caseNumber")
    place = _place(pen, row, number)
    found[row] = {
        "territory": place.atvk,
        "territoryOwner": agency,
        "registeredBy": agency,
        "zone": place.zone,
        "classification": level.level,
        "sealed": number % 4 == 3,
    }
    registered = pen.moment(row, "Event.registeredAt")
    return e.EventRecord(
        id=row[1],
        registered_at=registered,
        registered_by=e.Registrar(
            agency,
            pen.text(row, "Event.registeredBy Registrar.unit"),
            pen.text(row, "Event.registeredBy Registrar.official"),
        ),
        kind=pen.one_of(row, tuple(ee.EventKind), "Event.kind"),
        territory_owner=agency,
        registration_number=pen.text(row, "Event.registrationNumber", before="VNR-"),
        category=pen.one_of(row, tuple(ee.ResponseCategory), "Event.category"),
        status=status,
        occurred_from=pen.moment(row, "Event.occurred TimeSpan.from", "Event.occurred"),
        place=place,
        qualification=(
            e.Qualification(
                pen.text(row, "Event.qualification Qualification.law"),
                pen.text(row, "Event.qualification Qualification.article"),
                pen.text(row, "Event.qualification Qualification.part"),
            ),
        ),
        summary=pen.text(row, "Event.summary"),
        basis=pen.one_of(row, tuple(ee.AssertionBasis), "Event.assertionBasis"),
        submission=_submission(pen, row, number),
        response=_response(pen, row),
        dispatches=(_dispatch(pen, row),),
        decisions=(
            e.Decision(
                kind=pen.one_of(row, tuple(ee.DecisionKind), "Event.decisions Decision.kind"),
                decided_on=pen.day(row, "Event.decisions Decision.decidedOn"),
                case_number=case,
            ),
        ),
        **_involvements(pen, row, number),
        source=_source(pen, row, "Event.source"),
        classification=level,
        sealed=number % 4 == 3,
        retain_until=pen.day(row, "Event.retainUntil"),
        review_due_on=pen.day(row, "Event.reviewDueOn"),
    )


def _place(pen: Pen, row: Row, number: int) -> e.Place:
    return e.Place(
        atvk=TERRITORIES[number % 2],
        address_code=pen.text(row, "Event.place Place.addressCode"),
        text=pen.text(row, "Event.place Place.text"),
        lat=56.9 + pen.number(row, 100, "Event.place Place.point GeoPoint.lat", "Event.place Place.point") / 1000,
        lon=24.1 + pen.number(row, 100, "Event.place Place.point GeoPoint.lon", "Event.place Place.point") / 1000,
        indoor_note=pen.text(row, "Event.place Place.indoorNote"),
        zone="PORT-RIGA" if number % 3 == 0 else None,
    )


def _submission(pen: Pen, row: Row, number: int) -> e.Submission:
    under = "Event.submission Submission."
    return e.Submission(
        receipt_form=pen.one_of(row, tuple(ee.ReceiptForm), f"{under}receiptForm"),
        channel=pen.one_of(row, tuple(ee.Channel), f"{under}channel"),
        received_at=pen.moment(row, f"{under}receivedAt"),
        submitter_id=pen.reference(row, row_of("Person", number % OTHERS)),
        organization=pen.text(row, f"{under}organization"),
        call_reference=pen.text(row, f"{under}callReference"),
        text=pen.text(row, f"{under}text"),
    )


def _response(pen: Pen, row: Row) -> e.Response:
    under = "Event.response Response."
    derived = (f"{under}minutesToArrival", f"{under}onTime")
    received = pen.moment(row, f"{under}receivedAt", *derived)
    return e.Response(
        received_at=received,
        dispatched_at=pen.moment(row, f"{under}dispatchedAt"),
        arrived_at=received + timedelta(minutes=pen.number(row, 90, f"{under}arrivedAt", f"{under}receivedAt", *derived)),
        due_at=received + timedelta(minutes=pen.number(row, 90, f"{under}dueAt", f"{under}receivedAt", *derived)),
    )


def _dispatch(pen: Pen, row: Row) -> e.Dispatch:
    return e.Dispatch(
        unit=pen.text(row, "Event.dispatches Dispatch.unit"),
        dispatched_at=pen.moment(row, "Event.dispatches Dispatch.dispatchedAt"),
        arrived_at=pen.moment(row, "Event.dispatches Dispatch.arrivedAt"),
    )


def _involvements(pen: Pen, row: Row, number: int) -> dict[str, Any]:
    def at(kind: str, nth: int) -> str:
        return id_of("inv", 1000 * number + {"P": 0, "V": 100, "D": 200, "I": 300}[kind] + nth)

    person, vehicle, document, item = (
        tuple(f"{edge} {kind}Involvement.{{}}" for edge in edges)
        for kind, edges in (
            ("Person", ("Event.persons", "Person.involvements")),
            ("Vehicle", ("Event.vehicles", "Vehicle.involvements", "PersonInvolvement.vehicle")),
            ("Document", ("Event.documents", "Document.involvements")),
            ("Item", ("Event.items",)),
        )
    )

    def under(edges: tuple[str, ...], name: str) -> tuple[str, ...]:
        return tuple(edge.format(name) for edge in edges)

    roles = (ee.PersonRole.WITNESS, ee.PersonRole.SUSPECT, ee.PersonRole.VICTIM)
    persons = []
    for nth, thing in enumerate(_things(number)):
        # the role is one attribute that the test's contracts may have row rules about: fixed
        role = roles[(number + nth) % 3]
        persons.append(
            e.PersonInvolvementRecord(
                id=at("P", nth),
                role=role,
                category=ee.CATEGORY_OF_ROLE[role],
                person_id=pen.reference(row, row_of("Person", thing)),
                age=pen.number((row[0], row[1]), 90, *under(person, "observedAge")),
                statement_given=pen.one_of(row, (True, False), *under(person, "statementGiven")),
                detained_from=pen.moment(row, *under(person, "detained")),
                vehicle_involvement_id=at("V", nth),
                valid_from=pen.moment(row, *under(person, "validFrom")),
                source=Source("TEST", pen.text((row[0], row[1]), *(f"{one} Source.id" for one in under(person, "source")))),
            )
        )
    return {
        "persons": tuple(persons),
        "vehicles": tuple(
            e.VehicleInvolvementRecord(
                id=at("V", nth),
                role=pen.one_of(row, tuple(ee.VehicleRole), *under(vehicle, "role")),
                vehicle_id=pen.reference(row, row_of("Vehicle", thing)),
                observed_plate=pen.text(row, *under(vehicle, "observedPlate")),
                description=pen.text(row, *under(vehicle, "description")),
                damage=pen.text(row, *under(vehicle, "damage")),
            )
            for nth, thing in enumerate(_things(number))
        ),
        "documents": tuple(
            e.DocumentInvolvementRecord(
                id=at("D", nth),
                role=pen.one_of(row, tuple(ee.DocumentRole), *under(document, "role")),
                document_id=pen.reference(row, row_of("Document", thing)),
                observed_number=pen.text(row, *under(document, "observedNumber")),
            )
            for nth, thing in enumerate(_things(number))
        ),
        "items": (
            e.ItemInvolvementRecord(
                id=at("I", 0),
                kind=pen.one_of(row, tuple(ee.ItemKind), *under(item, "kind")),
                role=pen.one_of(row, tuple(ee.ItemRole), *under(item, "role")),
                description=pen.text(row, *under(item, "description")),
                serial_number=pen.text(row, *under(item, "serialNumber")),
                quantity=pen.number(row, 50, *under(item, "quantity")),
                value_eur=Decimal(pen.number(row, 5000, *under(item, "value"))),
            ),
        ),
    }


def _person(pen: Pen, number: int, found: dict[Row, dict[str, object]]) -> p.PersonRecord:
    row = row_of("Person", number)
    level, involved = LEVELS[(number + 1) % 5], _involved(row, number)
    found[row] = {
        "classification": level.level,
        "involvedTerritories": set(involved.territories),
        "involvedAgencies": set(involved.agencies),
    }
    return p.PersonRecord(
        id=row[1],
        given_names=pen.text(row, "Person.givenNames"),
        family_name=pen.text(row, "Person.familyName"),
        birth_family_name=pen.text(row, "Person.birthFamilyName"),
        original_form=pen.text(row, "Person.originalForm"),
        historical_form=pen.text(row, "Person.historicalForm"),
        codes=(
            p.PersonalCode(
                value=pen.text(row, "Person.personalCode", "Person.codes PersonalCode.value", before="3099"),
                valid_from=pen.day(row, "Person.codes PersonalCode.validFrom"),
            ),
        ),
        birth_date=pen.day(row, "Person.birthDate", "Person.isMinor"),
        birth_place=pen.text(row, "Person.birthPlace"),
        sex=pen.one_of(row, tuple(pe.Sex), "Person.sex"),
        legal_status=pen.one_of(row, tuple(pe.LegalStatus), "Person.legalStatus"),
        citizenship=pen.one_of(row, ("LV", "EE", "LT"), "Person.citizenship"),
        addresses=(
            p.Address(
                kind=pe.AddressKind.DECLARED,
                text=pen.text(row, "Person.addresses Address.text"),
                code=pen.text(row, "Person.addresses Address.code"),
                valid_from=pen.day(row, "Person.addresses Address.validFrom"),
            ),
        ),
        contacts=(p.Contact(pe.ContactKind.PHONE, pen.text(row, "Person.contacts Contact.value")),),
        alerts=(
            p.PersonAlert(
                kind=pen.one_of(row, tuple(pe.PersonAlertKind), "Person.alerts PersonAlert.kind"),
                authority=pen.one_of(row, AGENCIES, "Person.alerts PersonAlert.authority"),
                issued_at=pen.moment(row, "Person.alerts PersonAlert.issuedAt"),
                reference=pen.text(row, "Person.alerts PersonAlert.reference"),
            ),
        ),
        verification=pen.one_of(row, tuple(pe.Verification), "Person.verification"),
        same_as=(id_of("per", (number + 3) % OTHERS),),
        deceased_on=pen.day(row, "Person.deceasedOn"),
        source=_source(pen, row, "Person.source"),
        classification=level,
        involved=involved,
    )


def _vehicle(pen: Pen, number: int, found: dict[Row, dict[str, object]]) -> v.VehicleRecord:
    row = row_of("Vehicle", number)
    level, involved = LEVELS[(number + 2) % 5], _involved(row, number)
    found[row] = {
        "classification": level.level,
        "involvedTerritories": set(involved.territories),
        "involvedAgencies": set(involved.agencies),
    }
    holdings = ("Vehicle.holders VehicleHolding.{}", "Person.vehicles VehicleHolding.{}")
    return v.VehicleRecord(
        id=row[1],
        plate=pen.text(row, "Vehicle.plate", before="Q"),
        vin=pen.text(row, "Vehicle.vin", before="0"),
        make=pen.text(row, "Vehicle.make"),
        model=pen.text(row, "Vehicle.model"),
        first_registered_on=pen.day(row, "Vehicle.firstRegisteredOn"),
        status=pen.one_of(row, tuple(ve.VehicleStatus), "Vehicle.status"),
        certificate_id=pen.reference(row, row_of("Document", number)),
        holders=(
            v.VehicleHoldingRecord(
                id=id_of("inv", 90_000 + number),
                kind=pen.one_of(row, tuple(ve.HolderKind), *(one.format("kind") for one in holdings)),
                person_id=pen.reference(row, row_of("Person", number)),
                organization=pen.text(row, *(one.format("organization") for one in holdings)),
                valid_from=pen.moment(row, *(one.format("from") for one in holdings)),
            ),
        ),
        alerts=(
            v.VehicleAlert(
                kind=pen.one_of(row, tuple(ve.VehicleAlertKind), "Vehicle.alerts VehicleAlert.kind"),
                authority=pen.one_of(row, AGENCIES, "Vehicle.alerts VehicleAlert.authority"),
                issued_at=pen.moment(row, "Vehicle.alerts VehicleAlert.issuedAt"),
                reference=pen.text(row, "Vehicle.alerts VehicleAlert.reference"),
            ),
        ),
        roadworthy_until=pen.day(row, "Vehicle.roadworthyUntil"),
        insured_until=pen.day(row, "Vehicle.insuredUntil"),
        source=_source(pen, row, "Vehicle.source"),
        classification=level,
        involved=involved,
    )


def _document(pen: Pen, number: int, found: dict[Row, dict[str, object]]) -> d.DocumentRecord:
    row = row_of("Document", number)
    level, involved = LEVELS[(number + 3) % 5], _involved(row, number)
    found[row] = {
        "classification": level.level,
        "involvedTerritories": set(involved.territories),
        "involvedAgencies": set(involved.agencies),
    }
    return d.DocumentRecord(
        id=row[1],
        kind=pen.one_of(row, tuple(de.DocumentKind), "Document.kind"),
        series=pen.text(row, "Document.series"),
        number=pen.text(row, "Document.number"),
        holder_id=pen.reference(row, row_of("Person", number)),
        issued_on=pen.day(row, "Document.issuedOn"),
        valid_to=pen.day(row, "Document.validTo"),
        issuer=pen.text(row, "Document.issuer"),
        status=pen.one_of(row, tuple(de.DocumentStatus), "Document.status"),
        status_facts=(
            d.StatusFact(
                at=pen.moment(row, "Document.statusFacts DocumentStatusFact.at"),
                fact=pen.one_of(row, tuple(de.DocumentFact), "Document.statusFacts DocumentStatusFact.fact"),
                authority=pen.one_of(row, AGENCIES, "Document.statusFacts DocumentStatusFact.authority"),
            ),
        ),
        source=_source(pen, row, "Document.source"),
        classification=level,
        involved=involved,
    )
