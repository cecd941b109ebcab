"""COST_APPLIED_TO_INTERFACE_FIELD: what a field costs depends on who resolves it, so interfaces carry no @cost."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """No @cost on the fields of an interface or interface object, nor on their arguments."""
    for owner in subgraph.composites():
        if not owner.is_interface:
            continue
        for field in owner.fields.values():
            place = f'interface "{owner.name}.{field.name}"'
            for one in field.marks.all("cost"):
                yield problem("COST_APPLIED_TO_INTERFACE_FIELD", f"@cost cannot be applied to {place}", one.node)
            for argument in field.arguments.values():
                for one in argument.marks.all("cost"):
                    message = f'@cost cannot be applied to {place} argument "{argument.name}"'
                    yield problem("COST_APPLIED_TO_INTERFACE_FIELD", message, one.node)
