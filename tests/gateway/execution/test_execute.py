"""`execute` with plans made by hand, against real little subgraphs."""

from __future__ import annotations

import asyncio

import pytest
from graphql import build_schema

from gateway.execution import Call, execute
from gateway.execution.compile import compile_plan
from gateway.execution.errors import BadPlan
from gateway.planning.plan import (
    Condition,
    Each,
    Fetch,
    Flatten,
    Key,
    OnTypes,
    Parallel,
    QueryPlan,
    RenameKey,
    RequiredField,
    RequiredFragment,
    Sequence,
    SetTypename,
    Vital,
)

API = build_schema(
    """
    type Query { users: [User] top: [Product] node: Node matrix: [[Product]] }
    type Mutation { add(n: Int!): Int double: Int }
    interface Node { id: ID! }
    type User implements Node { id: ID! name: String reviews: [Review] }
    type Review { id: ID! product: Product }
    type Product implements Node { id: ID! upc: ID name: String price: Int weight: Int estimate: Int }
    """
)


def later() -> Call:
    return Call(asyncio.get_event_loop().time() + 5)


def entity_fetch(number, service, typename, selection, needs, *, path, waits=(0,), key="id", **more):
    fields = tuple(RequiredField(name, name) for name in (key, *needs))
    operation = "query($representations:[_Any!]!){_entities(representations:$representations){... on %s{%s}}}"
    fetch = Fetch(
        number,
        service,
        "query",
        operation % (typename, selection),
        requires=(RequiredFragment(typename, (typename,), fields),),
        depends_on=waits,
        **more,
    )
    return Flatten(path, fetch)


def users_then_names():
    path = (Key("users"), Each())
    root = Fetch(0, "a", "query", "{users{__typename id}}")
    return QueryPlan("query", Sequence((root, entity_fetch(1, "b", "User", "name", (), path=path))))


A = "type Query { users: [User] node: Node matrix: [[User]] } interface Node { id: ID! } type User implements Node { id: ID! }"
B = "type Query { x: Int } type User { id: ID! name: String first(n: Int): String }"


async def test_an_entity_answer_is_merged_into_every_object_that_asked(subgraph):
    a = subgraph(A, {"Query.users": lambda _s: [{"id": "1"}, {"id": "2"}, {"id": "1"}]})
    b = subgraph(B, entities={"User": lambda ref: {"id": ref["id"], "name": f"user {ref['id']}"}})
    raw = await execute(users_then_names(), API, {}, {"a": a, "b": b}, later())
    assert [user["name"] for user in raw.data["users"]] == ["user 1", "user 2", "user 1"]
    assert raw.errors == ()


async def test_equal_entities_are_asked_once(subgraph):
    a = subgraph(A, {"Query.users": lambda _s: [{"id": "1"}] * 50})
    b = subgraph(B, entities={"User": lambda ref: {"id": ref["id"], "name": "one"}})
    await execute(users_then_names(), API, {}, {"a": a, "b": b}, later())
    assert b.representations() == [{"__typename": "User", "id": "1"}]
    assert len(b.requests) == 1


async def test_representations_that_differ_only_in_json_type_are_different(subgraph, canned):
    a = canned(
        {
            "data": {
                "users": [
                    {"__typename": "User", "id": 1},
                    {"__typename": "User", "id": True},
                    {"__typename": "User", "id": 1.0},
                ]
            }
        }
    )
    b = canned({"data": {"_entities": [{"name": "int"}, {"name": "bool"}, {"name": "float"}]}})
    raw = await execute(users_then_names(), API, {}, {"a": a, "b": b}, later())
    assert [user["name"] for user in raw.data["users"]] == ["int", "bool", "float"]


async def test_nothing_is_sent_when_there_is_nobody_to_ask_for(subgraph):
    a = subgraph(A, {"Query.users": lambda _s: [None]})
    b = subgraph(B, entities={"User": lambda ref: ref})
    raw = await execute(users_then_names(), API, {}, {"a": a, "b": b}, later())
    assert b.requests == []
    assert raw.data == {"users": [None]}
    assert raw.errors == ()


