"""TYPE_WITH_ONLY_UNUSED_EXTERNAL: when federation 1's unused external fields are taken away, a type still has fields."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import NamedTypeNode, Visitor, visit

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """A type that the subgraph refers to has a field that is resolved, or an external one that some directive uses.

    A type that nothing refers to simply is not the subgraph's; a federation 2 subgraph gets EXTERNAL_UNUSED instead.
    """
    if not subgraph.is_federation_1:
        return
    referred = _Referred()
    for node in subgraph.document.definitions:
        visit(node, referred)
    for owner in subgraph.composites():
        if owner.fields and owner.name in referred.names and all(_is_unused(subgraph, owner, name) for name in owner.fields):
            message = (
                f'Type "{owner.name}" contains only external fields and all those fields are all unused (they do not appear in'
                " any @key, @provides or @requires): give it a field of its own, or remove it."
            )
            yield problem("TYPE_WITH_ONLY_UNUSED_EXTERNAL", message, owner.node)


def _is_unused(subgraph: Subgraph, owner: CompositeType, field: str) -> bool:
    if not owner.fields[field].external or f"{owner.name}.{field}" in subgraph.usage.any:
        return False
    interfaces = (subgraph.composite(name) for name in owner.interfaces)
    return not any(one is not None and field in one.fields for one in interfaces)


class _Referred(Visitor):
    """The types named by fields, unions and the schema definition."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> None:
        self.names.add(node.name.value)
