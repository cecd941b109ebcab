"""Subscriptions in this process: what opens the stream, and each of its events completed."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from gateway.execution import Call, SubgraphAnswer, compile_plan
from gateway.execution.errors import BadPlan
from gateway.execution.event import execute_event, stream_request
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of

A = """
type Query { x: Int }
type Subscription { changed(of: [ID!]): Event }
type Event { item: Item at: String }
type Item @key(fields: "id") { id: ID! }
"""
B = 'type Item @key(fields: "id") { id: ID! name: String maker: Maker } type Maker @key(fields: "id") { id: ID! }'
C = 'type Maker @key(fields: "id") { id: ID! town: String }'
ROWS = {
    "b": {"Item": [{"__typename": "Item", "id": one, "name": f"item {one}", "maker": {"id": "m"}} for one in "12"]},
    "c": {"Maker": [{"__typename": "Maker", "id": "m", "town": "Ogre"}]},
}
QUERY = "subscription($of: [ID!]) { changed(of: $of) { at item { name maker { town } } } }"


@pytest.fixture
def feed(world):
    return world({"a": A, "b": B, "c": C}, ROWS)


@pytest.fixture
def compiled(feed):
    supergraph = feed.graph.supergraph
    return compile_plan(feed.plan(QUERY), supergraph.api_schema, keys_of(supergraph), members_of(supergraph))


def complete(feed, compiled, event, variables=None):
    call = Call(asyncio.get_running_loop().time() + 5)
    return execute_event(compiled, feed.graph.supergraph.api_schema, variables or {}, event, feed.subgraphs, call)


async def stream(*items):
    for number, item in enumerate(items):
        inner = None if item is None else {"__typename": "Item", "id": item}
        yield msgspec.json.encode({"data": {"changed": {"at": f"day {number}", "item": inner}}})


def test_the_stream_is_opened_with_the_variables_of_its_own_field(feed, compiled):
    service, body = stream_request(compiled, feed.graph.supergraph.api_schema, {"of": ["1"], "other": 2})
    sent = msgspec.json.decode(body)
    assert service == "a"
    assert sent["query"].startswith("subscription")
    assert sent["variables"] == {"of": ["1"]}


async def test_each_event_is_completed_with_what_other_subgraphs_hold(feed, compiled):
    found = []
    async for event in stream("1", "2"):
        raw = await complete(feed, compiled, event)
        assert raw.errors == ()
        changed = raw.data["changed"]
        found.append((changed["at"], changed["item"]["name"], changed["item"]["maker"]["town"]))
    assert found == [("day 0", "item 1", "Ogre"), ("day 1", "item 2", "Ogre")]


async def test_an_event_that_needs_nothing_more_asks_nobody(feed, compiled):
    async for event in stream(None):
        raw = await complete(feed, compiled, event)
        assert raw.data == {"changed": {"at": "day 0", "item": None}}
    assert feed.asked() == {}


async def test_what_fails_while_completing_one_event_leaves_the_next_alone(feed, compiled):
    working, town = feed.subgraphs["c"], []

    class Broken:
        async def send(self, _request):
            return SubgraphAnswer(500, b"")

        async def close(self):
            pass

    async for event in stream("1", "2"):
        feed.subgraphs["c"] = working if town else Broken()
        raw = await complete(feed, compiled, event)
        town.append((raw.data["changed"]["item"]["maker"].get("town"), [error.path for error in raw.errors]))
    assert town == [(None, [("changed", "item", "maker", "town")]), ("Ogre", [])]


@pytest.mark.parametrize("event", [b"", b"[]", b"{}", b'{"data": {}}', b'{"errors": [{"message": "over"}]}'])
async def test_a_broken_event_is_an_error_at_its_field(feed, compiled, event):
    raw = await complete(feed, compiled, event)
    assert [error.path for error in raw.errors] == [("changed",)]


async def test_other_operations_have_no_events(feed):
    made = feed.plan("{ x }")
    with pytest.raises(BadPlan, match="not a subscription"):
        await complete(feed, made, b"{}")