async def test_lists_of_lists_are_entered(subgraph):
    a = subgraph(A, {"Query.matrix": lambda _s: [[{"id": "1"}, None], [], [{"id": "2"}]]})
    b = subgraph(B, entities={"User": lambda ref: {"id": ref["id"], "name": ref["id"] * 2}})
    root = Fetch(0, "a", "query", "{matrix{__typename id}}")
    plan = QueryPlan("query", Sequence((root, entity_fetch(1, "b", "User", "name", (), path=(Key("matrix"), Each(), Each())))))
    raw = await execute(plan, API, {}, {"a": a, "b": b}, later())
    assert raw.data["matrix"] == [
        [{"__typename": "User", "id": "1", "name": "11"}, None],
        [],
        [{"__typename": "User", "id": "2", "name": "22"}],
    ]


async def test_a_fetch_starts_when_its_own_inputs_are_there_and_not_when_a_layer_ends(canned):
    released = asyncio.Event()
    order = []

    class Slow(canned):
        async def send(self, request):
            await released.wait()
            order.append("slow")
            return await super().send(request)

    class Quick(canned):
        async def send(self, request):
            order.append("quick")
            released.set()
            return await super().send(request)

    slow_root = Fetch(0, "slow", "query", "{top{__typename id}}")
    quick_root = Fetch(1, "a", "query", "{users{__typename id}}")
    dependent = entity_fetch(2, "quick", "User", "name", (), path=(Key("users"), Each()), waits=(1,))
    plan = QueryPlan("query", Sequence((Parallel((slow_root, quick_root)), dependent)))
    transports = {
        "slow": Slow({"data": {"top": []}}),
        "a": canned({"data": {"users": [{"__typename": "User", "id": "1"}]}}),
        "quick": Quick({"data": {"_entities": [{"name": "one"}]}}),
    }
    await execute(plan, API, {}, transports, later())
    assert order == ["quick", "slow"]


async def test_mutations_run_one_after_another_even_when_the_plan_does_not_say_so(subgraph):
    state = {"n": 0}
    running = []

    def add(_source, n):
        running.append(("add", state["n"]))
        state["n"] += n
        return state["n"]

    def double(_source):
        running.append(("double", state["n"]))
        state["n"] *= 2
        return state["n"]

    a = subgraph("type Query { x: Int } type Mutation { add(n: Int!): Int }", {"Mutation.add": add})
    b = subgraph("type Query { x: Int } type Mutation { double: Int }", {"Mutation.double": double})
    fetches = (
        Fetch(0, "a", "mutation", "mutation{add(n: 5)}"),
        Fetch(1, "b", "mutation", "mutation{double}"),
        Fetch(2, "a", "mutation", "mutation{again: add(n: 1)}"),
    )
    raw = await execute(QueryPlan("mutation", Parallel(fetches)), API, {}, {"a": a, "b": b}, later())
    assert raw.data == {"add": 5, "double": 10, "again": 11}


STRICT = build_schema("type Query { x: Int } type Mutation { must: Int! may: Int other: Int! }")
DOWN = {"data": None, "errors": [{"message": "no"}]}


def two_mutations(text, more=(), vital="must"):
    fetches = (Fetch(0, "a", "mutation", text, **dict(more)), Fetch(1, "b", "mutation", "mutation{other}"))
    return QueryPlan("mutation", Sequence(fetches), (Vital(vital, (), (), True), Vital("other", (), (), True)))


@pytest.mark.parametrize(
    ("text", "answer", "sent"),
    [
        ("mutation{must}", {"data": {"must": 1}}, 1),
        ("mutation{must}", DOWN, 0),
        ("mutation{must}", b"", 0),
        ("mutation{must}", {"data": {"must": None}}, 0),
        ("mutation{may key: must}", {"data": {"may": 1}}, 0),
        ("mutation{may}", DOWN, 1),
        ("mutation{may}", {"data": {"may": None}}, 1),
        ("mutation($x:Boolean!){may must @include(if:$x)}", {"data": {"may": 1}}, 1),
        ("mutation{may ... @skip(if:false) {must}}", {"data": {"may": 1}}, 0),
    ],
)
async def test_after_a_mutation_that_must_not_fail_has_failed_no_later_one_is_sent(canned, text, answer, sent):
    b = canned({"data": {"other": 2}})
    query_plan = two_mutations(text, vital="key" if "key" in text else "must")
    raw = await execute(query_plan, STRICT, {"x": False}, {"a": canned(answer), "b": b}, later())
    assert len(b.sent) == sent
    assert all(error.path != ("other",) for error in raw.errors)


