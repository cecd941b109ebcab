"""The time that the gateway's caller has left reaches the database that a room asks."""

from __future__ import annotations

import asyncio

from kernel.deadline import HEADER
from subgraphs.room import deadline
from tests.subgraphs.samples import vehicle


async def test_a_store_is_asked_within_what_the_header_leaves(open_room, monkeypatch):
    from gateway.execution import AsgiTransport
    from gateway.execution.transport import SubgraphRequest

    room = await open_room("vehicles")
    await room.store.put_many([vehicle(1)])
    left: list[float] = []
    reading = room.store.database.reading
    monkeypatch.setattr(room.store.database, "reading", lambda: left.append(deadline.remaining(30.0)) or reading())
    assert (await room.ask("{ vehicles { nodes { plate } } }")).data
    assert left == [30.0]

    sent: list[bytes] = []

    async def listening(scope, receive, send):
        sent.extend(value for name, value in scope["headers"] if name == HEADER.lower().encode())
        with deadline.kept(sent[-1]):
            left.append(deadline.remaining(30.0))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    at = asyncio.get_running_loop().time() + 2
    await AsgiTransport("vehicles", listening).send(SubgraphRequest(b"{}", {}, at))
    assert 1_000 < int(sent[0]) <= 2_000
    assert 1 < left[-1] <= 2
    assert deadline.remaining(30.0) == 30.0
