"""EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE: what says how a field is resolved stands where it is resolved."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Field, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """An external field needs nothing to be resolved here: no @requires, no argument from a context.

    Federation 1 ignored it. @override has a code of its own; @provides stays, since a path that provides the field itself
    may provide what is inside.
    """
    if subgraph.is_federation_1:
        return
    for owner in subgraph.composites():
        for field in owner.fields.values():
            if field.external:
                yield from _check(subgraph, owner, field)


def _check(subgraph: Subgraph, owner: CompositeType, field: Field) -> Iterator[Problem]:
    coordinate = f"{owner.name}.{field.name}"
    found = [f"@{subgraph.names.local('requires')}"] if field.requires is not None else []
    found += [
        f'@{subgraph.names.local("fromContext")} on its argument "{one.name}"'
        for one in field.arguments.values()
        if one.context is not None
    ]
    for directive in found:
        message = (
            f'@{subgraph.names.local("external")} on field "{coordinate}" collides with {directive}: an external field is'
            " resolved by another subgraph, so this one has nothing to resolve it with. Remove one of the two."
        )
        yield problem("EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE", message, field.node)
