"""The example of the demo's printed queries."""

from __future__ import annotations

import re

import pytest

from subgraphs.documents.seed import records as document_records
from subgraphs.events.seed import records as event_records
from subgraphs.persons.seed import records as person_records
from subgraphs.room.enumerations import Classification
from subgraphs.room.world import World
from subgraphs.room.world.showcase import showcase
from subgraphs.vehicles.seed import records as vehicle_records


@pytest.mark.parametrize("seed", [110, 1, 2])
def test_a_plate_leads_to_events_in_city_and_port_and_to_persons_with_documents(seed):
    world = World(4, seed)
    example = showcase(world)
    events = [event for event in event_records(world, 0) if example.vehicle_id in {part.vehicle_id for part in event.vehicles}]
    people = {part.person_id for event in events for part in event.persons}

    assert len(events) == example.events == 7
    assert {event.territory_owner for event in events} == {"LV-PP-RIGA", "LV-OP-RIGA"}
    assert {event.registered_by.institution for event in events} == {"LV-VP", "LV-PP-RIGA", "LV-OP-RIGA"}
    assert {event.place.atvk for event in events} == {example.territory}
    assert all(event.classification.level <= Classification.PERSONAL.level for event in events)
    assert people == {document.holder_id for document in document_records(world, 0)} & people
    assert example.person_id in people


def test_the_natural_keys_are_those_of_the_records():
    world = World(4)
    example = showcase(world)
    vehicle = next(item for item in vehicle_records(world, 0) if item.id == example.vehicle_id)
    person = next(item for item in person_records(world, 0) if item.id == example.person_id)
    document = next(item for item in document_records(world, 0) if item.id == example.document_id)
    event = next(item for item in event_records(world, 0) if item.id == example.event_id)

    assert vehicle.plate == example.plate
    assert vehicle.alerts
    assert example.person_id in {holding.person_id for holding in vehicle.holders}
    assert person.codes[-1].value == example.person_code
    assert (document.kind, document.number, document.holder_id) == (example.document_kind, example.document_number, person.id)
    assert event.registration_number == example.event_number
    assert {"SUSPECT", "VICTIM", "WITNESS"} == {part.role.value for part in event.persons}
    assert re.fullmatch(r"\d{2}-\d{5}", example.case_number)
    assert example.case_number in {decision.case_number for decision in event.decisions}


def test_every_size_of_the_world_has_the_same_example():
    assert showcase(World.of_size("small")) == showcase(World.of_size("large"))


def test_what_city_and_port_police_may_see_by_their_territory_differs():
    world = World(4)
    example = showcase(world)
    events = [event for event in event_records(world, 0) if example.vehicle_id in {part.vehicle_id for part in event.vehicles}]
    in_port = [event for event in events if event.place.zone == "PORT-RIGA"]

    assert 0 < len(in_port) < len(events)
