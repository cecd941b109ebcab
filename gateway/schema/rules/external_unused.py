"""EXTERNAL_UNUSED: a field is declared @external for a reason: a key, @requires, @provides or an interface."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Kind, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every external field is used; federation 1 subgraphs lose unused ones silently."""
    if subgraph.is_federation_1:
        return
    for owner in subgraph.composites():
        if owner.kind is not Kind.OBJECT:
            continue
        for field in owner.fields.values():
            coordinate = f"{owner.name}.{field.name}"
            if field.external and coordinate not in subgraph.usage.any and not _is_promised(subgraph, owner, field.name):
                message = (
                    f'Field "{coordinate}" is marked @external but is not used in any federation directive (@key, @provides,'
                    " @requires) or to satisfy an interface; the field declaration has no use and should be removed (or the"
                    " field should not be @external)."
                )
                yield problem("EXTERNAL_UNUSED", message, field.node)


def _is_promised(subgraph: Subgraph, owner: CompositeType, field: str) -> bool:
    interfaces = (subgraph.composite(name) for name in owner.interfaces)
    return any(one is not None and field in one.fields for one in interfaces)
