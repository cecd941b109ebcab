"""Fields that return the root again (`type Query { me: Query }`, a mutation that returns `Query`): the fetch below them is an
ordinary root operation, and its answer belongs into the objects at its path.
"""

from __future__ import annotations

import asyncio

import pytest
from graphql import build_schema, parse

from gateway.composition import compose
from gateway.execution import Call, compile_plan, execute
from gateway.planning import plan as make_plan
from gateway.planning.plan import Each, Fetch, Flatten, Key, OnTypes, QueryPlan, RenameKey, Sequence
from gateway.query_graph import build_query_graph
from gateway.schema import read_subgraph

API = build_schema(
    """
    interface Node { id: ID }
    type Query implements Node { id: ID me: Query places: [Place] nodes: [Node] count: Int user: User }
    type Place implements Node { id: ID root: Query }
    type User { name: String friend: User }
    """
)
ROOTS = (Key("places"), Each(), Key("root"))


def later() -> Call:
    return Call(asyncio.get_event_loop().time() + 5)


def reentry(path, text="{count user{name}}", first="{places{root{__typename}}}", **more):
    again = Fetch(1, "b", "query", text, depends_on=(0,), **more)
    return QueryPlan("query", Sequence((Fetch(0, "a", "query", first), Flatten(path, again))))


def places(*roots):
    return {"data": {"places": [None if root is None else {"root": root} for root in roots]}}


QUERY = {"__typename": "Query"}


async def run(query_plan, a, b):
    return await execute(query_plan, API, {}, {"a": a, "b": b}, later())


async def test_the_answer_stands_at_every_object_and_is_fetched_once(canned):
    b = canned({"data": {"count": 7, "user": {"name": "Anna"}}})
    raw = await run(reentry(ROOTS), canned(places(QUERY, {}, None)), b)
    inside = {"count": 7, "user": {"name": "Anna"}}
    assert raw.data == {"places": [{"root": QUERY | inside}, {"root": inside}, None]}
    assert (raw.errors, len(b.sent)) == ((), 1)


@pytest.mark.parametrize("answer", [places(), places(None), {"data": {"places": [{"root": None}]}}, {"data": {"places": None}}])
async def test_nothing_is_asked_when_no_object_is_there(canned, answer):
    b = canned({"data": {"count": 7}})
    raw = await run(reentry(ROOTS), canned(answer), b)
    assert (raw.data, raw.errors, b.sent) == (answer["data"], (), [])


async def test_a_type_condition_selects_the_objects(canned):
    a = canned({"data": {"nodes": [{"__typename": "Place"}, QUERY]}})
    b = canned({"data": {"count": 7}})
    raw = await run(reentry((Key("nodes"), Each(), OnTypes(("Query",))), "{count}"), a, b)
    assert raw.data == {"nodes": [{"__typename": "Place"}, {"__typename": "Query", "count": 7}]}


async def test_a_later_fetch_changes_each_object_and_not_all_of_them(canned):
    first = reentry(ROOTS, "{user{name}}")
    deeper = Flatten((*ROOTS, Key("user")), Fetch(2, "c", "query", "{count}", depends_on=(1,)))
    query_plan = QueryPlan("query", Sequence((first.node, deeper)))
    transports = {
        "a": canned(places({}, {})),
        "b": canned({"data": {"user": {"name": "Anna"}}}),
        "c": canned({"data": {"count": 1}}),
    }
    raw = await execute(query_plan, API, {}, transports, later())
    one, two = (place["root"]["user"] for place in raw.data["places"])
    assert one == two == {"name": "Anna", "count": 1}
    assert one is not two
    assert not compile_plan(query_plan, API).steps[1].root.is_shared


async def test_errors_stand_below_every_place_under_the_clients_keys(canned):
    renames = (RenameKey((Key("user"),), "_name", "name"),)
    b = canned({"data": {"count": 7, "user": {"_name": None}}, "errors": [{"message": "no", "path": ["user", "_name"]}]})
    raw = await run(reentry(ROOTS, "{count user{_name: name}}", output_rewrites=renames), canned(places({}, {})), b)
    assert [error.path for error in raw.errors] == [("places", n, "root", "user", "name") for n in (0, 1)]
    assert len({error.origin for error in raw.errors}) == 1
    assert [place["root"]["user"] for place in raw.data["places"]] == [{"name": None}] * 2


