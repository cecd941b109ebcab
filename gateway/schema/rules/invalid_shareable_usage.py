"""INVALID_SHAREABLE_USAGE: only fields of object types can be shared, since only they are resolved."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Kind, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """No field of an interface is @shareable; nothing is marked @shareable twice in one place."""
    for owner in subgraph.composites():
        for field in owner.fields.values():
            found = field.marks.all("shareable")
            if found and owner.kind is Kind.INTERFACE:
                message = (
                    f'Invalid use of @shareable on field "{owner.name}.{field.name}": only object type fields can be marked'
                    " with @shareable"
                )
                yield problem("INVALID_SHAREABLE_USAGE", message, found[0].node)
            if len(found) > 1:
                message = f'Invalid duplicate application of @shareable on "{owner.name}.{field.name}": one says it all'
                yield problem("INVALID_SHAREABLE_USAGE", message, found[1].node)
