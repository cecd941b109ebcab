"""Small real subgraphs for the gateway's tests: graphql-core behind the transport port, and transports that break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLResolveInfo,
    ObjectTypeDefinitionNode,
    build_ast_schema,
    build_schema,
    execute_sync,
    graphql_sync,
    parse,
    validate,
)

from gateway.composition import Composed, compose
from gateway.execution import Call, SubgraphAnswer, SubgraphRequest, compile_plan, execute
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of
from gateway.operation import Limits, read_operation, read_variables
from gateway.planning import QueryPlan, plan, print_plan
from gateway.planning.check import check_plan
from gateway.planning.check.fault import FaultKind
from gateway.query_graph import build_query_graph
from gateway.response import Projection, open_mask, render
from gateway.schema import read_subgraph

Resolver = Callable[..., Any]


class GraphQLSubgraph:
    """A subgraph of one SDL. `entities` maps a type to its reference resolver, `fields` coordinates to resolvers."""

    def __init__(self, sdl: str, fields: Mapping[str, Resolver], entities: Mapping[str, Resolver]) -> None:
        union = f"scalar _Any union _Entity = {' | '.join(entities)}" if entities else ""
        extended = (
            sdl.replace("type Query {", "type Query { _entities(representations: [_Any!]!): [_Entity]! ") if entities else sdl
        )
        self.schema = build_schema(f"{extended} {union}", assume_valid_sdl=True)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        for coordinate, resolver in fields.items():
            type_name, field_name = coordinate.split(".")
            kind = self.schema.type_map[type_name]
            assert isinstance(kind, GraphQLObjectType)
            kind.fields[field_name].resolve = lambda source, _info, _r=resolver, **args: _r(source, **args)
        if entities:
            assert self.schema.query_type is not None
            self.schema.query_type.fields["_entities"].resolve = lambda _s, _i, representations: [
                _entity(entities, one) for one in representations
            ]

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        body = msgspec.json.decode(request.body)
        self.requests.append(body)
        self.headers.append(dict(request.headers))
        result = graphql_sync(self.schema, body["query"], variable_values=body["variables"])
        return SubgraphAnswer(200, msgspec.json.encode(result.formatted))

    async def close(self) -> None:
        pass

    def representations(self, nth: int = -1) -> list[dict[str, Any]]:
        return self.requests[nth]["variables"]["representations"]


def _entity(entities: Mapping[str, Resolver], representation: dict[str, Any]) -> Any:
    try:
        found = entities[representation["__typename"]](representation)
    except ValueError as error:
        return error
    return None if found is None else {"__typename": representation["__typename"], **found}


class Canned:
    """Answers every request with the same bytes, or raises."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.answer = answer
        self.status = status
        self.sent: list[SubgraphRequest] = []

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.sent.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        body = self.answer if isinstance(self.answer, bytes) else msgspec.json.encode(self.answer)
        return SubgraphAnswer(self.status, body)

    async def close(self) -> None:
        pass


@pytest.fixture
def subgraph() -> Callable[..., GraphQLSubgraph]:
    def make(sdl: str, fields: Mapping[str, Resolver] | None = None, entities: Mapping[str, Resolver] | None = None):
        return GraphQLSubgraph(sdl, fields or {}, entities or {})

    return make


@pytest.fixture
def canned() -> type[Canned]:
    return Canned


@pytest.fixture
def call() -> Call:
    return Call(asyncio.get_event_loop().time() + 5)


LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [%s]) '
IMPORTS = (
    "@key @external @requires @provides @shareable @override @inaccessible @tag @interfaceObject @context @fromContext FieldSet"
)

Rows = Mapping[str, Any]


