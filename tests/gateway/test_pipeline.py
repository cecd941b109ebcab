"""The whole way in the open mode, over two little subgraphs in this process."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from gateway.access import Asked, OpenGate
from gateway.execution.errors import SubgraphUnavailable
from gateway.pipeline import Pipeline, Settings
from gateway.query_graph import build_query_graph

SUPERGRAPH = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION) {
  query: Query mutation: Mutation
}
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean,
  override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true,
  isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
enum join__Graph { USERS @join__graph(name: "users", url: "http://users.example") NAMES @join__graph(name: "names", url: "") }
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
type Query @join__type(graph: USERS) @join__type(graph: NAMES) { users(first: Int = 2): [User!] @join__field(graph: USERS) }
type Mutation @join__type(graph: USERS) { touch: Int @join__field(graph: USERS) }
type User @join__type(graph: USERS, key: "id") @join__type(graph: NAMES, key: "id") {
  id: ID! name: String @join__field(graph: NAMES) mail: String! @join__field(graph: NAMES)
}
"""


@pytest.fixture
def made(subgraph):
    def make(settings=None, names=None):
        users = subgraph(
            "type Query { users(first: Int = 2): [User!] } type Mutation { touch: Int } type User { id: ID! }",
            {"Query.users": lambda _s, first: [{"id": str(n)} for n in range(first)], "Mutation.touch": lambda _s: 1},
        )
        known = subgraph(
            "type Query { x: Int } type User { id: ID! name: String mail: String }",
            entities={"User": lambda ref: {"id": ref["id"], "name": f"name {ref['id']}", "mail": None}},
        )
        graph = build_query_graph(SUPERGRAPH)
        transports = {"users": users, "names": names or known}
        return Pipeline(graph, OpenGate(graph.supergraph.api_schema), transports, settings), transports

    return make


async def ask(pipeline, query, variables=None, name=None, **more):
    answered = await pipeline.answer(Asked(query, name, variables or {}, **more))
    return answered, msgspec.json.decode(answered.body)


async def test_a_query_over_two_subgraphs_is_answered(made):
    pipeline, _ = made()
    answered, answer = await ask(pipeline, "query($n: Int) { users(first: $n) { name id } }", {"n": 3})
    assert answer == {"data": {"users": [{"name": f"name {n}", "id": str(n)} for n in range(3)]}}
    assert (answered.status, answered.has_data) == (200, True)


async def test_the_second_time_nothing_is_parsed_again_and_variables_are_looked_at_again(made, monkeypatch):
    pipeline, _ = made()
    query = "query($n: Int) { users(first: $n) { id } }"
    await ask(pipeline, query, {"n": 1})
    monkeypatch.setattr("gateway.pipeline.read_operation", None)
    assert (await ask(pipeline, query, {"n": 2}))[1] == {"data": {"users": [{"id": "0"}, {"id": "1"}]}}
    assert (await ask(pipeline, query, {"n": "x"}))[0].code == "BAD_VARIABLES"


async def test_conditions_change_the_form_and_not_the_plan(made):
    pipeline, transports = made()
    query = "query($v: Boolean!) { users { id name @include(if: $v) } }"
    assert (await ask(pipeline, query, {"v": False}))[1] == {"data": {"users": [{"id": "0"}, {"id": "1"}]}}
    assert transports["names"].requests == []
    assert (await ask(pipeline, query, {"v": True}))[1]["data"]["users"][0] == {"id": "0", "name": "name 0"}


async def test_a_null_where_the_schema_has_none_takes_its_parents(made):
    pipeline, _ = made()
    _, answer = await ask(pipeline, "{ users { id mail } }")
    assert answer["data"] == {"users": None}
    assert answer["errors"][0]["path"] == ["users", 0, "mail"]


async def test_a_subgraph_that_is_not_there_costs_its_fields_only(made, canned):
    pipeline, _ = made(names=canned(SubgraphUnavailable("refused")))
    answered, answer = await ask(pipeline, "{ users { id name } }")
    assert answered.status == 200
    assert answer["data"] == {"users": [{"id": "0", "name": None}, {"id": "1", "name": None}]}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["users", 0, "name"], "SUBGRAPH_UNAVAILABLE"),
        (["users", 1, "name"], "SUBGRAPH_UNAVAILABLE"),
    ]


async def test_introspection_and_typename_are_answered_without_a_fetch(made):
    pipeline, transports = made()
    _, answer = await ask(pipeline, '{ __typename t: __type(name: "User") { fields { name } } }')
    assert answer == {"data": {"__typename": "Query", "t": {"fields": [{"name": "id"}, {"name": "name"}, {"name": "mail"}]}}}
    assert transports["users"].requests == []


async def test_introspection_with_variables_is_not_remembered_for_other_values(made):
    pipeline, _ = made()
    query = "query($n: String!) { __type(name: $n) { name } }"
    assert (await ask(pipeline, query, {"n": "User"}))[1]["data"] == {"__type": {"name": "User"}}
    assert (await ask(pipeline, query, {"n": "Nothing"}))[1]["data"] == {"__type": None}


async def test_a_mutation_needs_more_than_get(made):
    pipeline, transports = made()
    answered, _ = await ask(pipeline, "mutation { touch }", only_queries=True)
    assert (answered.code, transports["users"].requests) == ("OPERATION_KIND_NOT_SERVED", [])
    assert (await ask(pipeline, "mutation { touch }"))[1] == {"data": {"touch": 1}}


@pytest.mark.parametrize(
    "query", ["{ nothing }", "{", "", "subscription { x }", "query A { users { id } } query B { users { id } }"]
)
async def test_what_cannot_be_executed_is_refused_with_a_code_and_without_data(made, query):
    pipeline, _ = made()
    answered, answer = await ask(pipeline, query)
    assert (answered.has_data, list(answer)) == (False, ["errors"])
    assert all(error["extensions"]["code"] for error in answer["errors"])


async def test_the_deadline_holds_for_the_whole_request(made, canned):
    class Hanging(canned):
        async def send(self, request):
            async with asyncio.timeout_at(request.deadline):
                await asyncio.Event().wait()

    pipeline, _ = made(Settings(deadline_seconds=0.05), names=Hanging({}))
    started = asyncio.get_running_loop().time()
    answered, answer = await ask(pipeline, "{ users { id name } }")
    assert asyncio.get_running_loop().time() - started < 2
    assert answered.status in (200, 500)
    assert "errors" in answer


async def test_a_fault_of_our_own_is_told_by_an_id_that_the_log_has(made, caplog):
    pipeline, transports = made()
    del transports["users"].requests
    answered, answer = await ask(pipeline, "{ users { id } }")
    assert (answered.status, answer["errors"][0]["extensions"]["code"]) == (500, "INTERNAL_ERROR")
    assert answer["errors"][0]["extensions"]["errorId"] in [getattr(record, "error_id", None) for record in caplog.records]
    assert b"requests" not in answered.body
