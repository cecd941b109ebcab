"""The attacks on documents over every way that exists: POST, GET, HTTPS, and a room asked directly.

Each has the same outcome everywhere: what is withheld is withheld, what is refused reaches no room. WebSocket, SSE, persisted
documents, uploads and batches are not served (`docs/security/threat-model.md`).
"""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import uvicorn

from saite.listen import secured
from saite.tls import Tls
from tests.saite.test_tls import Authority
from tests.security.city import opened
from tests.security.pen import canaries_in
from tests.security.population import row_of
from tests.security.town import Answer, Town

IDS = {"p": row_of("Person", 0)[1]}
WITHHELD: dict[str, tuple[str, dict[str, Any]]] = {
    "s01": ("{ persons(first: 2) { nodes { familyName: personalCode } } }", {}),
    "s02": (
        "{ persons(first: 2) { nodes { ...A } } b: persons(first: 1) { nodes { ...A } } } \
        fragment A on Person { ...B } fragment B on Person { givenNames code: personalCode }",
        {},
    ),
    "s11": ("query($x: Boolean!) { persons(first: 2) { nodes { givenNames c: personalCode @include(if: $x) } } }", {"x": True}),
    "s11-false": ("query($x: Boolean!) { persons(first: 1) { nodes { c: personalCode @skip(if: $x) } } }", {"x": False}),
    "s24": ("{ vehicles(first: 1) { totalCount } }", {}),
    "s30": ("{ events(first: 3) { nodes { summary } } }", {}),
}
REFUSED: dict[str, tuple[str, dict[str, Any]]] = {
    "s03": ("query($p: ID!) { node(id: $p) { ... on Person { contacts { value } } } }", IDS),
    "s04": ("query($p: ID!) { node(id: $p) { ... on Person { id } } }", IDS),
    "s05": ("query($p: ID!) { node(id: $p) { ... on Traceable { version } } }", IDS),
    "s12": ("query($p: ID!) { node(id: $p) { ... on Person { addresses { __typename } } } }", IDS),
    "s14": ('{ persons(where: {givenNames: {eq: "x"}}) { nodes { familyName } } }', {}),
    "s15": (
        "query($w: PersonWhere) { persons(where: $w) { nodes { familyName } } }",
        {"w": {"or": [{"not": {"givenNames": {"eq": "x"}}}]}},
    ),
    "s15-default": (
        'query($w: PersonWhere = {givenNames: {eq: "x"}}) { persons(where: $w) { nodes { familyName } } }',
        {},
    ),
    "s16": ('{ persons(where: {familyName: {startsWith: "zq"}}) { nodes { familyName } } }', {}),
    "s17": ("{ events(where: {persons: {role: {eq: SUSPECT}}}) { nodes { kind } } }", {}),
    "s19": ("{ persons(orderBy: [BIRTH_DATE_ASC]) { nodes { familyName } } }", {}),
    "s19-variable": ("query($o: [PersonOrder!]) { persons(orderBy: $o) { nodes { familyName } } }", {"o": ["BIRTH_DATE_ASC"]}),
    "s29": ("{ persons { nodes { birthPlace } } }", {}),
    "introspection-beside": ("{ __schema { types { name } } persons { nodes { birthPlace } } }", {}),
    "entities": ('{ _entities(representations: [{__typename: "Person", ref: "x"}]) { __typename } }', {}),
    "service": ("{ _service { sdl } }", {}),
}


def room_of(query: str) -> str:
    return next((room for room in ("persons", "vehicles") if f"{room}(" in query or f"{room} {{" in query), "events")


@pytest.mark.parametrize("way", ["POST", "GET"])
async def test_what_is_withheld_is_null_told_and_never_fetched(town: Town, way: str) -> None:
    for query, variables in WITHHELD.values():
        answer = await town.ask(query, variables, way=way)
        _withheld(answer)
        sent = town.fetched()
        for name in ("personalCode", "summary", "totalCount"):
            assert name not in sent


def _withheld(answer: Answer) -> None:
    assert answer.status == 200
    entries = answer.json["extensions"]["withheld"]
    assert entries
    assert set(answer.codes) == {"UNAUTHORIZED_FIELD_OR_TYPE"}
    assert all(not part.isdigit() for entry in entries for part in entry["path"])
    told = canaries_in(answer.body)
    for entry in entries:
        values = list(_at(answer.json["data"], entry["path"]))
        assert values
        assert set(values) == {None}
    assert b"3099" not in answer.body, told


def _at(data: Any, path: list[str]) -> Any:
    if not path:
        yield data
    elif isinstance(data, list):
        for one in data:
            yield from _at(one, path)
    elif data is not None:
        yield from _at(data[path[0]], path[1:])


@pytest.mark.parametrize("way", ["POST", "GET"])
async def test_what_is_refused_reaches_no_room_and_leaves_a_record(town: Town, way: str) -> None:
    for case, (query, variables) in REFUSED.items():
        answer = await town.ask(query, variables, way=way)
        assert "data" not in answer.json, case
        assert town.fetched() == "", case
        assert town.log.tail(1)[0].entry.status == "denied", case


async def test_a_room_asked_directly_refuses_the_same(town: Town) -> None:
    for case, (query, variables) in {**WITHHELD, **REFUSED}.items():
        answer = await town.ask_room(room_of(query), query, variables)
        # keys, references and the schema are what rooms are joined by; below them rows and fields are denied
        if case in ("s04", "entities", "service"):
            assert not canaries_in(answer.body), case
        else:
            assert "data" not in answer.json, case
            assert answer.status in (400, 403), case


async def test_over_https_all_of_it_is_the_same(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    certificate, key, _ = authority.issue("localhost")
    async with opened(tmp_path) as (town, _, _):
        with socket.socket() as claimed:
            claimed.bind(("127.0.0.1", 0))
            config = uvicorn.Config(town.gate, log_config=None, access_log=False, http="httptools", lifespan="off")
            server = uvicorn.Server(secured(config, Tls(certificate, key)))
            serving = asyncio.create_task(server.serve(sockets=[claimed]))
            try:
                await _attacked(town, f"https://localhost:{claimed.getsockname()[1]}/graphql", authority)
            finally:
                server.should_exit = True
                await serving


async def _attacked(town: Town, address: str, authority: Authority) -> None:
    trusted = ssl.create_default_context(cafile=str(authority.file))
    headers = {"authorization": f"Bearer {town.token()}"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted), headers=headers) as session:
        for query, variables in WITHHELD.values():
            async with session.post(address, json={"query": query, "variables": variables}) as came:
                _withheld(Answer(came.status, await came.read(), {}))
        town.fetched()
        for query, variables in REFUSED.values():
            async with session.post(address, json={"query": query, "variables": variables}) as came:
                assert "data" not in await came.json(content_type=None)
            async with session.get(address, params={"query": query, "variables": json.dumps(variables)}) as came:
                assert "data" not in await came.json(content_type=None)
        assert town.fetched() == ""
    nobody = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted))
    async with nobody, nobody.post(address, json={"query": "{ __typename }"}) as came:
        assert came.status == 401


async def test_what_is_not_served_is_no_way_in(town: Town) -> None:
    for headers in ({"upgrade": "websocket", "connection": "upgrade"}, {"accept": "text/event-stream"}):
        answer = await town.ask("{ events(first: 1) { nodes { kind } } }", way="GET", token="nonsense", **headers)
        assert answer.status in (401, 406)
    assert town.fetched() == ""
