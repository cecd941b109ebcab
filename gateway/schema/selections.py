"""Walks a field set over the types of a subgraph.

In: a type name and selections. Out: every selected field with the type it is selected on and its definition, None where the
subgraph has no such field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.schema.field_sets import selected
from gateway.schema.subgraph import CompositeType, Field, Type, UnionType, named_type


@dataclass(frozen=True, slots=True)
class SelectedField:
    """One field of a field set: `parent` is the type it is selected on, `field` its definition there, if any."""

    parent: CompositeType | UnionType
    node: FieldNode
    field: Field | None

    @property
    def coordinate(self) -> str:
        """`Type.field`."""
        return f"{self.parent.name}.{self.node.name.value}"


def walk(types: Mapping[str, Type], parent: str, selections: tuple[SelectionNode, ...]) -> Iterator[SelectedField]:
    """Every field that `selections` name on type `parent`, outer before inner; `__typename` is left out."""
    owner = types.get(parent)
    if not isinstance(owner, CompositeType | UnionType):
        return
    for selection in selections:
        match selection:
            case FieldNode() if selection.name.value == "__typename":
                continue
            case FieldNode():
                field = owner.fields.get(selection.name.value) if isinstance(owner, CompositeType) else None
                yield SelectedField(owner, selection, field)
                if field is not None:
                    yield from walk(types, named_type(field.type), selected(selection))
            case InlineFragmentNode():
                on = selection.type_condition.name.value if selection.type_condition else parent
                yield from walk(types, on, tuple(selection.selection_set.selections))


def coordinates(types: Mapping[str, Type], parent: str, selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    """The coordinates named, those of implementing objects included where a field is selected on an interface."""
    for one in walk(types, parent, selections):
        yield one.coordinate
        if isinstance(one.parent, CompositeType) and one.parent.is_interface:
            for other in types.values():
                if isinstance(other, CompositeType) and one.parent.name in other.interfaces:
                    yield f"{other.name}.{one.node.name.value}"
