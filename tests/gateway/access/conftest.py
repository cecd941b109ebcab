"""The protected gateway over the shipped graph and contracts, with rooms that answer invented values for whatever is asked.

The rooms verify the signed context as real ones do, and keep every request, so that a test can see what was fetched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from graphql import (
    GraphQLSchema,
    get_named_type,
    graphql_sync,
    is_abstract_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from authz.audit import AuditLog, VariableSeal
from authz.book import ContractBook
from authz.dependencies import dependencies_of
from authz.identity import DevelopmentIssuer, development_validator
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from gateway.access import Asked, ContractGate
from gateway.execution import SubgraphAnswer, SubgraphRequest
from gateway.pipeline import Answered, Pipeline
from gateway.query_graph import QueryGraph, build_query_graph
from kernel.clock import FixedClock
from schema import text

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
VALUES = {"String": "a value", "Int": 3, "Float": 1.5, "Boolean": True}


def invented(kind: Any, schema: GraphQLSchema, name: str, given: Any = None) -> Any:
    """A value of `kind`: two items in each list, the id of an entity as it was asked for."""
    if is_non_null_type(kind):
        return invented(kind.of_type, schema, name, given)
    if is_list_type(kind):
        return [invented(kind.of_type, schema, f"{name}-{nth}") for nth in (1, 2)]
    named = get_named_type(kind)
    if is_enum_type(named):
        return next(iter(named.values.values())).value
    if is_abstract_type(named):
        named = schema.get_possible_types(named)[0]
    if is_object_type(named):
        return {"__typename": named.name, "_at": name, **(given or {})}
    if named.name == "ID":
        return f"id-{name}"
    return VALUES.get(named.name, "2026-01-01")


def resolve(source: Any, info: Any, **_arguments: Any) -> Any:
    if isinstance(source, dict) and info.field_name in source:
        return source[info.field_name]
    at = source.get("_at", "") if isinstance(source, dict) else ""
    return invented(info.return_type, info.schema, f"{at}.{info.field_name}" if at else info.field_name)


def resolve_entities(_source: Any, info: Any, representations: list[dict[str, Any]]) -> list[Any]:
    return [{"_at": str(one.get("id", nth)), **one} for nth, one in enumerate(representations)]


@dataclass
class InventedRoom:
    """One room. `failing` is the message of the error that it reports for everything."""

    schema: GraphQLSchema
    verifier: ContextVerifier
    clock: FixedClock
    requests: list[dict[str, Any]] = field(default_factory=list)
    contexts: list[SignedContext] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    failing: str | None = None

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.headers.append(dict(request.headers))
        self.contexts.append(self.verifier.verify(request.headers.get("Saite-Context"), request.body, self.clock.now()))
        body = msgspec.json.decode(request.body)
        self.requests.append(body)
        if self.failing is not None:
            return SubgraphAnswer(200, msgspec.json.encode({"data": None, "errors": [{"message": self.failing}]}))
        query_type = self.schema.query_type
        assert query_type is not None
        query_type.fields["_entities"].resolve = resolve_entities
        result = graphql_sync(self.schema, body["query"], variable_values=body["variables"], field_resolver=resolve)
        assert result.errors is None, result.errors
        return SubgraphAnswer(200, msgspec.json.encode(result.formatted))

    async def close(self) -> None:
        pass


@dataclass
class Protected:
    """A protected gateway in this process."""

    pipeline: Pipeline
    rooms: dict[str, InventedRoom]
    log: AuditLog
    issuer: DevelopmentIssuer
    clock: FixedClock

    def token(self, agency: str, purpose: str | None, case_ref: str | None = None) -> str:
        return self.issuer.issue(agency, "jana.berzina", purpose=purpose, case_ref=case_ref)

    async def ask(self, query: str, token: str | None, variables: dict[str, Any] | None = None, **headers: str) -> Answered:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            named["authorization"] = f"Bearer {token}"
        self.clock.advance(timedelta(seconds=1))  # records of one instant have no order
        return await self.pipeline.answer(Asked(query, None, variables or {}, named))

    def fetched(self) -> str:
        """The text of every operation that was sent to any room."""
        return "\n".join(request["query"] for room in self.rooms.values() for request in room.requests)


@pytest.fixture(scope="session")
def graph() -> QueryGraph:
    return build_query_graph(text("supergraph"))


@pytest.fixture(scope="session")
def book(graph: QueryGraph) -> ContractBook:
    import authz

    folder = Path(authz.__file__).parent / "contracts"
    dependencies = dependencies_of(text("supergraph"))
    return ContractBook.load(folder, graph.supergraph.api_schema, FixedClock(NOW), dependencies=dependencies)


@pytest.fixture
async def protected(tmp_path: Path, graph: QueryGraph, book: ContractBook):
    clock = FixedClock(NOW)
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    issuer = DevelopmentIssuer(keys, clock)
    signer = ContextSigner.open(keys)
    log = AuditLog.open(tmp_path / "audit.db", clock)
    rooms = {
        name: InventedRoom(graph.supergraph.subgraph_schema(name), ContextVerifier.open(keys, name), clock)
        for name in graph.supergraph.subgraphs
    }
    issuer.issue("LV-VP", "somebody")  # makes the key pair
    gate = ContractGate(
        graph.supergraph.api_schema, book, development_validator(keys), signer, log, VariableSeal.open(keys), clock
    )
    pipeline = Pipeline(graph, gate, rooms)
    yield Protected(pipeline, rooms, log, issuer, clock)
    await pipeline.close()
