"""INVALID_SUBGRAPH_NAME: `_` stands for the gateway itself."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem
from gateway.schema.subgraph import Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """A subgraph has a name, and not the reserved one."""
    if subgraph.name == "_":
        yield Problem("INVALID_SUBGRAPH_NAME", "Invalid name _ for a subgraph: this name is reserved")
    elif not subgraph.name.strip():
        yield Problem("INVALID_SUBGRAPH_NAME", "Invalid empty name for a subgraph: give every subgraph a name")