class World:
    """Subgraphs as text and rows, composed and served in this process behind the gateway's stages.

    `rows` holds, per subgraph, `Query` and the other root types as one row and every entity type as a list of rows. A value of
    a row may be a function of (the object, the field's arguments), or an exception. An entity is the first row that agrees with
    the representation; whatever else was sent along (required fields) is there for the functions.
    """

    def __init__(self, sdls: Mapping[str, str], rows: Mapping[str, Rows]) -> None:
        link = LINK % ", ".join(f'"{name}"' for name in IMPORTS.split())
        composed = compose([read_subgraph(name, link + sdl) for name, sdl in sdls.items()])
        assert isinstance(composed, Composed), composed
        self.graph = build_query_graph(composed.supergraph_sdl)
        self.subgraphs = {name: RowSubgraph(sdl, rows.get(name, {})) for name, sdl in sdls.items()}

    def plan(self, query: str, labels: frozenset[str] = frozenset()) -> QueryPlan:
        """The plan, proved right by the plan checker."""
        document = parse(query)
        made = plan(self.graph, document, active_labels=labels)
        faults = check_plan(self.graph, document, None, made, active_labels=labels)
        assert not [fault for fault in faults if fault.kind is not FaultKind.SUPERFLUOUS], f"{faults}\n{print_plan(made)}"
        return made

    async def ask(self, query: str, labels: frozenset[str] = frozenset(), **variables: Any) -> dict[str, Any]:
        """The gateway's answer."""
        supergraph = self.graph.supergraph
        schema = supergraph.api_schema
        operation = read_operation(schema, query, None, Limits())
        given = read_variables(schema, operation, variables)
        compiled = compile_plan(self.plan(query, labels), schema, keys_of(supergraph), members_of(supergraph))
        for one in self.subgraphs.values():
            one.requests.clear()
        raw = await execute(compiled, schema, given.sent, self.subgraphs, Call(asyncio.get_running_loop().time() + 5))
        projection = Projection(schema, operation.document, operation.node, given.coerced)
        found: dict[str, Any] = msgspec.json.decode(render(raw, projection, open_mask()).body())
        return found

    async def data(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors."""
        answer = await self.ask(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def asked(self) -> dict[str, int]:
        """How many requests each subgraph got for the last question, those with none left out."""
        return {name: len(one.requests) for name, one in self.subgraphs.items() if one.requests}


class RowSubgraph:
    """A subgraph whose objects are rows."""

    def __init__(self, sdl: str, rows: Rows) -> None:
        document = parse(sdl)
        objects = [node for node in document.definitions if isinstance(node, ObjectTypeDefinitionNode)]
        entities = [node.name.value for node in objects if any(one.name.value == "key" for one in node.directives or ())]
        more = ""
        name = next(
            (one.type.name.value for node in document.definitions for one in getattr(node, "operation_types", ())), "Query"
        )
        if entities:
            root = "extend type" if any(node.name.value == name for node in objects) else "type"
            field = "_entities(representations: [_Any!]!): [_Entity]!"
            more = f"scalar _Any union _Entity = {' | '.join(entities)} {root} {name} {{ {field} }}"
        self.schema = build_ast_schema(parse(f"{sdl} {more}"), assume_valid=True, assume_valid_sdl=True)
        self.rows = rows
        self.requests: list[dict[str, Any]] = []

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        body = msgspec.json.decode(request.body)
        self.requests.append(body)
        document = parse(body["query"])
        errors = validate(self.schema, document)
        if errors:
            return SubgraphAnswer(200, msgspec.json.encode({"errors": [error.formatted for error in errors]}))
        result = execute_sync(self.schema, document, {}, None, body["variables"], field_resolver=self._resolve)
        return SubgraphAnswer(200, msgspec.json.encode(result.formatted))

    async def close(self) -> None:
        pass

    def _resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if info.field_name == "_entities":
            return [self._entity(one) for one in arguments["representations"]]
        holder = source if info.path.prev is not None else self.rows.get(info.parent_type.name, {})
        value = holder.get(info.field_name)
        if callable(value):
            value = value(holder, **arguments)
        if isinstance(value, Exception):
            raise value
        return value

    def _entity(self, representation: dict[str, Any]) -> Any:
        for row in self.rows.get(representation["__typename"], ()):
            shared = {name for name in row if name in representation and name != "__typename"}
            if all(row[name] == representation[name] for name in shared):
                return {**representation, **row}
        return None


@pytest.fixture
def world() -> type[World]:
    return World
