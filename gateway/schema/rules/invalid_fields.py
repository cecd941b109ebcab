"""{KEY,REQUIRES,PROVIDES}_INVALID_FIELDS: the field set must parse and select what the subgraph's types have."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import FieldNode, GraphQLError, InlineFragmentNode, SelectionNode, specified_directives

from gateway.schema.field_sets import selected
from gateway.schema.problems import Problem, problem
from gateway.schema.selections import walk
from gateway.schema.subgraph import CompositeType, Subgraph, UnionType, named_type
from gateway.schema.uses import FieldSetUse, uses

_STANDARD = frozenset(directive.name for directive in specified_directives)


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every field set is well formed and names existing fields, with sub-selections exactly where they are due."""
    for use in uses(subgraph, "key", "requires", "provides"):
        for reason in _reasons(use):
            yield problem(f"{use.code}_INVALID_FIELDS", f"{use.where}: {reason}", use.applied.node)


def _reasons(use: FieldSetUse) -> Iterator[str]:
    parsed = use.parse()
    if isinstance(parsed, GraphQLError):
        yield parsed.message
    elif parsed is not None:
        yield from _fragment_reasons(use, parsed.selections)
        yield from _unknown_directives(use, parsed.selections)
        for one in walk(use.subgraph.types, use.target, parsed.selections):
            yield from _field_reasons(use, one.coordinate, one.node, one.field.type if one.field else None)


def _field_reasons(use: FieldSetUse, coordinate: str, node: FieldNode, output: str | None) -> Iterator[str]:
    owner, name = coordinate.split(".")
    if output is None:
        advice = (
            "the field should either be added to this subgraph or, if it should not be resolved by this subgraph, you need"
            " to add it to this subgraph with @external"
            if use.directive == "key"
            else "if the field is defined in another subgraph, you need to add it to this subgraph with @external"
        )
        yield f'Cannot query field "{name}" on type "{owner}" ({advice}).'
        return
    composite = isinstance(use.subgraph.types.get(named_type(output)), CompositeType | UnionType)
    if composite and not selected(node):
        yield f'Invalid empty selection set for field "{coordinate}" of non-leaf type {output}'
    if not composite and selected(node):
        yield f'field "{coordinate}" of type {output} has no fields to select'


def _fragment_reasons(use: FieldSetUse, selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    for selection in selections:
        match selection:
            case FieldNode():
                yield from _fragment_reasons(use, selected(selection))
            case InlineFragmentNode():
                condition = selection.type_condition
                if condition and not isinstance(use.subgraph.types.get(condition.name.value), CompositeType | UnionType):
                    yield f'Unknown type "{condition.name.value}" in a fragment'
                yield from _fragment_reasons(use, tuple(selection.selection_set.selections))
            case _:
                yield "named fragments cannot be used, since a field set defines none; use an inline fragment"


def _unknown_directives(use: FieldSetUse, selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    for name in directive_names(selections):
        if not is_known_directive(use.subgraph, name):
            yield f'Unknown directive "@{name}"'


def is_known_directive(subgraph: Subgraph, name: str) -> bool:
    """Whether the subgraph has a directive of that name, of its own, of federation, or of GraphQL."""
    return name in subgraph.directives or name in subgraph.names.directives or name in _STANDARD


def directive_names(selections: tuple[SelectionNode, ...]) -> Iterator[str]:
    """The directives applied anywhere in these selections."""
    for selection in selections:
        yield from (directive.name.value for directive in selection.directives or ())
        match selection:
            case FieldNode():
                yield from directive_names(selected(selection))
            case InlineFragmentNode():
                yield from directive_names(tuple(selection.selection_set.selections))
