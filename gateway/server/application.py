"""The gateway as one ASGI application: `POST|GET /graphql`, `GET /graphql/schema`, `/health/live`, `/health/ready`.

In: a query graph, a gate, transports. Out: an application whose lifespan closes what it holds. `build_open_gateway` is the
short way for a foreign supergraph.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from gateway.access import Gate, OpenGate
from gateway.execution import Transport
from gateway.pipeline import Pipeline, Settings
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.server.endpoint import CertificateOf, GraphQLEndpoint, no_certificate
from gateway.server.health import Health
from gateway.server.schema_download import SchemaEndpoint
from gateway.server.settings import ServerSettings


def build_gateway(
    graph: QueryGraph,
    gate: Gate,
    transports: Mapping[str, Transport],
    *,
    settings: Settings | None = None,
    server: ServerSettings | None = None,
    certificate_of: CertificateOf = no_certificate,
    routes: Sequence[BaseRoute] = (),
) -> ASGIApp:
    """The application over `graph`, with further `routes`. The transports and the gate are closed when it shuts down."""
    pipeline = Pipeline(graph, gate, transports, settings)
    health = Health()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        health.is_ready = True
        try:
            yield
        finally:
            health.is_ready = False
            await pipeline.close()

    endpoint = GraphQLEndpoint(pipeline, server or ServerSettings(), certificate_of)
    download = SchemaEndpoint(gate, certificate_of)
    own = [Route("/graphql", endpoint), Route("/graphql/schema", download), *health.routes()]
    return Starlette(routes=[*own, *routes], lifespan=lifespan)


def build_open_gateway(
    supergraph_sdl: str,
    *,
    transports: Mapping[str, Transport] | None = None,
    settings: Settings | None = None,
    server: ServerSettings | None = None,
) -> ASGIApp:
    """A gateway in front of anyone's subgraphs, nothing protected. `transports` replace those made from the supergraph's URLs.

    Raises what `build_query_graph` raises, and ValueError for a subgraph without an HTTP address.
    """
    graph = build_query_graph(supergraph_sdl)
    gate = OpenGate(graph.supergraph.api_schema)
    return build_gateway(
        graph,
        gate,
        {**http_transports(graph, server, transports or {}), **(transports or {})},
        settings=settings,
        server=server,
    )


def http_transports(
    graph: QueryGraph, server: ServerSettings | None = None, without: Mapping[str, Transport] | None = None
) -> dict[str, Transport]:
    """An HTTP transport for each subgraph that is not in `without`, at the address the supergraph names."""
    from gateway.execution.http_transport import HttpTransport

    numbers = server or ServerSettings()
    return {
        name: HttpTransport(name, service.url, connections=numbers.subgraph_connections, max_bytes=numbers.max_answer_bytes)
        for name, service in graph.supergraph.subgraphs.items()
        if name not in (without or {})
    }
