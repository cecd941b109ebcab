"""The world: the same bytes each time, and four registers that agree without asking each other."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import UTC, datetime

import pytest

from kernel.ids import is_id
from kernel.natural_keys import is_personal_code, is_vin, normal_number, normal_plate
from subgraphs.events.enumerations import CATEGORY_OF_ROLE, EventKind, PersonRole, ResponseCategory
from subgraphs.events.seed import records as event_records
from subgraphs.persons.seed import records as person_records
from subgraphs.room.records import encoded
from subgraphs.room.world import SIZES, World
from subgraphs.room.world.founding import found
from subgraphs.room.world.links import links_of
from tests.subgraphs.room.world.registers import registers


def test_the_same_seed_gives_the_same_bytes():
    made = [found(110, 3), found(110, 3)]

    assert made[0] == made[1]
    assert made[0] is not made[1]
    assert links_of(made[0]) == links_of(made[1])


def test_the_default_world_has_not_changed_by_accident():
    """A changed hash means other registers for everybody who has seeded: say so in the changelog, then change it here."""
    first = registers(World(2))
    bodies = (encoded(record) for group in (first.events, first.persons, first.vehicles, first.documents) for record in group)

    assert hashlib.sha256(b"".join(bodies)).hexdigest()[:16] == "da91b46d2ea481a8"


def test_another_seed_gives_another_world():
    assert {person.id for person in person_records(World(1), 0)}.isdisjoint(
        person.id for person in person_records(World(1, 5), 0)
    )


def test_a_smaller_world_is_the_beginning_of_a_larger_one():
    assert event_records(World(2), 1) == event_records(World.of_size("large"), 1)


def test_a_world_ends_with_its_last_community():
    assert World.of_size("small").events == SIZES["small"] == 10_000
    with pytest.raises(IndexError, match="community 200"):
        World.of_size("small").community(200)


def test_the_registers_agree_on_who_and_what_they_link(small):
    persons = {None, *(person.id for person in small.persons)}
    vehicles = {None, *(vehicle.id for vehicle in small.vehicles)}
    documents = {document.id: document for document in small.documents}
    events = {event.id: event for event in small.events}

    for event in small.events:
        assert {part.person_id for part in event.persons} <= persons
        assert {part.vehicle_id for part in event.vehicles} <= vehicles
        assert {part.document_id for part in event.documents} <= documents.keys()
        assert {part.vehicle_involvement_id for part in event.persons} <= {part.id for part in event.vehicles} | {None}
    for vehicle in small.vehicles:
        assert {holding.person_id for holding in vehicle.holders} <= persons
        assert vehicle.certificate_id is None or documents[vehicle.certificate_id].kind == "VEHICLE_CERTIFICATE"
        assert (vehicle.certificate_id is None) == (vehicle.country != "LV")
    for document in small.documents:
        assert document.holder_id in persons
        for fact in document.status_facts:
            assert fact.event_id is None or document.id in {part.document_id for part in events[fact.event_id].documents}


def test_ids_and_natural_keys_are_unique_and_have_the_form_of_invented_ones(small):
    codes = [code.value for person in small.persons for code in person.codes]
    plates = [(vehicle.country, normal_plate(vehicle.plate)) for vehicle in small.vehicles]
    vins = [vehicle.vin for vehicle in small.vehicles]
    numbers = [(document.kind, document.issuing_country, normal_number(document.number)) for document in small.documents]
    registrations = [normal_number(event.registration_number) for event in small.events]
    parts = [
        part.id
        for event in small.events
        for group in (event.persons, event.vehicles, event.documents, event.items)
        for part in group
    ] + [holding.id for vehicle in small.vehicles for holding in vehicle.holders]
    for keys in (codes, plates, vins, numbers, registrations, parts):
        assert len(set(keys)) == len(keys)
    for group, prefix in ((small.events, "evt"), (small.persons, "per"), (small.vehicles, "veh"), (small.documents, "doc")):
        assert len({record.id for record in group}) == len(group)
        assert all(is_id(record.id, prefix) for record in group)
    assert all(is_id(part, "inv") for part in parts)
    assert all(is_personal_code(code) and code.startswith(("3099", "3199")) for code in codes)
    assert all(plate.startswith("Q") for _, plate in plates)
    assert all(is_vin(made) and made.startswith("0") for made in vins)
    assert all(number.startswith("Q") for _, _, number in numbers)


def test_nobody_can_be_telephoned_or_written_to(small):
    for person in small.persons:
        assert all(
            contact.value.startswith("+371 0") or contact.value.endswith("@pasts.example") for contact in person.contacts
        )
        assert all(contact.value.isascii() for contact in person.contacts)


def test_every_time_follows_the_one_before(small):
    for event in small.events:
        assert event.occurred_from < event.registered_at
        assert event.submission.received_at <= event.registered_at
        assert event.occurred_to is None or event.occurred_from <= event.occurred_to
        for decision in event.decisions:
            assert event.registered_at.date() <= decision.decided_on
        if event.response is not None:
            clock = event.response
            assert clock.received_at <= clock.dispatched_at
            assert clock.arrived_at is None or clock.dispatched_at < clock.arrived_at
        assert event.retain_until > event.registered_at.date()
    for vehicle in small.vehicles:
        for holding in vehicle.holders:
            assert holding.valid_to is None or holding.valid_from < holding.valid_to
            assert holding.valid_from.date() >= vehicle.first_registered_on
        assert sum(1 for holding in vehicle.holders if holding.valid_to is None and holding.kind == "OWNER") == 1
    for person in small.persons:
        assert all(address.valid_from >= person.birth_date for address in person.addresses)
        assert all(code.valid_from >= person.birth_date for code in person.codes)
        assert [code.valid_to is None for code in person.codes][-1]
    for document in small.documents:
        assert document.valid_to is None or document.issued_on < document.valid_to


def test_only_the_state_police_has_a_category_and_a_time_that_is_due(small):
    for event in small.events:
        by_state = event.registered_by.institution == "LV-VP"
        assert (event.category is not ResponseCategory.NONE) == by_state
        if event.response is not None:
            assert (event.response.due_at is not None) == by_state
    waits = [
        (event.response.due_at - event.response.received_at).total_seconds() / 60
        for event in small.events
        if event.response is not None and event.category in (ResponseCategory.A, ResponseCategory.B)
    ]
    assert set(waits) == {15, 25, 40}


def test_most_urgent_calls_are_reached_in_time_and_some_are_not(small):
    clocks = [event.response for event in small.events if event.response is not None and event.category is ResponseCategory.A]
    arrived = [clock for clock in clocks if clock.arrived_at is not None]
    in_time = sum(1 for clock in arrived if clock.arrived_at <= clock.due_at) / len(arrived)

    assert 0.75 < in_time < 0.97


def test_the_category_of_the_data_subject_goes_with_the_role(small):
    for event in small.events:
        for part in event.persons:
            assert part.category == CATEGORY_OF_ROLE[part.role]


def test_children_are_neither_suspects_nor_drivers_of_non_accidents(small):
    young = {person.id for person in small.persons if person.birth_date.year > 2013}
    grown_up = {PersonRole.SUSPECT, PersonRole.DETAINED, PersonRole.HELD_LIABLE, PersonRole.CONVICTED}

    assert not [part for event in small.events for part in event.persons if part.person_id in young and part.role in grown_up]


def test_the_dead_do_not_come_again(small):
    died = {}
    for event in sorted(small.events, key=lambda event: event.occurred_from):
        for part in event.persons:
            assert part.person_id is None or part.person_id not in died
            if part.injury == "FATAL" and part.person_id is not None:
                died[part.person_id] = event.id
    assert died
    assert set(died) == {person.id for person in small.persons if person.deceased_on is not None}


def test_case_numbers_belong_to_started_criminal_proceedings_and_some_cases_join_events(small):
    cases = Counter(decision.case_number for event in small.events for decision in event.decisions if decision.case_number)

    assert all(len(case) == 8 and case[2] == "-" and case[:2] in ("25", "26") for case in cases)
    assert 1 < max(cases.values()) < 12
    for event in small.events:
        for decision in event.decisions:
            assert (decision.case_number is not None) == (decision.kind == "CRIMINAL_PROCEEDING_STARTED")


def test_every_police_force_registers_events_and_owns_its_territory(small):
    institutions = {event.registered_by.institution for event in small.events}
    owners = {event.territory_owner for event in small.events}

    assert sum(1 for institution in institutions if institution.startswith("LV-PP-")) == 42
    assert {"LV-VP", "LV-OP-RIGA", "LV-OP-LIEPAJA", "LV-OP-VENTSPILS"} <= institutions
    assert "LV-VP" not in owners
    for event in small.events:
        assert event.territory_owner.startswith("LV-OP-") == (event.place.zone is not None)
        assert event.registered_by.institution in ("LV-VP", event.territory_owner)


def test_the_projection_holds_where_somebody_or_something_came_up(small):
    places = {event.id: (event.place.atvk, event.territory_owner) for event in small.events}
    direct: dict[str, set[tuple[str, str]]] = {}
    for event in small.events:
        for found_id in (
            *(part.person_id for part in event.persons),
            *(part.vehicle_id for part in event.vehicles),
            *(part.document_id for part in event.documents),
        ):
            direct.setdefault(found_id, set()).add(places[event.id])
    holders = {document.id: document.holder_id for document in small.documents}
    for record in (*small.persons, *small.vehicles, *small.documents):
        assert {atvk for atvk, _ in direct.get(record.id, ())} <= set(record.involved.territories)
        assert {agency for _, agency in direct.get(record.id, ())} <= set(record.involved.agencies)
    for document in small.documents:
        holder = holders[document.id]
        assert holder is None or {atvk for atvk, _ in direct.get(holder, ())} <= set(document.involved.territories)


def test_minors_raise_the_classification_of_themselves_and_of_their_events(small):
    minors = {person.id for person in small.persons if person.classification == "SENSITIVE"}

    assert minors
    for event in small.events:
        if minors & {part.person_id for part in event.persons}:
            assert event.classification in ("SENSITIVE", "OPERATIONAL")


def test_a_few_persons_and_vehicles_are_searched_for(small):
    persons = sum(1 for person in small.persons if person.alerts) / len(small.persons)
    vehicles = sum(1 for vehicle in small.vehicles if vehicle.alerts) / len(small.vehicles)

    assert 0.003 < persons < 0.03
    assert 0.005 < vehicles < 0.08


def test_nothing_happens_outside_of_the_year(small):
    first, last = datetime(2025, 8, 31, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)

    assert all(first < event.occurred_from < event.registered_at < last for event in small.events)


def test_all_kinds_of_events_come_up(small):
    assert {event.kind for event in small.events} == set(EventKind)
    assert len({event.subkind for event in small.events}) == 27
