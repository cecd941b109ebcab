"""The root fields of a mutation run one after the other, across subgraphs that share one number.

Neighbours of one subgraph share a request, unless something has to be asked elsewhere between them; everything that a group
asks elsewhere has ended before the next group starts.
Once a field has failed in a way that makes the whole answer null, nothing is changed any more.
"""

from __future__ import annotations

import pytest

A = """
type Query { n: Int }
type Mutation { add(n: Int!): Box must(n: Int!): Box! boxes(n: Int!): [Box!]! loose(n: Int!): [Box]! found(n: Int!): Found! }
union Found = Box | Nothing
type Nothing { why: String! }
type Box @key(fields: "id") { id: ID! n: Int }
"""
B = """
type Query { m: Int }
type Mutation { double: Int! }
type Box @key(fields: "id") { id: ID! seen: Int maybe: Int strict: Int! deep: Deep! }
type Deep { inner: [Int!]! }
"""
C = 'type Mutation { note: Int } type Query { o: Int } type Box @key(fields: "id") { id: ID! far: Int! }'


@pytest.fixture
def shared_number(world):
    state = {"n": 0, "doubled": 0}

    def add(_source, n):
        state["n"] += n
        return {"id": "1", "n": state["n"]}

    def double(_source):
        state["n"] *= 2
        state["doubled"] += 1
        return state["n"]

    box = {
        "id": "1",
        "seen": lambda _box: state["n"],
        "maybe": ValueError("no maybe"),
        "strict": ValueError("no strict"),
        "deep": {"inner": [1, None]},
    }
    mutations = {
        "add": add,
        "must": add,
        "boxes": lambda source, n: [add(source, n)],
        "loose": lambda source, n: [add(source, n)],
        "found": lambda source, n: {"__typename": "Box", **add(source, n)},
    }
    made = world(
        {"a": A, "b": B, "c": C},
        {
            "a": {"Mutation": mutations},
            "b": {"Mutation": {"double": double}, "Box": [box]},
            "c": {"Mutation": {"note": lambda _s: state["n"]}, "Box": [{"id": "1", "far": None}]},
        },
    )
    made.state = state
    return made


async def test_each_field_sees_what_those_before_it_did(shared_number):
    query = "mutation { one: add(n: 3) { n } two: add(n: 4) { n } double three: add(n: 1) { n } note }"
    assert await shared_number.data(query) == {"one": {"n": 3}, "two": {"n": 7}, "double": 14, "three": {"n": 15}, "note": 15}


async def test_what_a_field_asks_elsewhere_is_asked_before_the_next_subgraph_changes_anything(shared_number):
    query = "mutation { add(n: 5) { seen } double again: add(n: 1) { seen } }"
    assert await shared_number.data(query) == {"add": {"seen": 5}, "double": 10, "again": {"seen": 11}}


async def test_neighbours_of_one_subgraph_share_a_request(shared_number):
    query = "mutation { one: add(n: 1) { n } two: add(n: 1) { n seen } }"
    assert await shared_number.data(query) == {"one": {"n": 1}, "two": {"n": 2, "seen": 2}}
    assert shared_number.asked() == {"a": 1, "b": 1}


async def test_neighbours_do_not_share_a_request_when_something_has_to_be_asked_between_them(shared_number):
    query = "mutation { one: add(n: 1) { n seen } two: add(n: 1) { n } }"
    assert await shared_number.data(query) == {"one": {"n": 1, "seen": 1}, "two": {"n": 2}}
    assert shared_number.asked() == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("first", "doubled"),
    [
        ("must(n: 1) { n }", 1),
        ("must(n: 1) { maybe }", 1),
        ("must(n: 1) { strict }", 0),
        ("must(n: 1) { far }", 0),
        ("must(n: 1) { deep { inner } }", 0),
        ("must(n: 1) { seen @include(if: $no) strict @include(if: $no) }", 1),
        ("must(n: 1) { ... @skip(if: $no) { strict } }", 0),
        ("add(n: 1) { strict }", 1),
        ("boxes(n: 1) { maybe }", 1),
        ("boxes(n: 1) { strict }", 0),
        ("loose(n: 1) { strict }", 1),
        ("found(n: 1) { ... on Nothing { why } ... on Box { seen } }", 1),
        ("found(n: 1) { ... on Box { strict } }", 0),
    ],
)
async def test_after_a_null_that_reaches_the_root_no_later_field_is_asked(shared_number, first, doubled):
    head = "mutation($no: Boolean!)" if "$no" in first else "mutation"
    answer = await shared_number.ask(f"{head} {{ {first} double }}", no=False)
    assert shared_number.state["doubled"] == doubled
    assert (answer["data"] is None) is (doubled == 0)
    assert all(error["path"] != ["double"] for error in answer.get("errors", ()))
