"""The shipped graph, and the contracts compiled against it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.clock import SystemClock

if TYPE_CHECKING:
    from graphql import GraphQLSchema

    from authz.book import ContractBook
    from gateway.query_graph import QueryGraph


@lru_cache(maxsize=1)
def shipped_graph() -> QueryGraph:
    """The query graph of the four registers, from the supergraph that ships with Saite."""
    from gateway.query_graph import build_query_graph
    from schema import text

    return build_query_graph(text("supergraph"))


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
    from authz.dependencies import dependencies_of
    from schema import text

    sdl = text("supergraph") if supergraph_sdl is None else supergraph_sdl
    return ContractBook.load(folder, schema or api_schema(), SystemClock(), dependencies=dependencies_of(sdl))
