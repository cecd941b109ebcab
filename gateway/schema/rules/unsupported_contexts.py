"""UNSUPPORTED_FEATURE: where arguments cannot be filled from a context."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Kind, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """@fromContext fills arguments of object fields: an interface's field is asked on whatever type there is."""
    for owner in subgraph.composites():
        if owner.kind is not Kind.INTERFACE and not owner.interface_object:
            continue
        what = "an @interfaceObject" if owner.interface_object else "an interface"
        for field in owner.fields.values():
            for argument in field.arguments.values():
                if argument.context is not None:
                    message = (
                        f'@fromContext on "{owner.name}.{field.name}({argument.name}:)" is not supported: "{owner.name}" is'
                        f" {what}. Give the object types a field with such an argument instead."
                    )
                    yield problem("UNSUPPORTED_FEATURE", message, argument.node)
