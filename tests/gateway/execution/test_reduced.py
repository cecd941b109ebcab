"""What an entity is still asked for when an input of some of its fields has failed."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from graphql import build_schema, parse

from gateway.execution import Call, execute
from gateway.execution.keys import joined
from gateway.execution.reduced import with_reduced
from gateway.execution.step import Reduction
from gateway.planning.plan import Dependent, Each, Fetch, Flatten, Key, QueryPlan, RequiredField, RequiredFragment, Sequence

API = build_schema(
    "type Query { boxes: [Box] } type Box { id: ID weight: Int width: Int label: String shipping: Int area: Int volume: Int }"
)
A = "type Query { boxes: [Box] } type Box { id: ID weight: Int width: Int }"
B = "type Query { x: Int } type Box { id: ID label: String shipping: Int area: Int volume: Int }"
FRAGMENTS = " fragment f0 on Box { label shipping }"


def later() -> Call:
    return Call(asyncio.get_event_loop().time() + 5)


def made_plan(selections="{ ... on Box { label shipping area volume } }", fragments="", inner=(), weight="weight"):
    fields = (RequiredField("id", "id"), RequiredField("weight", "weight", inner), RequiredField("width", "width"))
    requires = (RequiredFragment("Box", ("Box",), fields),)
    dependents = (
        Dependent("Box", "shipping", ("weight",)),
        Dependent("Box", "area", ("width",)),
        Dependent("Box", "volume", ("weight", "width")),
    )
    text = f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {selections} }}{fragments}"
    fetch = Fetch(1, "b", "query", text, requires=requires, depends_on=(0,), dependents=dependents)
    root = Fetch(0, "a", "query", f"{{ boxes {{ __typename id {weight} width }} }}")
    return QueryPlan("query", Sequence((root, Flatten((Key("boxes"), Each()), fetch))))


def refuse(what):
    def raise_it(_source):
        raise ValueError(f"no {what}")

    return raise_it


def entity(ref):
    weight, width = ref.get("weight"), ref.get("width")
    return {
        "id": ref["id"],
        "label": f"box {ref['id']}",
        "shipping": None if weight is None else weight * 2,
        "area": None if width is None else width * 3,
        "volume": None if weight is None or width is None else weight * width,
    }


def failing(*ids):
    """A resolver that fails for boxes with these ids."""

    def resolve(source):
        if source["id"] in ids:
            raise ValueError("no weight")
        return 5

    return resolve


async def test_the_fields_that_do_not_need_the_failed_input_are_answered(subgraph):
    a = subgraph(A, {"Query.boxes": lambda _s: [{"id": "1", "width": 4}], "Box.weight": refuse("weight")})
    b = subgraph(B, entities={"Box": entity})
    raw = await execute(made_plan(), API, {}, {"a": a, "b": b}, later())
    box = raw.data["boxes"][0]
    assert (box["label"], box["area"]) == ("box 1", 12)
    assert "shipping" not in box
    assert "volume" not in box
    assert {error.path for error in raw.errors} == {("boxes", 0, name) for name in ("weight", "shipping", "volume")}
    assert {error.message for error in raw.errors} == {"no weight"}


@pytest.mark.parametrize("value", ["heavy", 5, [{"grams": 1}, "heavy"], True])
async def test_fields_that_need_an_object_which_is_none_say_so_and_the_others_are_answered(canned, value):
    boxes = [{"__typename": "Box", "id": "1", "weight": value, "width": 2}]
    transports = {"a": canned({"data": {"boxes": boxes}}), "b": canned({"data": {"_reduced0": [{"label": "one", "area": 6}]}})}
    plan = made_plan(inner=(RequiredField("grams", "grams"),))
    raw = await execute(plan, API, {}, transports, later())
    assert raw.data["boxes"][0]["area"] == 6
    assert {error.path: error.code for error in raw.errors} == {
        ("boxes", 0, "shipping"): "SUBGRAPH_MALFORMED_ANSWER",
        ("boxes", 0, "volume"): "SUBGRAPH_MALFORMED_ANSWER",
    }


async def test_an_input_that_only_skipped_fields_need_is_not_missed(canned):
    text = "{ ... on Box { label shipping @include(if: $x) volume @include(if: $x) area } }"
    boxes = [{"__typename": "Box", "id": "1", "width": 2}]
    b = canned({"data": {"_entities": [{"label": "one", "area": 6}]}})
    plan = made_plan(text, weight="weight @include(if: $x)")
    raw = await execute(plan, API, {"x": False}, {"a": canned({"data": {"boxes": boxes}}), "b": b}, later())
    assert raw.data["boxes"][0]["area"] == 6
    assert raw.errors == ()
    sent = msgspec.json.decode(b.sent[0].body)["variables"]
    assert sent["representations"] == [{"__typename": "Box", "id": "1", "width": 2}]


async def test_the_failed_input_is_not_sent_and_one_request_asks_for_all(subgraph):
    boxes = [{"id": one, "width": 4} for one in "123"]
    a = subgraph(A, {"Query.boxes": lambda _s: boxes, "Box.weight": failing("2")})
    b = subgraph(B, entities={"Box": entity})
    raw = await execute(made_plan(), API, {}, {"a": a, "b": b}, later())
    assert [box["label"] for box in raw.data["boxes"]] == ["box 1", "box 2", "box 3"]
    assert [box.get("shipping") for box in raw.data["boxes"]] == [10, None, 10]
    assert len(b.requests) == 1
    sent = b.requests[0]["variables"]
    assert [one["id"] for one in sent["representations"]] == ["1", "3"]
    assert sent["_reduced0_representations"] == [{"__typename": "Box", "id": "2", "width": 4}]


async def test_entities_that_lack_different_inputs_are_asked_for_different_fields(subgraph):
    boxes = [{"id": one} for one in "123"]
    resolvers = {"Query.boxes": lambda _s: boxes, "Box.weight": failing("1", "3"), "Box.width": failing("2", "3")}
    raw = await execute(
        made_plan(), API, {}, {"a": subgraph(A, resolvers), "b": subgraph(B, entities={"Box": entity})}, later()
    )
    shown = [(box.get("label"), box.get("shipping"), box.get("area")) for box in raw.data["boxes"]]
    assert shown == [("box 1", None, 15), ("box 2", 10, None), ("box 3", None, None)]


async def test_an_entity_is_not_asked_when_nothing_is_left_to_ask(subgraph):
    a = subgraph(A, {"Query.boxes": lambda _s: [{"id": "1", "width": 1}], "Box.weight": refuse("weight")})
    b = subgraph(B, entities={"Box": entity})
    await execute(made_plan("{ ... on Box { shipping } }"), API, {}, {"a": a, "b": b}, later())
    assert b.requests == []


async def test_fields_in_fragments_are_left_out_as_well(subgraph):
    a = subgraph(A, {"Query.boxes": lambda _s: [{"id": "1", "width": 1}], "Box.weight": refuse("weight")})
    b = subgraph(B, entities={"Box": entity})
    raw = await execute(made_plan("{ ... on Box { ...f0 } }", FRAGMENTS), API, {}, {"a": a, "b": b}, later())
    assert raw.data["boxes"][0]["label"] == "box 1"
    assert "shipping" not in raw.data["boxes"][0]


@pytest.mark.parametrize(
    ("selections", "reduced"),
    [
        ("... on Box { label shipping }", "... on Box { label }"),
        ("... on Box { label s: shipping ... @include(if: $a) { shipping } }", "... on Box { label s: shipping }"),
        ("... on Box { label } ... on Crate { shipping }", "... on Box { label }"),
    ],
)
def test_a_reduced_look_up_asks_one_type_without_some_keys(selections, reduced, part):
    text = f"query($r: [_Any!]!, $a: Boolean!) {{ _e0: _entities(representations: $r) {{ {selections} }} }}"
    made = with_reduced(text, [part(Reduction("_e0", "Box", frozenset({"shipping"})))])
    wanted = f"""query($r: [_Any!]!, $a: Boolean!, $v: [_Any!]!) {{
        _e0: _entities(representations: $r) {{ {selections} }} again: _entities(representations: $v) {{ {reduced} }}
    }}"""
    assert parse(made, no_location=True) == parse(wanted, no_location=True)


@pytest.fixture
def part():
    from gateway.execution.expected import Expected
    from gateway.execution.step import Part

    def made(reduction):
        return Part(1, "b", "again", "v", (), (), (), (), Expected((), ()), {}, is_shared=False, reduction=reduction)

    return made


STORE = 'type Query { boxes: [Box] } type Box @key(fields: "id") { id: ID! weight: Int width: Int }'
SHOP = """
type Box @key(fields: "id") {
  id: ID! weight: Int @external width: Int @external label: String
  shipping: Int @requires(fields: "weight") area: Int @requires(fields: "width")
}
"""


@pytest.mark.parametrize("asked", ["label shipping area", "label: shipping name: label size: area"])
async def test_a_failed_requirement_takes_only_what_requires_it(world, asked):
    rows = [{"id": "1", "weight": 3, "width": 4}, {"id": "2", "weight": ValueError("lost"), "width": 4}]
    shop = [
        {"__typename": "Box", "id": one, "label": one * 3, "shipping": _twice("weight"), "area": _twice("width")}
        for one in "12"
    ]
    made = world({"a": STORE, "b": SHOP}, {"a": {"Query": {"boxes": rows}}, "b": {"Box": shop}})
    answer = await made.ask(f"{{ boxes {{ {asked} }} }}")
    first, second = (list(box.values()) for box in answer["data"]["boxes"])
    wanted = {"shipping": (6, None), "area": (8, 8), "label": ("111", "222")}
    names = [one.split(":")[-1].strip() for one in asked.replace(": ", ":").split()]
    assert first == [wanted[name][0] for name in names]
    assert second == [wanted[name][1] for name in names]
    assert [error["path"][:2] for error in answer["errors"]] == [["boxes", 1]]
    assert made.asked() == {"a": 1, "b": 1}


def _twice(name):
    return lambda row: row[name] * 2


async def test_a_value_that_failed_inside_of_an_object_takes_no_field_that_needs_another_value_of_it(subgraph):
    api = build_schema(
        "type Query { box: Box } type Box { at: Place shipping: Int area: Int } type Place { id: ID w: Int h: Int }"
    )
    a = subgraph(
        "type Query { box: Box } type Box { at: Place } type Place { id: ID w: Int h: Int }",
        {"Query.box": lambda _s: {"at": {"id": "1", "h": 7}}, "Place.w": refuse("width")},
    )
    asked = []
    b = subgraph(
        "type Query { x: Int } type Box { shipping: Int area: Int }",
        entities={"Box": lambda ref: asked.append(ref) or {"shipping": ref["at"]["h"], "area": 1}},
    )
    below = tuple(RequiredField(name, name) for name in ("id", "w", "h"))
    fetch = Fetch(
        1,
        "b",
        "query",
        "query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Box { shipping area } } }",
        requires=(RequiredFragment("Box", ("Box",), (RequiredField("at", "at", below),)),),
        depends_on=(0,),
        dependents=(Dependent("Box", "shipping", ("at.h",)), Dependent("Box", "area", ("at.h", "at.w"))),
    )
    root = Fetch(0, "a", "query", "{ box { __typename at { id w h } } }")
    plan = QueryPlan("query", Sequence((root, Flatten((Key("box"),), fetch))))
    raw = await execute(plan, api, {}, {"a": a, "b": b}, later())
    assert raw.data["box"]["shipping"] == 7
    assert "area" not in raw.data["box"]
    assert asked == [{"__typename": "Box", "at": {"id": "1", "h": 7}}]
    assert {error.path for error in raw.errors} == {("box", "at", "w"), ("box", "area")}


def test_the_fields_of_a_key_are_read_down_to_their_values():
    assert joined({"o": {"id": {}}}, {"o": {"n": {}}, "k": {}}) == {"o": {"id": {}, "n": {}}, "k": {}}
