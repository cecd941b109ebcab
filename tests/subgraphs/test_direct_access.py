"""Whoever reaches a room past the gateway gets nothing: no data, no SDL, and nothing that tells one question from another."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from joserfc.jwk import OKPKey

from authz.signed_context import ContextSigner, SignedContext
from authz.signed_context.context import from_base64url
from tests.subgraphs.conftest import NOW, Room, send

ROOMS = ("events", "persons", "vehicles", "documents")
QUESTIONS = {
    "data": '{ node(id: "per_1") { id } }',
    "entities": '{ _entities(representations: [{__typename: "Person", ref: "per_1"}]) { __typename } }',
    "sdl": "{ _service { sdl } }",
    "introspection": "{ __schema { types { name fields { name } } } }",
    "one type": '{ __type(name: "Person") { name } }',
    "nothing": "{ __typename }",
    "no GraphQL": "{{{",
}


def context_of(room: Room, **changes: object) -> SignedContext:
    mask = room.mask("LV-PROK", "CRIMINAL_PROCEEDING")
    claims: dict[str, object] = {
        "txn": "txn-1",
        "agency": "LV-PROK",
        "user": "anna",
        "contract_id": mask.contract_id,
        "contract_version": mask.contract_version,
        "mask_digest": mask.digest,
        "purpose": "CRIMINAL_PROCEEDING",
    }
    return SignedContext(**(claims | changes))  # type: ignore[arg-type]  # the fields by name


def absent(_room: Room, _body: bytes) -> str | None:
    return None


def access_token(_room: Room, _body: bytes) -> str:
    return "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCIsImtpZCI6IngifQ.e30.AAAA"


def forged(room: Room, body: bytes) -> str:
    genuine = room.signer.sign(context_of(room), room.name, body, NOW)
    kid = json.loads(from_base64url(genuine.split(".")[0]))["kid"]
    stranger = OKPKey.generate_key("Ed25519", {"kid": kid})
    return ContextSigner(stranger).sign(context_of(room), room.name, body, NOW)


def expired(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room), room.name, body, NOW - timedelta(seconds=36))


def not_yet(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room), room.name, body, NOW + timedelta(seconds=6))


def for_another_room(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room), "elsewhere", body, NOW)


def of_another_request(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room), room.name, body + b" ", NOW)


def unknown_contract(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, contract_id="C-0000-000"), room.name, body, NOW)


def unknown_version(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, contract_version=99), room.name, body, NOW)


def without_purpose(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, purpose=None), room.name, body, NOW)


def unknown_purpose(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, purpose="CURIOSITY"), room.name, body, NOW)


def another_agency(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, agency="LV-STAT"), room.name, body, NOW)


def another_mask(room: Room, body: bytes) -> str:
    return room.signer.sign(context_of(room, mask_digest="sha256:" + "0" * 64), room.name, body, NOW)


GUARDS = {
    absent: 401,
    access_token: 401,
    forged: 401,
    expired: 401,
    not_yet: 401,
    for_another_room: 401,
    of_another_request: 403,
    unknown_contract: 401,
    unknown_version: 401,
    without_purpose: 401,
    unknown_purpose: 401,
    another_agency: 401,
    another_mask: 401,
}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
async def test_every_guard_refuses_every_question_in_the_same_bytes(open_room, guard):
    for name in ROOMS:
        room = await open_room(name)
        answers = [await room.ask(question, header=lambda body, r=room: guard(r, body)) for question in QUESTIONS.values()]
        assert {answer.status for answer in answers} == {GUARDS[guard]}
        assert len({answer.body for answer in answers}) == 1
        assert set(answers[0].json) == {"errors"}
        assert "Person" not in answers[0].body.decode()


async def test_a_context_is_good_once(open_room):
    room = await open_room("persons")
    made: list[str] = []

    def once(body: bytes) -> str:
        made.append(made[0] if made else room.signer.sign(context_of(room), "persons", body, NOW))
        return made[-1]

    assert (await room.ask("{ __typename }", header=once)).status == 200
    assert (await room.ask("{ __typename }", header=once)).status == 403


async def test_other_methods_and_paths_give_nothing_either(open_room):
    room = await open_room("persons")
    for method, path, status in (
        ("GET", "/graphql", 405),
        ("PUT", "/graphql", 405),
        ("POST", "/", 404),
        ("GET", "/schema", 404),
        ("GET", "/graphql/sdl", 404),
    ):
        answer = await send(room.app, method, path, b'{"query":"{_service{sdl}}"}')
        assert (answer.status, answer.body) == (status, b"")


async def test_the_sdl_is_for_the_gateway_alone(open_room):
    room = await open_room("persons")
    answer = await room.ask("{ _service { sdl } }")
    assert "type Person" in answer.data["_service"]["sdl"]


@pytest.mark.parametrize("name", ROOMS)
async def test_a_web_socket_is_refused_before_it_is_accepted(open_room, name):
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def keep(message: object) -> None:
        sent.append(message)

    await (await open_room(name)).app({"type": "websocket", "path": "/graphql", "headers": []}, receive, keep)
    assert sent == [{"type": "websocket.close"}]
