"""CONTEXT_NAME_INVALID, CONTEXT_NAME_CONTAINS_UNDERSCORE, CONTEXT_NOT_SET, CONTEXT_INVALID_SELECTION, NO_CONTEXT_IN_SELECTION,
NO_SELECTION_FOR_CONTEXT, CONTEXT_NO_RESOLVABLE_KEY: contexts are set before they are read, and what is read exists there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graphql import GraphQLError

from gateway.schema.field_sets import FieldSet, parse_field_set, split_context
from gateway.schema.problems import Problem, problem
from gateway.schema.selections import walk
from gateway.schema.subgraph import CompositeType, Field, InputValue, Subgraph, Type, UnionType

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Check every @context and @fromContext."""
    holders: dict[str, list[Type]] = {}
    for one in subgraph.types.values():
        if isinstance(one, CompositeType | UnionType):
            for name in one.contexts:
                holders.setdefault(name, []).append(one)
                yield from _check_name(one, name)
    for owner in subgraph.composites():
        for field in owner.fields.values():
            for argument in field.arguments.values():
                if argument.context is not None:
                    yield from _check_reading(subgraph, holders, owner, field, argument)


def _check_name(one: Type, name: str) -> Iterator[Problem]:
    if "_" in name:
        message = f'Context name "{name}" may not contain an underscore.'
        yield problem("CONTEXT_NAME_CONTAINS_UNDERSCORE", message, one.node)
    elif not _NAME.fullmatch(name):
        message = f'Context name "{name}" is invalid. It should have only alphanumeric characters and start with a letter.'
        yield problem("CONTEXT_NAME_INVALID", message, one.node)


def _check_reading(
    subgraph: Subgraph, holders: dict[str, list[Type]], owner: CompositeType, field: Field, argument: InputValue
) -> Iterator[Problem]:
    coordinate = f"{owner.name}.{field.name}({argument.name}:)"
    parts = split_context(argument.context or "")
    if parts is None:
        message = f'@fromContext argument does not reference a context "{argument.context}" (on "{coordinate}")'
        yield problem("NO_CONTEXT_IN_SELECTION", message, argument.node)
        return
    name, selection = parts
    if name not in holders:
        message = f'Context "{name}" is used in "{coordinate}" but is never set.'
        yield problem("CONTEXT_NOT_SET", message, argument.node)
        return
    if not selection:
        message = f'Context "{name}" is used in "{coordinate}" but has no selection'
        yield problem("NO_SELECTION_FOR_CONTEXT", message, argument.node)
        return
    if not any(key.resolvable for key in owner.keys):
        message = f'Object "{owner.name}" has no resolvable key but has a field with a contextual argument.'
        yield problem("CONTEXT_NO_RESOLVABLE_KEY", message, argument.node)
    place = f'Context "{name}" is used in "{coordinate}" but the selection is invalid'
    for reason in _selection_faults(subgraph, holders[name], selection):
        yield problem("CONTEXT_INVALID_SELECTION", f"{place}: {reason}", argument.node)


def _selection_faults(subgraph: Subgraph, holders: list[Type], text: str) -> Iterator[str]:
    try:
        selection: FieldSet = parse_field_set(text)
    except GraphQLError as error:
        yield error.message
        return
    # A selection by fragments speaks to each holder in turn; any other must hold for all of them.
    for holder in holders:
        for one in walk(subgraph.types, holder.name, selection.selections):
            if one.field is None:
                yield f'no field "{one.node.name.value}" on type "{one.parent.name}"'
            if one.node.alias is not None:
                yield "aliases cannot be used"
