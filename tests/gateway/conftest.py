"""Small real subgraphs for the gateway's tests: graphql-core behind the transport port, and transports that break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest
from graphql import GraphQLObjectType, build_schema, graphql_sync

from gateway.execution import Call, SubgraphAnswer, SubgraphRequest

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
