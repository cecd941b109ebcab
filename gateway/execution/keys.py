"""By which keys a subgraph finds an entity, read from the supergraph.

In: a `Supergraph`. Out: the function that `compile_plan` asks: (service, type name) → the fields of each key.
"""

from __future__ import annotations

from functools import lru_cache

from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.execution.step import Key, KeysOf
from gateway.query_graph.supergraph import Supergraph


def keys_of(supergraph: Supergraph) -> KeysOf:
    """The keys of `supergraph`, those marked `resolvable: false` left out."""

    def keys(service: str, typename: str) -> tuple[Key, ...]:
        subgraph = supergraph.subgraphs.get(service)
        known = supergraph.types.get(typename)
        if subgraph is None or known is None:
            return ()
        joins = known.joins.get(subgraph.graph, ())
        return tuple(_read(join.key) for join in joins if join.key is not None and join.resolvable)

    return keys


def joined(one: Key, other: Key) -> Key:
    """The fields of both."""
    return {name: joined(one.get(name, {}), other.get(name, {})) for name in {**one, **other}}


@lru_cache(maxsize=4096)
def _read(field_set: str) -> Key:
    document = parse(f"{{ {field_set} }}", no_location=True)
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return _fields(operation.selection_set)


def _fields(selections: SelectionSetNode | None) -> Key:
    found: Key = {}
    for node in () if selections is None else selections.selections:
        match node:
            case FieldNode() if node.name.value != "__typename":
                found = joined(found, {node.name.value: _fields(node.selection_set)})
            case InlineFragmentNode():
                found = joined(found, _fields(node.selection_set))
    return found