async def test_a_mutation_that_failed_under_the_planners_key_counts_as_well(canned):
    b = canned({"data": {"other": 2}})
    renames = {"output_rewrites": (RenameKey((), "_must", "must"),)}
    plan = two_mutations("mutation{_must: must}", renames)
    raw = await execute(plan, STRICT, {}, {"a": canned({"data": {"_must": 1}}), "b": b}, later())
    assert raw.data == {"must": 1, "other": 2}
    await execute(plan, STRICT, {}, {"a": canned({"data": {"_must": None}}), "b": b}, later())
    assert len(b.sent) == 1


@pytest.mark.parametrize(("wanted", "sent"), [(True, 1), (False, 0)])
async def test_a_condition_decides_whether_a_fetch_is_sent(subgraph, wanted, sent):
    a = subgraph(A, {"Query.users": lambda _s: [{"id": "1"}]})
    b = subgraph(B, entities={"User": lambda ref: {"id": ref["id"], "name": "one"}})
    root = Fetch(0, "a", "query", "{users{__typename id}}")
    names = entity_fetch(1, "b", "User", "name", (), path=(Key("users"), Each()))
    plan = QueryPlan("query", Sequence((root, Condition("wanted", names, None))))
    raw = await execute(plan, API, {"wanted": wanted}, {"a": a, "b": b}, later())
    assert len(b.requests) == sent
    assert raw.errors == ()


async def test_only_the_variables_that_a_fetch_uses_are_sent(subgraph):
    a = subgraph(
        "type Query { top(first: Int, after: String): [Int] }", {"Query.top": lambda _s, first=None, after=None: [first]}
    )
    plan = QueryPlan("query", Fetch(0, "a", "query", "query($n:Int,$c:String){top(first:$n,after:$c)}", variables=("c", "n")))
    raw = await execute(plan, API, {"n": 3, "other": "secret"}, {"a": a}, later())
    assert a.requests[0]["variables"] == {"n": 3}
    assert raw.data == {"top": [3]}


async def test_a_required_field_is_sent_under_its_own_name_and_an_answer_renamed(subgraph):
    a = subgraph(
        "type Query { top: [Product] } type Product { id: ID! weight: Int }",
        {"Query.top": lambda _s: [{"id": "1", "weight": 7}]},
    )
    b = subgraph(
        "type Query { x: Int } type Product { id: ID! estimate: Int }",
        entities={"Product": lambda ref: {"id": ref["id"], "estimate": ref["weight"] * 10}},
    )
    root = Fetch(0, "a", "query", "{top{__typename id _w: weight}}")
    operation = "query($representations:[_Any!]!){_entities(representations:$representations){... on Product{_e: estimate}}}"
    fields = (RequiredField("id", "id"), RequiredField("weight", "_w"))
    fetch = Fetch(
        1,
        "b",
        "query",
        operation,
        requires=(RequiredFragment("Product", ("Product",), fields),),
        output_rewrites=(RenameKey((), "_e", "cost"),),
        depends_on=(0,),
    )
    plan = QueryPlan("query", Sequence((root, Flatten((Key("top"), Each()), fetch))))
    raw = await execute(plan, API, {}, {"a": a, "b": b}, later())
    assert b.representations() == [{"__typename": "Product", "id": "1", "weight": 7}]
    assert raw.data["top"][0]["cost"] == 70


async def test_a_null_in_a_required_field_is_sent_and_nulls_in_lists_keep_their_positions(canned):
    root = Fetch(0, "a", "query", "{top{__typename id weight tags parts{n}}}")
    fields = (
        RequiredField("id", "id"),
        RequiredField("weight", "weight"),
        RequiredField("tags", "tags"),
        RequiredField("parts", "parts", (RequiredField("n", "n"),)),
    )
    operation = "query($representations:[_Any!]!){_entities(representations:$representations){... on Product{estimate}}}"
    fetch = Fetch(1, "b", "query", operation, requires=(RequiredFragment("Product", ("Product",), fields),), depends_on=(0,))
    product = {"__typename": "Product", "id": "1", "weight": None, "tags": ["x", None], "parts": [None, {"n": 1}]}
    a = canned({"data": {"top": [product]}})
    b = canned({"data": {"_entities": [{"estimate": 5}]}})
    plan = QueryPlan("query", Sequence((root, Flatten((Key("top"), Each()), fetch))))
    await execute(plan, API, {}, {"a": a, "b": b}, later())
    assert b'weight":null' in b.sent[0].body.replace(b" ", b"")
    assert b'"tags":["x",null],"parts":[null,{"n":1}]' in b.sent[0].body


