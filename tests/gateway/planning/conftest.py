"""Small supergraphs written inline, and the plan of one operation as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent

import pytest
from graphql import parse, validate

from gateway.planning import QueryPlan, plan, print_plan
from gateway.query_graph import QueryGraph, build_query_graph

HEAD = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{{ {roots} }}
enum join__Graph {{ {graphs} }}
"""


def graph_of(types: str) -> QueryGraph:
    """The query graph of types that use the subgraphs A, B, C … in their join directives."""
    names = sorted(set(re.findall(r"graph: ([A-Z])\b", types)))
    graphs = " ".join(f'{name} @join__graph(name: "{name.lower()}", url: "http://{name.lower()}.test")' for name in names)
    roots = "query: Query" + (" mutation: Mutation" if "type Mutation" in types else "")
    return build_query_graph(HEAD.format(roots=roots, graphs=graphs) + dedent(types))


def checked_plan(graph: QueryGraph, query: str, labels: frozenset[str] = frozenset()) -> QueryPlan:
    """The plan, after checking that the client may ask this and that every fetch is valid where it is sent."""
    document = parse(query)
    assert validate(graph.supergraph.api_schema, document) == []
    made = plan(graph, document, active_labels=labels)
    for fetch in made.fetches():
        assert validate(graph.supergraph.subgraph_schema(fetch.service), parse(fetch.operation)) == [], fetch.operation
        assert all(before < fetch.id for before in fetch.depends_on)
    return made


@pytest.fixture
def graph() -> Callable[[str], QueryGraph]:
    return graph_of


@pytest.fixture
def planned() -> Callable[..., QueryPlan]:
    """types, query → plan."""

    def make(types: str, query: str, labels: frozenset[str] = frozenset()) -> QueryPlan:
        return checked_plan(graph_of(types), query, labels)

    return make


@pytest.fixture
def printed() -> Callable[..., str]:
    """types, query → the plan as text, one line per fetch: `service path inputs => operation`, indented by depth."""

    def make(types: str, query: str, labels: frozenset[str] = frozenset()) -> str:
        return re.sub(r"\s+", " ", print_plan(checked_plan(graph_of(types), query, labels))).replace(",", "").strip()

    return make
