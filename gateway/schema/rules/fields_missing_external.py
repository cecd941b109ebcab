"""{REQUIRES,PROVIDES}_FIELDS_MISSING_EXTERNAL: what is required or provided belongs to another subgraph, so it is @external."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.schema.field_sets import FieldSet, selected
from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import CompositeType, Subgraph, named_type
from gateway.schema.upgrade import is_external_somewhere
from gateway.schema.uses import FieldSetUse, uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every leaf of @requires and @provides is external itself or lies under an external field."""
    if subgraph.is_federation_1:
        return
    for use in uses(subgraph, "requires", "provides"):
        parsed = use.parse()
        if isinstance(parsed, FieldSet):
            for reason in _reasons(use, use.target, parsed.selections):
                yield problem(f"{use.code}_FIELDS_MISSING_EXTERNAL", f"{use.where}: {reason}", use.applied.node)


def _reasons(use: FieldSetUse, parent: str, selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    owner = use.subgraph.composite(parent)
    for selection in selections:
        match selection:
            case InlineFragmentNode():
                on = selection.type_condition.name.value if selection.type_condition else parent
                yield from _reasons(use, on, tuple(selection.selection_set.selections))
            case FieldNode() if owner is not None and selection.name.value in owner.fields:
                yield from _field_reasons(use, owner, selection)


def _field_reasons(use: FieldSetUse, owner: CompositeType, node: FieldNode) -> Iterator[str]:
    field = owner.fields[node.name.value]
    coordinate = f"{owner.name}.{field.name}"
    external = is_external_somewhere(dict(use.subgraph.types), owner.name, field.name)
    if selected(node):
        if not external:
            yield from _reasons(use, named_type(field.type), selected(node))
    elif not external:
        yield (
            f'field "{coordinate}" should not be part of a @{use.directive} since it is already provided by this subgraph'
            " (it is not marked @external)"
        )
    elif owner.extended and not owner.is_interface and _is_own_key(use.subgraph, owner, field.name):
        yield (
            f'field "{coordinate}" should not be part of a @{use.directive} since it is already "effectively" provided by this'
            " subgraph (while it is marked @external, it is a @key field of an extension type, which are not internally"
            " considered external for historical/backward compatibility reasons)"
        )


def _is_own_key(subgraph: Subgraph, owner: CompositeType, field: str) -> bool:
    return bool(owner.keys) and f"{owner.name}.{field}" in subgraph.usage.keys
