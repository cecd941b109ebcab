"""AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE: rights stand on what is resolved, and interfaces inherit them.

A rule on an interface alone could be walked around by a fragment on an implementer (GHSA-mx7m-j9xf-62hw).
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Kind, Marks, Subgraph

_RIGHTS = ("authenticated", "requiresScopes", "policy")


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """No @authenticated, @requiresScopes or @policy on interfaces, their fields, or interface objects."""
    for owner in subgraph.composites():
        if owner.interface_object:
            yield from _check(f'interface object "{owner.name}"', owner.marks)
        if owner.kind is Kind.INTERFACE:
            yield from _check(f'interface "{owner.name}"', owner.marks)
            for field in owner.fields.values():
                yield from _check(f'field "{owner.name}.{field.name}"', field.marks)


def _check(place: str, marks: Marks) -> Iterator[Problem]:
    for name in _RIGHTS:
        for one in marks.all(name):
            message = (
                f"Invalid use of @{name} on {place}: @{name} cannot be applied on interfaces, interface fields and interface"
                " objects; put it on the types and fields that implement them"
            )
            yield problem("AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE", message, one.node)
