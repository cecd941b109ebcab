"""Stage 1: the SDL text of a subgraph → a frozen, typed `Subgraph` (links, names, keys and field sets resolved, checked)."""

from gateway.schema.read import read_subgraph
from gateway.schema.subgraph import Subgraph

__all__ = ["Subgraph", "read_subgraph"]
