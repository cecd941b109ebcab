"""PROVIDES_ON_NON_OBJECT_FIELD: only a field that answers with an object, interface or union can provide something."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Subgraph, UnionType
from gateway.schema.uses import uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """@provides stands on fields of composite types."""
    for use in uses(subgraph, "provides"):
        if use.field is not None and not isinstance(subgraph.types.get(use.target), CompositeType | UnionType):
            message = (
                f'Invalid @provides directive on field "{use.owner.name}.{use.field.name}":'
                f' field has type "{use.field.type}" which is not a Composite Type'
            )
            yield problem("PROVIDES_ON_NON_OBJECT_FIELD", message, use.applied.node)
