"""EXTERNAL_ON_INTERFACE: an interface resolves nothing, so its fields cannot be external."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Kind, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """No field of an interface is @external (federation 1 ignores it)."""
    if subgraph.is_federation_1:
        return
    for owner in subgraph.composites():
        if owner.kind is Kind.INTERFACE:
            for field in owner.fields.values():
                if field.marks.has("external"):
                    message = (
                        f'Interface type field "{owner.name}.{field.name}" is marked @external but @external is not allowed'
                        " on interface fields."
                    )
                    yield problem("EXTERNAL_ON_INTERFACE", message, field.node)
