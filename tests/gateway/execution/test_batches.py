"""A request with several look-ups whose answer is not as it should be: each look-up bears its own part."""

from __future__ import annotations

import asyncio

import pytest
from graphql import build_schema

from gateway.execution import Call, execute
from gateway.execution.errors import BadPlan
from gateway.planning.plan import BatchFetch, Each, Fetch, Key, Lookup, QueryPlan, RequiredField, RequiredFragment, Sequence

API = build_schema(
    """
    type Query { users: [User] top: User places: [Place] }
    type User { id: ID name: String }
    type Place { id: ID town: String }
    """
)
LISTED = {
    "users": [{"__typename": "User", "id": "1"}, {"__typename": "User", "id": "2"}],
    "top": {"__typename": "User", "id": "1"},
    "places": [{"__typename": "Place", "id": "7"}],
}


def lookup(number, typename, *paths):
    fields = (RequiredField("__typename", "__typename"), RequiredField("id", "id"))
    return Lookup(f"_e{number}", f"r{number}", paths, (RequiredFragment(typename, (typename,), fields),))


USERS = lookup(0, "User", (Key("users"), Each()), (Key("top"),))
PLACES = lookup(1, "Place", (Key("places"), Each()))
TEXT = """query($r0: [_Any!]!, $r1: [_Any!]!) {
  _e0: _entities(representations: $r0) { ... on User { name } }
  _e1: _entities(representations: $r1) { ... on Place { town } }
}"""
BATCH = BatchFetch(1, "b", TEXT, (USERS, PLACES), depends_on=(0,))
PLAN = QueryPlan("query", Sequence((Fetch(0, "a", "query", "{users{id} top{id} places{id}}"), BATCH)))
NAMES = [{"name": "Anna"}, {"name": "Juris"}]


async def run(canned, answer, plan=PLAN):
    b = canned(answer)
    raw = await execute(plan, API, {}, {"a": canned({"data": LISTED}), "b": b}, Call(asyncio.get_event_loop().time() + 5))
    names = [user.get("name") for user in (*raw.data["users"], raw.data["top"])]
    return raw, names, raw.data["places"][0].get("town")


async def test_equal_entities_of_several_places_are_asked_once(canned):
    raw, names, town = await run(canned, {"data": {"_e0": NAMES, "_e1": [{"town": "Cēsis"}]}})
    assert (names, town, raw.errors) == (["Anna", "Juris", "Anna"], "Cēsis", ())
    assert raw.consulted[1].entities == 3


async def test_an_error_inside_a_lookup_stands_at_the_places_of_that_lookup(canned):
    answer = {
        "data": {"_e0": [None, {"name": "Juris"}], "_e1": [{"town": None}]},
        "errors": [{"message": "no user", "path": ["_e0", 0]}, {"message": "no town", "path": ["_e1", 0, "town"]}],
    }
    raw, names, _ = await run(canned, answer)
    assert names == [None, "Juris", None]
    assert [(error.message, error.path) for error in raw.errors] == [
        ("no user", ("users", 0, "name")),
        ("no user", ("top", "name")),
        ("no town", ("places", 0, "town")),
    ]


@pytest.mark.parametrize("broken", [{}, {"_e1": None}, {"_e1": []}, {"_e1": [{}, {}]}, {"_e1": "x"}])
async def test_a_lookup_without_its_list_is_the_only_one_that_is_lost(canned, broken):
    raw, names, town = await run(canned, {"data": {"_e0": NAMES, **broken}})
    assert (names, town) == (["Anna", "Juris", "Anna"], None)
    assert [(error.code, error.path) for error in raw.errors] == [("SUBGRAPH_MALFORMED_ANSWER", ("places", 0, "town"))]


async def test_an_error_of_one_lookup_does_not_excuse_another(canned):
    answer = {"data": {"_e0": [None, NAMES[1]]}, "errors": [{"message": "no user", "path": ["_e0", 0]}]}
    raw, *_ = await run(canned, answer)
    assert [(error.code, error.path[0]) for error in raw.errors] == [
        ("DOWNSTREAM_SERVICE_ERROR", "users"),
        ("DOWNSTREAM_SERVICE_ERROR", "top"),
        ("SUBGRAPH_MALFORMED_ANSWER", "places"),
    ]


