"""The field sets that go into join directives: @requires and @provides without what a look-up by key brings anyway."""

from __future__ import annotations

from dataclasses import replace

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.schema.field_sets import leaf_paths, print_selections, selected
from gateway.schema.subgraph import CompositeType, Field, Subgraph, named_type

_Path = tuple[str, ...]


def required_text(owner: CompositeType, field: Field) -> str | None:
    """The text for @join__field(requires:): what every key of the owner contains is known already."""
    return _text(field.requires.selections, _common_key_paths(owner)) if field.requires else None


def provided_text(subgraph: Subgraph, field: Field) -> str | None:
    """The text for @join__field(provides:); an extension's key fields are its own, not provided."""
    if field.provides is None:
        return None
    target = subgraph.composite(named_type(field.type))
    known = _common_key_paths(target) if target is not None and target.extended else frozenset()
    return _text(field.provides.selections, known)


def _text(selections: tuple[SelectionNode, ...], known: frozenset[_Path]) -> str | None:
    kept = _without(selections, known, ())
    return print_selections(kept) if kept else None


def _without_field(field: FieldNode, known: frozenset[_Path], path: _Path) -> list[SelectionNode]:
    if field.selection_set is None:
        return [] if path in known and not field.arguments else [field]
    inner = _without(selected(field), known, path)
    return [replace(field, selection_set=replace(field.selection_set, selections=inner))] if inner else []


def _common_key_paths(owner: CompositeType) -> frozenset[_Path]:
    paths = [leaf_paths(key.fields.selections) for key in owner.keys]
    return frozenset.intersection(*paths) if paths else frozenset()


def _without(selections: tuple[SelectionNode, ...], known: frozenset[_Path], path: _Path) -> tuple[SelectionNode, ...]:
    kept: list[SelectionNode] = []
    for selection in selections:
        match selection:
            case FieldNode():
                kept += _without_field(selection, known, (*path, selection.name.value))
            case InlineFragmentNode():
                kept.append(selection)
    return tuple(kept)