async def test_an_entity_whose_key_is_null_or_missing_is_not_asked(canned):
    a = canned(
        {"data": {"users": [{"__typename": "User", "id": None}, {"__typename": "User"}, {"__typename": "User", "id": "3"}]}}
    )
    b = canned({"data": {"_entities": [{"name": "three"}]}})
    compiled = compile_plan(users_then_names(), API, lambda _service, _type: [{"id": {}}])
    raw = await execute(compiled, API, {}, {"a": a, "b": b}, later())
    assert [user.get("name") for user in raw.data["users"]] == [None, None, "three"]
    missing = [error.path for error in raw.errors]
    assert missing == [("users", 1, "id"), ("users", 1, "name")]  # a null may be; a field that is left out is an error


async def test_an_entity_whose_required_field_failed_is_not_asked_and_shows_the_original_error(canned):
    root = Fetch(0, "a", "query", "{top{__typename id weight}}")
    a = canned(
        {
            "data": {
                "top": [{"__typename": "Product", "id": "1", "weight": None}, {"__typename": "Product", "id": "2", "weight": 3}]
            },
            "errors": [{"message": "the scale is broken", "path": ["top", 0, "weight"], "extensions": {"code": "SCALE"}}],
        }
    )
    b = canned({"data": {"_entities": [{"estimate": 30}]}})
    flat = entity_fetch(1, "b", "Product", "estimate", ("weight",), path=(Key("top"), Each()))
    raw = await execute(QueryPlan("query", Sequence((root, flat))), API, {}, {"a": a, "b": b}, later())
    assert b.sent[0].body.count(b"__typename") == 1
    assert raw.data["top"][1]["estimate"] == 30
    assert [(error.path, error.message, error.code) for error in raw.errors] == [
        (("top", 0, "weight"), "the scale is broken", "SCALE"),
        (("top", 0, "estimate"), "the scale is broken", "SCALE"),
    ]
    assert len({error.origin for error in raw.errors}) == 1


async def test_a_type_condition_in_a_path_selects_objects(canned):
    nodes = [{"__typename": "User", "id": "1"}, {"__typename": "Product", "id": "2"}]
    a = canned({"data": {"nodes": nodes}})
    b = canned({"data": {"_entities": [{"name": "one"}]}})
    root = Fetch(0, "a", "query", "{nodes{__typename id}}")
    flat = entity_fetch(1, "b", "User", "name", (), path=(Key("nodes"), Each(), OnTypes(("User",))))
    raw = await execute(QueryPlan("query", Sequence((root, flat))), API, {}, {"a": a, "b": b}, later())
    assert raw.data["nodes"] == [{**nodes[0], "name": "one"}, nodes[1]]


async def test_an_interface_object_is_sent_under_the_interface_name_and_keeps_its_own_typename(canned):
    a = canned({"data": {"node": {"__typename": "User", "id": "1"}}})
    b = canned({"data": {"_entities": [{"__typename": "Node", "name": "one"}]}})
    operation = "query($representations:[_Any!]!){_entities(representations:$representations){... on Node{__typename name}}}"
    fetch = Fetch(
        1,
        "b",
        "query",
        operation,
        requires=(RequiredFragment("Node", ("Product", "User"), (RequiredField("id", "id"),)),),
        input_rewrites=(SetTypename("Node", ("Product", "User")),),
        depends_on=(0,),
    )
    plan = QueryPlan("query", Sequence((Fetch(0, "a", "query", "{node{__typename id}}"), Flatten((Key("node"),), fetch))))
    raw = await execute(plan, API, {}, {"a": a, "b": b}, later())
    assert b'[{"__typename":"Node","id":"1"}]' in b.sent[0].body
    assert raw.data == {"node": {"__typename": "User", "id": "1", "name": "one"}}


