"""Every broken answer × every place: one clear error at the right path, the rest of the answer whole, never an exception.

Places: a root field, an entity, entities in a nested list. A place is broken by giving its subgraph's answer a fault.
"""

from __future__ import annotations

import asyncio
import copy
from dataclasses import replace

import msgspec
import pytest
from graphql import build_schema, parse

from gateway.execution import Call, compile_plan, execute
from gateway.execution.errors import AnswerTooLarge, SubgraphTimeout, SubgraphUnavailable
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of
from gateway.planning.plan import (
    Each,
    Fetch,
    Flatten,
    Key,
    Parallel,
    QueryPlan,
    RenameKey,
    RequiredField,
    RequiredFragment,
    Sequence,
)
from gateway.response import Projection, open_mask, render

API = build_schema(
    """
    type Query { users: [User] greeting: String }
    type User { id: ID! name: String email: String reviews: [Review] }
    type Review { id: ID! product: Product }
    type Product { id: ID! price: Int }
    """
)
QUERY = parse("{ greeting users { id name reviews { id product { price } } } }")
PROJECTION = Projection(API, QUERY, QUERY.definitions[0], {})


def entity(number, service, typename, selection, path):
    entities = f"_entities(representations:$representations){{... on {typename}{{{selection}}}}}"
    return Flatten(
        path,
        Fetch(
            number,
            service,
            "query",
            f"query($representations:[_Any!]!){{{entities}}}",
            requires=(RequiredFragment(typename, (typename,), (RequiredField("id", "id"),)),),
            depends_on=(1,),
        ),
    )


PLAN = QueryPlan(
    "query",
    Sequence(
        (
            Parallel(
                (
                    Fetch(0, "greetings", "query", "{greeting}"),
                    Fetch(1, "users", "query", "{users{__typename id reviews{id product{__typename id}}}}"),
                )
            ),
            Parallel(
                (
                    entity(2, "names", "User", "name", (Key("users"), Each())),
                    entity(3, "prices", "Product", "price", (Key("users"), Each(), Key("reviews"), Each(), Key("product"))),
                )
            ),
        )
    ),
)


def product(number):
    return {"__typename": "Product", "id": str(number)}