@pytest.mark.parametrize(
    ("answer", "lost"),
    [
        (b"not json", ("count", "user")),
        ({"data": None, "errors": [{"message": "down"}]}, ("count", "user")),
        ({"data": {"count": 7}}, ("user",)),
    ],
)
async def test_what_did_not_come_is_told_at_every_place(canned, answer, lost):
    raw = await run(reentry(ROOTS), canned(places({}, {})), canned(answer))
    assert [error.path for error in raw.errors] == [("places", n, "root", key) for n in (0, 1) for key in lost]


LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"]) '
A = """
type Query { me: Query none: Query places: [Place] x: Int }
type Place { n: Int root: Query }
type Mutation { set(n: Int!): Query fail: Query }
"""
B = 'type Query { user: User b: Int broken: Int } type Mutation { late: Int } type User @key(fields: "id") { id: ID! age: Int }'
C = 'type Query { c: Int } type User @key(fields: "id") { id: ID! name: String }'


class World:
    """Three subgraphs that share one number, composed."""

    def __init__(self, subgraph):
        self.n = 0
        composed = compose([read_subgraph(name, LINK + sdl) for name, sdl in (("a", A), ("b", B), ("c", C))])
        self.graph = build_query_graph(composed.supergraph_sdl)
        self.transports = {
            "a": subgraph(plain(A), self.a()),
            "b": subgraph(plain(B), self.b(), {"User": lambda ref: {"id": ref["id"], "age": 30}}),
            "c": subgraph(plain(C), {}, {"User": lambda ref: {"id": ref["id"], "name": f"user {ref['id']}"}}),
        }

    def a(self):
        def set_n(_source, n):
            self.n = n
            return {}

        return {
            "Query.me": lambda _s: {},
            "Query.none": lambda _s: None,
            "Query.places": lambda _s: [{"n": 1}, None, {"n": 2}],
            "Query.x": lambda _s: 5,
            "Place.root": lambda source: {} if source["n"] else None,
            "Mutation.set": set_n,
            "Mutation.fail": lambda _s: None,
        }

    def b(self):
        def broken(_source):
            raise ValueError("out of order")

        return {
            "Query.user": lambda _s: {"id": "1", "age": 30},
            "Query.b": lambda _s: self.n,
            "Query.broken": broken,
            "Mutation.late": lambda _s: self.n,
        }

    async def answer(self, text):
        document = parse(text)
        schema = self.graph.supergraph.api_schema
        return await execute(make_plan(self.graph, document), schema, {}, self.transports, later())


def plain(sdl):
    return sdl.replace(' @key(fields: "id")', "")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{ me { b } }", {"me": {"b": 0}}),
        ("{ b me { x q: b me { b } } }", {"b": 0, "me": {"x": 5, "q": 0, "me": {"b": 0}}}),
        ("{ none { b user { name } } }", {"none": None}),
        (
            "{ places { n root { b user { age name } } } }",
            {
                "places": [
                    {"n": 1, "root": {"b": 0, "user": {"age": 30, "name": "user 1"}}},
                    None,
                    {"n": 2, "root": {"b": 0, "user": {"age": 30, "name": "user 1"}}},
                ]
            },
        ),
        (
            "mutation { set(n: 1) { x b } late two: set(n: 2) { b user { name } } fail { b } }",
            {"set": {"x": 5, "b": 1}, "late": 1, "two": {"b": 2, "user": {"name": "user 1"}}, "fail": None},
        ),
    ],
)
async def test_a_client_comes_back_to_the_root_across_subgraphs(subgraph, text, wanted):
    raw = await World(subgraph).answer(text)
    assert raw.errors == ()
    assert shown(raw.data, wanted) == wanted


async def test_an_error_of_a_subgraph_below_a_list_of_roots_is_told_at_each(subgraph):
    raw = await World(subgraph).answer("{ places { root { b broken } } }")
    assert [error.path for error in raw.errors] == [("places", n, "root", "broken") for n in (0, 2)]


def shown(data, wanted):
    """What of `data` the client asked for: keys and type names that joins needed are left out."""
    if isinstance(wanted, dict) and isinstance(data, dict):
        return {key: shown(value, wanted.get(key)) for key, value in data.items() if key in wanted}
    if isinstance(wanted, list) and isinstance(data, list):
        return [shown(item, part) for item, part in zip(data, wanted, strict=True)]
    return data