async def test_objects_that_share_an_entity_do_not_share_what_later_fetches_add(canned):
    """Two fields of one entity, fetched differently at two places of the same type, stay apart."""
    a = canned({"data": {"users": [{"__typename": "User", "id": "1", "kind": "x"}, {"__typename": "Product", "id": "1"}]}})
    b = canned({"data": {"_entities": [{"best": {"__typename": "Review", "id": "r"}}]}})
    c = canned({"data": {"_entities": [{"text": "only for the first"}]}})
    root = Fetch(0, "a", "query", "{users{__typename id}}")
    operation = (
        "query($representations:[_Any!]!){_entities(representations:$representations){... on User{best{__typename id}}}}"
    )
    both = Fetch(
        1,
        "b",
        "query",
        operation,
        requires=(RequiredFragment("User", ("Product", "User"), (RequiredField("id", "id"),)),),
        input_rewrites=(SetTypename("User", ("Product",)),),
        depends_on=(0,),
    )
    deeper = entity_fetch(
        2, "c", "Review", "text", (), path=(Key("users"), Each(), OnTypes(("User",)), Key("best")), waits=(1,)
    )
    plan = QueryPlan("query", Sequence((root, Flatten((Key("users"), Each()), both), deeper)))
    raw = await execute(plan, API, {}, {"a": a, "b": b, "c": c}, later())
    assert raw.data["users"][0]["best"]["text"] == "only for the first"
    assert "text" not in raw.data["users"][1]["best"]


async def test_an_error_inside_entities_goes_to_every_place_that_asked(subgraph):
    a = subgraph(A, {"Query.users": lambda _s: [{"id": "1"}, {"id": "2"}, {"id": "1"}]})

    def find(ref):
        if ref["id"] == "1":
            raise ValueError("no such user")
        return {"id": ref["id"], "name": "two"}

    b = subgraph(B, entities={"User": find})
    raw = await execute(users_then_names(), API, {}, {"a": a, "b": b}, later())
    assert [error.path for error in raw.errors] == [("users", 0, "name"), ("users", 2, "name")]
    assert raw.data["users"][1]["name"] == "two"


async def test_headers_are_made_for_the_body_that_is_sent_and_nothing_else_travels(canned):
    seen = []

    def headers_for(service, body):
        seen.append((service, body))
        return {"Saite-Context": "signed"}

    a = canned({"data": {"users": []}})
    call = Call(asyncio.get_event_loop().time() + 5, headers_for)
    await execute(QueryPlan("query", Fetch(0, "a", "query", "{users{id}}")), API, {}, {"a": a}, call)
    assert seen == [("a", a.sent[0].body)]
    assert a.sent[0].headers == {"Saite-Context": "signed"}


async def test_after_the_deadline_nothing_is_sent(canned):
    a = canned({"data": {"users": []}})
    call = Call(asyncio.get_event_loop().time() - 1)
    raw = await execute(QueryPlan("query", Fetch(0, "a", "query", "{users{id}}")), API, {}, {"a": a}, call)
    assert a.sent == []
    assert [(error.code, error.path) for error in raw.errors] == [("SUBGRAPH_TIMEOUT", ("users",))]


@pytest.mark.parametrize(
    ("fetches", "words"),
    [
        ((Fetch(0, "a", "query", "{a}"), Fetch(0, "a", "query", "{b}")), "id 0"),
        ((Fetch(0, "a", "query", "{a}", depends_on=(9,)),), "waits for 9"),
        ((Fetch(0, "a", "query", "{a}", depends_on=(1,)), Fetch(1, "a", "query", "{b}", depends_on=(0,))), "each other"),
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(fetches, words):
    with pytest.raises(BadPlan, match=words):
        compile_plan(QueryPlan("query", Parallel(fetches)), API)


async def test_a_service_without_a_transport_is_refused_before_anything_is_sent(canned):
    a = canned({"data": {"users": []}})
    plan = QueryPlan("query", Parallel((Fetch(0, "a", "query", "{users{id}}"), Fetch(1, "b", "query", "{top{id}}"))))
    with pytest.raises(BadPlan, match="'b'"):
        await execute(plan, API, {}, {"a": a}, later())
    assert a.sent == []