USERS = [
    {"__typename": "User", "id": "1", "reviews": [{"id": "a", "product": product(7)}, {"id": "b", "product": product(8)}]},
    {"__typename": "User", "id": "2", "reviews": [{"id": "c", "product": product(7)}]},
]
WHOLE = {
    "greetings": {"data": {"greeting": "hello"}},
    "users": {"data": {"users": USERS}},
    "names": {"data": {"_entities": [{"name": "one"}, {"name": "two"}]}},
    "prices": {"data": {"_entities": [{"price": 70}, {"price": 80}]}},
}
EXPECTED = {
    "greeting": "hello",
    "users": [
        {"id": "1", "name": "one", "reviews": [{"id": "a", "product": {"price": 70}}, {"id": "b", "product": {"price": 80}}]},
        {"id": "2", "name": "two", "reviews": [{"id": "c", "product": {"price": 70}}]},
    ],
}
PLACES = {
    "root": ("greetings", [["greeting"]]),
    "entity": ("names", [["users", 0, "name"], ["users", 1, "name"]]),
    "nested list": (
        "prices",
        [
            ["users", 0, "reviews", 0, "product", "price"],
            ["users", 1, "reviews", 0, "product", "price"],
            ["users", 0, "reviews", 1, "product", "price"],
        ],
    ),
}
FAULTS = {
    "nobody answers": (SubgraphUnavailable("refused"), 200, "SUBGRAPH_UNAVAILABLE"),
    "no answer in time": (SubgraphTimeout("late"), 200, "SUBGRAPH_TIMEOUT"),
    "too much": (AnswerTooLarge("much"), 200, "SUBGRAPH_ANSWER_TOO_LARGE"),
    "HTTP 500 with text": (b"Internal Server Error", 500, "SUBGRAPH_HTTP_ERROR"),
    "HTTP 503 without a body": (b"", 503, "SUBGRAPH_HTTP_ERROR"),
    "HTTP 302": (b"", 302, "SUBGRAPH_HTTP_ERROR"),
    "HTTP 500 with data": ({"data": {}}, 500, "SUBGRAPH_HTTP_ERROR"),
    "HTTP 500 with a GraphQL error": ({"errors": [{"message": "no", "extensions": {"code": "NO"}}]}, 500, "NO"),
    "empty body": (b"", 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "HTML": (b"<html></html>", 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "half a body": (b'{"data": {"gree', 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "bytes that are no UTF-8": (b'{"data": "\xff\xfe"}', 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "a number out of range": (b'{"data": {"greeting": 1e999}}', 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "bottomless nesting": (b"[" * 200_000, 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "a list": ([], 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "a string": ("data", 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "null": (b"null", 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "an empty object": ({}, 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "data is null without an error": ({"data": None}, 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "data is a list": ({"data": []}, 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "data without what was asked": ({"data": {}}, 200, "SUBGRAPH_MALFORMED_ANSWER"),
    "errors that are no list": ({"data": None, "errors": "boom"}, 200, "DOWNSTREAM_SERVICE_ERROR"),
    "errors that are no objects": ({"data": None, "errors": [3]}, 200, "DOWNSTREAM_SERVICE_ERROR"),
    "an error without a message": ({"data": None, "errors": [{}]}, 200, "DOWNSTREAM_SERVICE_ERROR"),
    "an error without a path": ({"data": None, "errors": [{"message": "no"}]}, 200, "DOWNSTREAM_SERVICE_ERROR"),
    "an error with a senseless path": (
        {"data": None, "errors": [{"message": "no", "path": [{"a": 1}]}]},
        200,
        "DOWNSTREAM_SERVICE_ERROR",
    ),
}
ENTITY_FAULTS = {
    "entities are null": {"data": {"_entities": None}},
    "entities are an object": {"data": {"_entities": {}}},
    "one entity too few": {"data": {"_entities": [{"name": "x", "price": 1}]}},
    "one entity too many": {"data": {"_entities": [{"name": "x", "price": 1}] * 3}},
    "entities are strings": {"data": {"_entities": ["x", "y"]}},
    "entities of another type": {"data": {"_entities": [{"__typename": "Review", "name": "x", "price": 1}] * 2}},
    "entities without the field": {"data": {"_entities": [{}, {}]}},
    "fields of another type": {"data": {"_entities": [{"name": {"a": 1}, "price": "dear"}] * 2}},
}


async def answer_with(canned, service, fault, status=200):
    transports = {name: canned(whole) for name, whole in WHOLE.items()}
    transports[service] = canned(fault, status)
    raw = await execute(PLAN, API, {}, transports, Call(asyncio.get_running_loop().time() + 5))
    return render(raw, PROJECTION, open_mask())


def without(places):
    data = copy.deepcopy(EXPECTED)
    for place in places:
        target = data
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = None
    return data


def check(rendered, places, code):
    assert msgspec.json.decode(rendered.data) == without(places)
    assert sorted((error["path"] for error in rendered.errors), key=str) == sorted(places, key=str)
    assert {error["extensions"]["code"] for error in rendered.errors} == {code}
    assert all(error["message"] for error in rendered.errors)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_broken_answer_costs_only_its_own_place(canned, place, fault):
    service, places = PLACES[place]
    answer, status, code = FAULTS[fault]
    check(await answer_with(canned, service, answer, status), places, code)


@pytest.mark.parametrize("place", ["entity", "nested list"])
@pytest.mark.parametrize("fault", ENTITY_FAULTS)
async def test_broken_entities_cost_only_their_own_place(canned, place, fault):
    service, places = PLACES[place]
    code = "INVALID_VALUE" if fault == "fields of another type" else "SUBGRAPH_MALFORMED_ANSWER"
    check(await answer_with(canned, service, ENTITY_FAULTS[fault]), places, code)


@pytest.mark.parametrize("value", [[], {"a": 1}, [["x"]]])
async def test_a_root_value_of_another_type_is_null_with_an_error(canned, value):
    check(await answer_with(canned, "greetings", {"data": {"greeting": value}}), [["greeting"]], "INVALID_VALUE")


@pytest.mark.parametrize("value", ["x", 5, {"id": "1"}, True])
async def test_a_list_that_is_none_is_null_with_an_error_and_its_joins_are_not_asked(canned, value):
    rendered = await answer_with(canned, "users", {"data": {"users": value}})
    assert msgspec.json.decode(rendered.data) == {"greeting": "hello", "users": None}
    assert [(error["path"], error["extensions"]["code"]) for error in rendered.errors] == [(["users"], "INVALID_VALUE")]


async def test_one_failed_entity_among_others_costs_only_the_places_that_asked_for_it(canned):
    answer = {
        "data": {"_entities": [{"price": None}, {"price": 80}]},
        "errors": [{"message": "no price", "path": ["_entities", 0, "price"]}],
    }
    places = [["users", 0, "reviews", 0, "product", "price"], ["users", 1, "reviews", 0, "product", "price"]]
    check(await answer_with(canned, "prices", answer), places, "DOWNSTREAM_SERVICE_ERROR")


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (["_entities", 0, "wrong"], ["users", 0, "name"]),
        (["_entities", 0, "name", "deep"], ["users", 0, "name"]),
        (["_entities", 9, "name"], ["users", 0, "name"]),
        (["wrong"], ["users", 0, "name"]),
    ],
)
async def test_an_error_whose_path_leaves_what_was_asked_is_told_where_a_value_is_missing(canned, path, place):
    answer = {"data": {"_entities": [{"name": None}, {"name": "two"}]}, "errors": [{"message": "no name", "path": path}]}
    check(await answer_with(canned, "names", answer), [place], "DOWNSTREAM_SERVICE_ERROR")


async def test_an_error_of_a_root_fetch_whose_path_names_nothing_that_was_asked_is_told_where_a_value_is_missing(canned):
    answer = {"data": {"greeting": None}, "errors": [{"message": "no greeting", "path": ["Greeting"]}]}
    check(await answer_with(canned, "greetings", answer), [["greeting"]], "DOWNSTREAM_SERVICE_ERROR")


PARTS = build_schema(
    "type Query { box: Box } type Box { id: ID part: Part parts: [[Part]] cost: Int } type Part { size: Int colour: String }"
)


def parts_plan():
    """Value objects that two subgraphs know in parts, the second under a key of its own; a third computes of what it brings."""
    requires = (RequiredField("part", "part", (RequiredField("colour", "colour"),)), RequiredField("id", "id"))
    first = entity(1, "far", "Box", "_part: part { c: colour } parts { colour @include(if: $c) }", (Key("box"),)).node
    head = "query($representations:[_Any!]!, $c: Boolean!)"
    text = first.operation.replace("query($representations:[_Any!]!)", head)
    renames = (RenameKey((), "_part", "part"), RenameKey((Key("part"),), "c", "colour"))
    far = replace(first, operation=text, variables=("c",), output_rewrites=renames, depends_on=(0,))
    cost = entity(2, "cost", "Box", "cost", (Key("box"),)).node
    cost = replace(cost, requires=(RequiredFragment("Box", ("Box",), requires),))
    root = Fetch(0, "near", "query", "{ box { __typename id part { size } parts { size } } }")
    return QueryPlan("query", Sequence((root, Flatten((Key("box"),), far), Flatten((Key("box"),), cost))))


@pytest.mark.parametrize("answer", [b"no json", {"data": None, "errors": [{"message": "down"}]}])
@pytest.mark.parametrize("wanted", [True, False])
async def test_what_was_to_complete_an_object_that_another_has_begun_is_told_inside_it(canned, answer, wanted):
    box = {"__typename": "Box", "id": "1", "part": {"size": 3}, "parts": [[{"size": 4}, None], [{"size": 5}]]}
    transports = {"near": canned({"data": {"box": box}}), "far": canned(answer), "cost": canned({"data": None})}
    raw = await execute(parts_plan(), PARTS, {"c": wanted}, transports, Call(asyncio.get_running_loop().time() + 5))
    inside = [("box", "parts", 0, 0, "colour"), ("box", "parts", 1, 0, "colour")] if wanted else []
    assert [error.path for error in raw.errors] == [("box", "part", "colour"), *inside, ("box", "cost")]
    assert len({error.origin for error in raw.errors}) == 1
    assert transports["cost"].sent == []


@pytest.mark.parametrize(
    ("part", "parts"),
    [
        ("x", "x"),
        (3, {"colour": "red"}),
        ([], [[]]),
        ([{"c": "red"}], [[{"colour": "red"}, None], "x"]),
        (True, [["x", None], [{"colour": "red"}]]),
    ],
)
async def test_what_is_no_object_or_list_where_another_has_begun_one_is_told_inside_it(canned, part, parts):
    box = {"__typename": "Box", "id": "1", "part": {"size": 3}, "parts": [[{"size": 4}, None], [{"size": 5}]]}
    far = canned({"data": {"_entities": [{"_part": part, "parts": parts}]}})
    transports = {"near": canned({"data": {"box": box}}), "far": far, "cost": canned({"data": None})}
    raw = await execute(parts_plan(), PARTS, {"c": True}, transports, Call(asyncio.get_running_loop().time() + 5))
    colours = [one for items in raw.data["box"]["parts"] for one in items if one]
    told = {error.path for error in raw.errors if error.code == "SUBGRAPH_MALFORMED_ANSWER"}
    assert told >= {("box", "part", "colour"), ("box", "cost")}
    assert sum("colour" not in one for one in colours) == sum(path[1] == "parts" for path in told) > 0
    assert len(told) == len(raw.errors)
    assert transports["cost"].sent == []


async def test_an_entity_that_is_not_there_is_null_without_an_error(canned):
    rendered = await answer_with(canned, "names", {"data": {"_entities": [None, {"name": "two"}]}})
    assert msgspec.json.decode(rendered.data) == without([["users", 0, "name"]])
    assert rendered.errors == ()


@pytest.mark.parametrize(
    ("users", "places"),
    [
        ([*USERS, {"__typename": "User", "reviews": []}], [["users", 2, "id"], ["users", 2, "name"]]),
        ([USERS[0], {"__typename": "User", "id": "2"}], [["users", 1, "reviews"]]),
        ([USERS[0], {**USERS[1], "reviews": [{"id": "c"}, None]}], [["users", 1, "reviews", 0, "product"]]),
        ([USERS[0], {**USERS[1], "reviews": [{"product": product(7)}]}], [["users", 1, "reviews", 0, "id"]]),
    ],
)
async def test_a_field_that_is_left_out_at_any_depth_is_an_error_there(canned, users, places):
    rendered = await answer_with(canned, "users", {"data": {"users": users}})
    assert [error["path"] for error in rendered.errors if error["extensions"]["code"] == "SUBGRAPH_MALFORMED_ANSWER"] == places


async def answer_of(world, query, **transports):
    """Data and the places of errors with their codes, for a composed world whose subgraphs are canned."""
    supergraph, document = world.graph.supergraph, parse(query)
    schema = supergraph.api_schema
    compiled = compile_plan(world.plan(query), schema, keys_of(supergraph), members_of(supergraph))
    raw = await execute(compiled, schema, {}, transports, Call(asyncio.get_running_loop().time() + 5))
    rendered = render(raw, Projection(schema, document, document.definitions[0], {}), open_mask())
    return msgspec.json.decode(rendered.data), [(error["path"], error["extensions"]["code"]) for error in rendered.errors]


# In `near` a Cat is not Named: there it need not have what is asked of those.
NEAR = """
type Query { it: Animal any: Any }
interface Animal { id: ID! }  interface Named { name: String }  union Any = Dog | Cow | Cat
type Dog implements Animal & Named { id: ID! name: String }
type Cow implements Animal & Named { id: ID! name: String }
type Cat implements Animal @key(fields: "id") { id: ID! }
"""
FAR = """
type Query { cat: Cat }  interface Named { name: String }
type Cat implements Named @key(fields: "id") { id: ID! name: String }
"""


@pytest.mark.parametrize("field", ["it", "any"])
@pytest.mark.parametrize("animal", ["Dog", "Cow"])
async def test_a_field_that_is_left_out_under_a_condition_on_an_interface_is_an_error(world, canned, field, animal):
    near = canned({"data": {field: {"__typename": animal, "id": "1"}}})
    query = "{ %s { ... on Named { name } } }" % field  # noqa: UP031 - braces
    data, errors = await answer_of(world({"near": NEAR, "far": FAR}, {}), query, near=near, far=canned(None))
    assert (data, errors) == ({field: {"name": None}}, [([field, "name"], "SUBGRAPH_MALFORMED_ANSWER")])
    assert b"... on Named" in near.sent[0].body


async def test_no_field_is_left_out_where_the_subgraph_does_not_know_that_the_type_has_the_interface(world, canned):
    near = canned({"data": {"it": {"__typename": "Cat", "id": "1"}}})
    far = canned({"data": {"_entities": [{"name": "Tom"}]}})
    found = await answer_of(world({"near": NEAR, "far": FAR}, {}), "{ it { ... on Named { name } } }", near=near, far=far)
    assert found == ({"it": {"name": "Tom"}}, [])
    assert b"... on Named" in near.sent[0].body


TOPS = """
type Query { tops: [Top] }
type Top @key(fields: "id") { id: ID! word: String words: [Int] deep: Deep }
type Deep { of: ID }
"""
LOWS = """
type Top @key(fields: "id") @context(name: "top") {
  id: ID! word: String @external words: [Int] @external deep: Deep @external low: Low
}
type Deep { of: ID @external }
type Low @key(fields: "id") {
  id: ID! name: String
  word(of: String @fromContext(field: "$top { word }")): String
  words(of: [Int] @fromContext(field: "$top { words }")): [Int]
  deep(of: ID @fromContext(field: "$top { deep { of } }")): String
}
"""
LOW = {"id": "l", "name": "low", **{name: lambda _low, of: of for name in ("word", "words", "deep")}}


@pytest.mark.parametrize(
    ("field", "right", "wrong"),
    [
        *[("word", "a", wrong) for wrong in ({"a": 1}, 5, [], ["a"], True)],
        *[("words", [1, None], wrong) for wrong in ([{"a": 1}], ["a"], {"a": 1}, "a", [1, [2]])],
        *[("deep", {"of": "a"}, wrong) for wrong in ("a", 5, {"of": {}}, {"of": ["a"]}, ["a"], [{"of": "a"}])],
    ],
)
async def test_a_supplied_value_of_another_type_is_told_where_it_was_needed(world, canned, field, right, wrong):
    """The ancestor's value is not the client's: no one else looks at it."""
    made = world({"tops": TOPS, "lows": LOWS}, {"lows": {"Top": [{"low": LOW}], "Low": [LOW]}})
    rows = [{"__typename": "Top", "id": str(number), field: value} for number, value in enumerate((right, wrong, None))]
    query = "{ tops { low { name said: %s } } }" % field  # noqa: UP031 - braces
    tops = canned({"data": {"tops": rows}})
    data, errors = await answer_of(made, query, tops=tops, lows=made.subgraphs["lows"])
    said = right if field != "deep" else right["of"]
    assert data == {"tops": [{"low": {"name": "low", "said": one}} for one in (said, None, None)]}
    assert errors == [(["tops", 1, "low", "said"], "SUBGRAPH_MALFORMED_ANSWER")]
