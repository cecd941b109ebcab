"""A subscription's plan: one fetch opens the stream, the rest runs for each event."""

from __future__ import annotations

import pytest

from gateway.planning import print_plan, to_json
from gateway.planning.plan import Subscription

A = """
type Query { x: Int }
type Subscription { changed(of: [ID!]): Event ticks: Int! }
type Event { item: Item at: String }
type Item @key(fields: "id") { id: ID! }
"""
B = 'type Item @key(fields: "id") { id: ID! name: String maker: Maker } type Maker @key(fields: "id") { id: ID! }'
C = 'type Maker @key(fields: "id") { id: ID! town: String }'


@pytest.fixture
def events(world):
    return world({"a": A, "b": B, "c": C}, {})


def test_what_other_subgraphs_hold_is_fetched_for_each_event(events):
    text = print_plan(events.plan("subscription($of: [ID!]) { changed(of: $of) { at item { name maker { town } } } }"))
    head, rest = text.split("    Rest {")
    assert " ".join(head.split()) == (
        'QueryPlan { Subscription { Primary { Fetch(service: "a") { subscription ($of: [ID!]) { changed(of: $of) '
        "{ at item { __typename id } } } }, },"
    )
    assert [line.strip() for line in rest.split("\n") if "Fetch(" in line or "Flatten" in line] == [
        'Flatten(path: "changed.item") {',
        'Fetch(service: "b") {',
        'Flatten(path: "changed.item.maker") {',
        'Fetch(service: "c") {',
    ]


def test_a_subscription_of_one_subgraph_has_no_rest(events):
    made = events.plan("subscription { ticks }")
    assert isinstance(made.node, Subscription)
    assert made.node.rest is None
    node = to_json(made)["node"]
    assert (node["kind"], node["primary"]["operationKind"], node["rest"]) == ("Subscription", "subscription", None)


def test_conditions_stay_inside_the_stream(events):
    made = events.plan("subscription($b: Boolean!) { changed { at @include(if: $b) item @include(if: $b) { name } } }")
    assert isinstance(made.node, Subscription)
    assert made.node.primary.operation == (
        "subscription($b: Boolean!) { changed { at @include(if: $b) item @include(if: $b) { __typename id } } }"
    )
    assert [fetch.service for fetch in made.fetches()] == ["a", "b"]


RENAMED = {
    "a": """
    schema { query: Root mutation: Change subscription: Feed }
    type Root { me: User again: Root }
    type Change { rename(name: String): Root }
    type Feed { users: User }
    type User @key(fields: "id") { id: ID! }
    """,
    "b": """
    schema { query: MyQuery mutation: MyMutation }
    type MyQuery { count: Int }
    type MyMutation { reset: Int }
    type User @key(fields: "id") { id: ID! name: String }
    """,
}
ROOT = {"me": {"id": "1"}, "again": lambda root: root}
ROWS = {
    "a": {"Root": ROOT, "Change": {"rename": lambda _s, name: ROOT}},
    "b": {"MyQuery": {"count": 3}, "MyMutation": {"reset": 0}, "User": [{"id": "1", "name": "Anna"}]},
}


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ me { name } count }", {"me": {"name": "Anna"}, "count": 3}),
        (
            "{ again { count me { name } again { count } } }",
            {"again": {"count": 3, "me": {"name": "Anna"}, "again": {"count": 3}}},
        ),
        (
            'mutation { rename(name: "x") { __typename count me { id } } reset }',
            {"rename": {"__typename": "Query", "count": 3, "me": {"id": "1"}}, "reset": 0},
        ),
    ],
)
async def test_root_types_may_have_any_name_in_a_subgraph(world, query, data):
    assert await world(RENAMED, ROWS).data(query) == data


def test_a_renamed_subscription_root_is_planned(world):
    made = world(RENAMED, ROWS).plan("subscription { users { name } }")
    assert [(fetch.service, fetch.kind) for fetch in made.fetches()] == [("a", "subscription"), ("b", "query")]
