"""The whole application over a real socket: answers, health, limits, a clean end."""

from __future__ import annotations

import asyncio
import json
import socket
from contextlib import asynccontextmanager, closing

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from gateway.execution import AsgiTransport
from gateway.server import ServerSettings, build_open_gateway

SUPERGRAPH = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {
  query: Query
}
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,
  override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true,
  isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
enum join__Graph { ROOM @join__graph(name: "room", url: "http://room.example") }
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
type Query @join__type(graph: ROOM) { hello: String }
"""


async def room(_request):
    return JSONResponse({"data": {"hello": "sveiki"}})


def free_port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@asynccontextmanager
async def running(**settings):
    transport = AsgiTransport("room", Starlette(routes=[Route("/graphql", room, methods=["POST"])]))
    app = build_open_gateway(SUPERGRAPH, transports={"room": transport}, server=ServerSettings(**settings))
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", access_log=False))
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by this flag alone
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        await task


async def exchange(port, content, *, close=True):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(content)
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    body = await reader.readexactly(length)
    writer.close()
    return int(head.split()[1]), body


def post(body, path="/graphql"):
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


async def test_a_query_is_answered_over_a_socket():
    async with running() as port:
        status, body = await exchange(port, post(b'{"query":"{ hello }"}'))
        assert (status, json.loads(body)) == (200, {"data": {"hello": "sveiki"}})


@pytest.mark.parametrize(("path", "status"), [("/health/live", 200), ("/health/ready", 200), ("/nowhere", 404)])
async def test_health_is_told(path, status):
    async with running() as port:
        assert (await exchange(port, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))[0] == status


async def test_a_body_that_never_ends_does_not_hold_a_connection():
    async with running(body_seconds=0.1) as port:
        slow = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        assert (await exchange(port, slow))[0] == 408


async def test_a_body_over_the_limit_is_refused_before_it_was_sent():
    async with running() as port:
        large = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n"
        assert (await exchange(port, large))[0] == 413


async def test_hostile_bodies_get_an_answer_and_the_next_request_too():
    async with running() as port:
        for body in (
            b"[" * 100_000,
            b'{"query":"' + b"{a" * 60_000 + b'"}',
            b'{"query":"{ ' + b"hello " * 5000 + b'}"}',
            b"\x00",
        ):
            status, _ = await exchange(port, post(body))
            assert status in (200, 400)
        assert (await exchange(port, post(b'{"query":"{ hello }"}')))[0] == 200


async def test_before_the_start_and_after_the_end_the_gateway_is_not_ready(client):
    app = build_open_gateway(SUPERGRAPH)
    http = client(app)
    assert (await http.request("GET", "/health/ready")).status == 503
    assert (await http.request("GET", "/health/live")).status == 200
