"""INTERFACE_OBJECT_USAGE_ERROR: an @interfaceObject stands for an interface entity, so it has a key."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every @interfaceObject type has a @key."""
    for owner in subgraph.composites():
        if owner.interface_object and not owner.marks.has("key"):
            message = (
                "The @interfaceObject directive can only be applied to entity types but type"
                f' "{owner.name}" has no @key in this subgraph.'
            )
            yield problem("INTERFACE_OBJECT_USAGE_ERROR", message, owner.node)
