"""The shipped graph, and the contracts compiled against it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.clock import SystemClock

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from authz.book import ContractBook
    from gateway.query_graph import QueryGraph


@dataclass(frozen=True, slots=True)
class Shipped:
    """What is made of the supergraph that ships with Saite: its query graph, and which fields are made from which."""

    graph: QueryGraph
    dependencies: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """The shipped supergraph, read once."""
    from graphql import parse

    from authz.dependencies import dependencies_of
    from gateway.query_graph import build_query_graph
    from schema import text

    document = parse(text("supergraph"), no_location=True)
    return Shipped(build_query_graph(document), dependencies_of(document))


def shipped_graph() -> QueryGraph:
    """The query graph of the four registers."""
    return shipped().graph


def api_schema() -> GraphQLSchema:
    """What clients could see of the four registers if a contract gave them everything."""
    return shipped_graph().supergraph.api_schema


def shipped_contracts() -> Path:
    """The folder of the contracts that come with Saite."""
    import authz

    return Path(authz.__file__).parent / "contracts"


def contract_book(folder: Path, supergraph_sdl: str | None = None, schema: GraphQLSchema | None = None) -> ContractBook:
    """The contracts in a folder, compiled against a supergraph and its API schema; otherwise the shipped ones.

    Raises ContractRefused when none can be loaded.
    """
    from authz.book import ContractBook

    return ContractBook.load(folder, schema or api_schema(), SystemClock(), dependencies=dependencies(supergraph_sdl))


def dependencies(supergraph_sdl: str | None) -> dict[str, frozenset[str]]:
    """Which fields of a supergraph are made from which; of the shipped one when there is no SDL."""
    from authz.dependencies import dependencies_of

    return shipped().dependencies if supergraph_sdl is None else dependencies_of(supergraph_sdl)
