"""A room alone, behind a genuine context, still shows what the contract shows: fields, filters, rows, masks, counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from authz.signed_context import SignedContext
from subgraphs.events.enumerations import PersonRole
from subgraphs.events.model import Place, Registrar
from subgraphs.room.enumerations import Classification
from subgraphs.room.records import Involved
from tests.subgraphs.conftest import NOW, send
from tests.subgraphs.samples import document, event, id_of, person, person_part, vehicle, vehicle_part

RIGA = {"agency": "LV-PP-RIGA", "purpose": "EVENT_RESPONSE"}
PORT = {"agency": "LV-OP-RIGA", "purpose": "EVENT_RESPONSE"}
STATISTICS = {"agency": "LV-STAT", "purpose": "STATISTICS"}


@pytest.fixture
async def events(open_room):
    room = await open_room("events")
    elsewhere = {"territory_owner": "LV-VP", "registered_by": Registrar("LV-VP"), "place": Place(atvk="0028000")}
    await room.store.put_many(
        [
            event(1, persons=(person_part(1, 1),), vehicles=(vehicle_part(2, 1),)),
            event(2, persons=(person_part(3, 1),), vehicles=(vehicle_part(4, 1),), **elsewhere),
        ]
    )
    return room


async def test_rows_outside_the_territory_are_not_there_however_they_are_asked_for(events):
    mine, other = id_of("evt", 1), id_of("evt", 2)
    query = """query($mine: ID!, $other: ID!, $number: String!, $r: [_Any!]!) {
        mine: event(id: $mine) { id } other: event(id: $other) { id } node(id: $other) { __typename }
        byNumber: eventByNumber(number: $number) { id } events { nodes { id } }
        _entities(representations: $r) { ... on Event { id } ... on Person { involvements { nodes { event { id } } } }
          ... on Vehicle { involvements { nodes { event { id } } } } } }"""
    variables = {
        "mine": mine,
        "other": other,
        "number": "VNR-2026-0000002",
        "r": [
            {"__typename": "Event", "ref": other},
            {"__typename": "Event", "ref": mine},
            {"__typename": "Person", "ref": id_of("per", 1)},
            {"__typename": "Vehicle", "ref": id_of("veh", 1)},
        ],
    }
    data = (await events.ask(query, variables, **RIGA)).data
    only_mine = {"involvements": {"nodes": [{"event": {"id": mine}}]}}
    assert data == {
        "mine": {"id": mine},
        "other": None,
        "node": None,
        "byNumber": None,
        "events": {"nodes": [{"id": mine}]},
        "_entities": [None, {"id": mine}, only_mine, only_mine],
    }


async def test_counts_count_visible_rows_alone(events):
    query = """query($r: [_Any!]!) { events { totalCount }
        _entities(representations: $r) { ... on Vehicle { involvements { totalCount } } } }"""
    variables = {"r": [{"__typename": "Vehicle", "ref": id_of("veh", 1)}]}
    for asking, count in (({}, 2), (RIGA, 1)):
        data = (await events.ask(query, variables, **asking)).data
        assert data == {"events": {"totalCount": count}, "_entities": [{"involvements": {"totalCount": count}}]}


async def test_hidden_and_absent_rows_give_the_same_bytes(events):
    query = "query($id: ID!) { event(id: $id) { id kind } node(id: $id) { id } }"
    hidden = await events.ask(query, {"id": id_of("evt", 2)}, **RIGA)
    absent = await events.ask(query, {"id": id_of("evt", 999)}, **RIGA)
    assert hidden.body == absent.body


@pytest.mark.parametrize(
    "query",
    [
        "{ events { nodes { summary } } }",
        '{ eventByNumber(number: "x") { id } }',
        "{ events { nodes { persons { role } } } }",
        '{ events(where: {registrationNumber: {eq: "x"}}) { nodes { id } } }',
        'query($w: EventWhere = {registrationNumber: {eq: "x"}}) { events(where: $w) { nodes { id } } }',
        "{ _service { sdl } events { nodes { registeredBy { official } } } }",
        "{ unknown }",
        "not a document",
    ],
)
async def test_what_the_contract_does_not_grant_is_refused_as_a_whole(events, query):
    answer = await events.ask(query, **STATISTICS)
    assert answer.status in (400, 403)
    assert set(answer.json) == {"errors"}


async def test_a_filter_in_variables_is_refused_for_every_request(events):
    query = "query($w: EventWhere) { events(where: $w) { nodes { id } } }"
    assert (await events.ask(query, {"w": {"kind": {"eq": "CRIMINAL_OFFENCE"}}}, **STATISTICS)).status == 200
    refused = await events.ask(query, {"w": {"not": {"or": [{"registrationNumber": {"eq": "x"}}]}}}, **STATISTICS)
    assert refused.status in (400, 403)
    assert "data" not in refused.json


async def test_values_are_masked_where_the_contract_says_so(open_room):
    room = await open_room("persons")
    await room.store.put_many([person(1, involved=Involved(id_of("per", 1), ("0001000",), ("LV-OP-RIGA",)))])
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { code: personalCode familyName } } }"
    variables = {"r": [{"__typename": "Person", "ref": id_of("per", 1)}]}
    port = (await room.ask(query, variables, **PORT)).data["_entities"]
    whole = (await room.ask(query, variables)).data["_entities"]
    assert port == [{"code": "********0001", "familyName": "Bērziņš-1"}]
    assert whole == [{"code": "309912-00001", "familyName": "Bērziņš-1"}]


async def test_persons_are_seen_by_the_owners_of_their_events(open_room):
    room = await open_room("persons")
    await room.store.put_many(
        [
            person(1, involved=Involved(id_of("per", 1), (), ("LV-OP-RIGA",))),
            person(2, involved=Involved(id_of("per", 2), (), ("LV-VP",))),
        ]
    )
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { id } } }"
    refs = [{"__typename": "Person", "ref": id_of("per", number)} for number in (1, 2, 3)]
    assert (await room.ask(query, {"r": refs}, **PORT)).data["_entities"] == [{"id": id_of("per", 1)}, None, None]


async def test_a_plate_of_a_hidden_vehicle_finds_nothing(open_room):
    room = await open_room("vehicles")
    hidden = vehicle(2, classification=Classification.OPERATIONAL)
    await room.store.put_many([vehicle(1), hidden])
    query = "query($plate: String!) { vehicleByPlate(plate: $plate) { id } }"
    for number, whole, mine in ((1, {"id": id_of("veh", 1)}, {"id": id_of("veh", 1)}), (2, {"id": id_of("veh", 2)}, None)):
        variables = {"plate": f"QA-{number}"}
        assert (await room.ask(query, variables)).data == {"vehicleByPlate": whole}
        assert (await room.ask(query, variables, **RIGA)).data == {"vehicleByPlate": mine}


async def test_hidden_documents_are_not_among_a_persons_documents(open_room):
    room = await open_room("documents")
    hidden = document(2, holder_id=id_of("per", 1), classification=Classification.SENSITIVE)
    await room.store.put_many([document(1, holder_id=id_of("per", 1)), hidden])
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { documents { id } } } }"
    variables = {"r": [{"__typename": "Person", "ref": id_of("per", 1)}]}
    assert (await room.ask(query, variables, **PORT)).data == {"_entities": [{"documents": [{"id": id_of("doc", 1)}]}]}


async def test_a_contracts_own_page_limit_holds(events):
    answer = await events.ask("query($n: Int) { events(first: $n) { nodes { id } } }", {"n": 51}, **PORT)
    assert answer.json["errors"][0]["extensions"]["code"] == "BAD_PAGE"


async def test_roles_narrow_the_persons_of_an_event(events):
    query = "query($id: ID!, $role: [PersonRole!]) { event(id: $id) { persons(role: $role) { role } } }"
    both = await events.ask(query, {"id": id_of("evt", 1), "role": [PersonRole.WITNESS.value]})
    none = await events.ask(query, {"id": id_of("evt", 1), "role": [PersonRole.SUSPECT.value]})
    assert both.data == {"event": {"persons": [{"role": "WITNESS"}]}}
    assert none.data == {"event": {"persons": []}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"contract_id": "C-0000-000"},
        {"contract_version": 99},
        {"mask_digest": "sha256:0"},
        {"purpose": "TRAFFIC_CONTROL_OF_NOBODY"},
        {"purpose": None},
        {"agency": "LV-VP"},
    ],
)
async def test_a_context_that_does_not_fit_the_rooms_own_contracts_is_not_admitted(events, wrong):
    mask = events.mask("LV-PROK", "CRIMINAL_PROCEEDING")
    context = SignedContext("t", "LV-PROK", "u", mask.contract_id, mask.contract_version, mask.digest, "CRIMINAL_PROCEEDING")
    answer = await events.ask(
        "{ __typename }", header=lambda body: events.signer.sign(replace(context, **wrong), "events", body, NOW)
    )
    assert answer.status == 401


async def test_a_context_is_good_for_one_body_of_one_room_and_half_a_minute(events):
    mask = events.mask("LV-PROK", "CRIMINAL_PROCEEDING")
    context = SignedContext("t", "LV-PROK", "u", mask.contract_id, mask.contract_version, mask.digest, "CRIMINAL_PROCEEDING")
    for header, status in (
        (lambda body: events.signer.sign(context, "events", body + b" ", NOW), 403),
        (lambda body: events.signer.sign(context, "persons", body, NOW), 401),
        (lambda body: events.signer.sign(context, "events", body, NOW - timedelta(minutes=2)), 401),
        (lambda body: events.signer.sign(context, "events", body, NOW), 200),
    ):
        assert (await events.ask("{ __typename }", header=header)).status == status


async def test_only_health_is_open(events):
    assert (await send(events.app, "GET", "/health")).status == 200
    assert (await send(events.app, "GET", "/graphql")).status == 405
    assert (await send(events.app, "GET", "/")).status == 404
    assert (await send(events.app, "POST", "/graphql", b"{}")).status == 401
