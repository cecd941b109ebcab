"""The implicit upgrade of a federation 1 subgraph: what it says by habit is turned into what federation 2 means by it.

In: the types of a subgraph without @link. Out: the same types, where field sets no longer name fields that the subgraph
resolves itself: federation 1 allowed such selections and ignored them.
"""

from __future__ import annotations

from dataclasses import replace

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.schema.field_sets import FieldSet, print_selections
from gateway.schema.subgraph import CompositeType, Field, Type, named_type


def upgrade(types: dict[str, Type]) -> dict[str, Type]:
    """The upgraded types."""
    return {name: _upgraded(one, types) if isinstance(one, CompositeType) else one for name, one in types.items()}


def _upgraded(owner: CompositeType, types: dict[str, Type]) -> CompositeType:
    fields = {name: _upgraded_field(owner, field, types) for name, field in owner.fields.items()}
    return replace(owner, fields=fields)


def _upgraded_field(owner: CompositeType, field: Field, types: dict[str, Type]) -> Field:
    return replace(
        field,
        requires=_only_external(field.requires, owner.name, types),
        provides=_only_external(field.provides, named_type(field.type), types),
    )


def _only_external(fields: FieldSet | None, parent: str, types: dict[str, Type]) -> FieldSet | None:
    if fields is None:
        return None
    kept = _kept(fields.selections, parent, types)
    if kept == fields.selections:
        return fields
    return FieldSet(print_selections(kept), kept) if kept else None


def _kept(selections: tuple[SelectionNode, ...], parent: str, types: dict[str, Type]) -> tuple[SelectionNode, ...]:
    kept: list[SelectionNode] = []
    for selection in selections:
        match selection:
            case FieldNode():
                inner = _kept_field(selection, parent, types)
                kept += [inner] if inner else []
            case InlineFragmentNode():
                on = selection.type_condition.name.value if selection.type_condition else parent
                within = _kept(tuple(selection.selection_set.selections), on, types)
                if within:
                    kept.append(replace(selection, selection_set=replace(selection.selection_set, selections=within)))
            case _:
                kept.append(selection)
    return tuple(kept)


def _kept_field(node: FieldNode, parent: str, types: dict[str, Type]) -> FieldNode | None:
    owner = types.get(parent)
    field = owner.fields.get(node.name.value) if isinstance(owner, CompositeType) else None
    # Unknown fields stay, for a rule to report.
    # Nested selections stay too: the object's fields may come from elsewhere.
    if field is None or node.selection_set is not None or is_external_somewhere(types, parent, field.name):
        return node
    return None


def is_external_somewhere(types: dict[str, Type], parent: str, field: str) -> bool:
    """Whether the field is @external on the type or, for an interface, on a type that implements it."""
    owner = types.get(parent)
    if not isinstance(owner, CompositeType):
        return False
    if field in owner.fields and owner.fields[field].external:
        return True
    return owner.is_interface and any(
        isinstance(one, CompositeType) and parent in one.interfaces and field in one.fields and one.fields[field].external
        for one in types.values()
    )
