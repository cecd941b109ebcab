"""By which keys a subgraph finds an entity, read from the supergraph.

In: a `Supergraph`. Out: the function that `compile_plan` asks: (service, type name) → top-level field names of each key.
"""

from __future__ import annotations

from functools import lru_cache

from graphql import FieldNode, OperationDefinitionNode, parse

from gateway.execution.step import KeysOf
from gateway.query_graph.supergraph import Supergraph


def keys_of(supergraph: Supergraph) -> KeysOf:
    """The keys of `supergraph`, those marked `resolvable: false` left out."""

    def keys(service: str, typename: str) -> tuple[frozenset[str], ...]:
        subgraph = supergraph.subgraphs.get(service)
        known = supergraph.types.get(typename)
        if subgraph is None or known is None:
            return ()
        joins = known.joins.get(subgraph.graph, ())
        return tuple(_top_level(join.key) for join in joins if join.key is not None and join.resolvable)

    return keys


@lru_cache(maxsize=4096)
def _top_level(field_set: str) -> frozenset[str]:
    document = parse(f"{{ {field_set} }}", no_location=True)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    names = (node.name.value for node in operation.selection_set.selections if isinstance(node, FieldNode))
    return frozenset(names) - {"__typename"}