@pytest.mark.parametrize(
    "answer", [{"errors": [{"message": "down"}]}, {"data": None, "errors": [{"message": "down", "path": ["_e1"]}]}]
)
async def test_when_there_is_no_data_every_place_of_every_lookup_is_told(canned, answer):
    raw, *_ = await run(canned, answer)
    assert [(error.message, error.path) for error in raw.errors] == [
        ("down", ("users", 0, "name")),
        ("down", ("top", "name")),
        ("down", ("users", 1, "name")),
        ("down", ("places", 0, "town")),
    ]
    assert len({error.origin for error in raw.errors}) == 1


async def test_a_fault_of_the_whole_request_is_one_event_at_every_place(canned):
    raw, *_ = await run(canned, b"not json")
    assert [error.path[0] for error in raw.errors] == ["users", "top", "users", "places"]
    assert len({error.origin for error in raw.errors}) == 1


async def test_a_lookup_that_its_operation_does_not_have_is_a_bad_plan(canned):
    odd = BatchFetch(1, "b", TEXT, (lookup(5, "User", (Key("top"),)),), depends_on=(0,))
    with pytest.raises(BadPlan, match="_e5"):
        await run(canned, {}, QueryPlan("query", Sequence((PLAN.node.nodes[0], odd))))


NESTED = build_schema(
    "type Query { top: User } type User { id: ID groups: [Group] } type Group { id: ID a: Int b: Int name: String }"
)
NESTED_TEXT = """query($r0: [_Any!]!, $r1: [_Any!]!) {
  _e0: _entities(representations: $r0) { ... on User { groups { a } } }
  _e1: _entities(representations: $r1) { ... on Group { name } }
}"""


async def test_a_lookup_writes_into_objects_that_another_of_the_same_request_adds_to(canned):
    lookups = (lookup(0, "User", (Key("top"),)), lookup(1, "Group", (Key("top"), Key("groups"), Each())))
    batch = BatchFetch(1, "b", NESTED_TEXT, lookups, depends_on=(0,))
    first = Fetch(0, "a", "query", "{top{id groups{id}}}")
    groups = [{"__typename": "Group", "id": "1"}, None, {"__typename": "Group", "id": "2"}]
    a = canned({"data": {"top": {"__typename": "User", "id": "1", "groups": groups}}})
    b = canned({"data": {"_e0": [{"groups": [{"a": 1}, None, {"a": 2}]}], "_e1": [{"name": "one"}, {"name": "two"}]}})
    call = Call(asyncio.get_event_loop().time() + 5)
    raw = await execute(QueryPlan("query", Sequence((first, batch))), NESTED, {}, {"a": a, "b": b}, call)
    shown = [group and (group["a"], group["name"]) for group in raw.data["top"]["groups"]]
    assert (shown, raw.errors) == ([(1, "one"), None, (2, "two")], ())


async def test_one_answer_at_two_places_stays_two_when_something_is_merged_into_it(canned):
    text = "query($r0: [_Any!]!) { _e0: _entities(representations: $r0) { ... on User { groups { id } } } }"
    both = lookup(0, "User", (Key("one"),), (Key("two"),))
    second = Fetch(2, "c", "query", "{two{groups{b}}}", depends_on=(1,))
    plan = QueryPlan(
        "query", Sequence((Fetch(0, "a", "query", "{one{id} two{id}}"), BatchFetch(1, "b", text, (both,), (), (0,)), second))
    )
    user = {"__typename": "User", "id": "1"}
    transports = {
        "a": canned({"data": {"one": user, "two": user}}),
        "b": canned({"data": {"_e0": [{"groups": [{"id": "g"}]}]}}),
        "c": canned({"data": {"two": {"groups": [{"b": 5}]}}}),
    }
    raw = await execute(plan, NESTED, {}, transports, Call(asyncio.get_event_loop().time() + 5))
    assert raw.data["one"]["groups"] == [{"id": "g"}]
    assert raw.data["two"]["groups"] == [{"id": "g", "b": 5}]
