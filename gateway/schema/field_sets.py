"""Field sets: the selections inside @key, @requires and @provides, and behind the name of a context.

In: the text of a `fields` argument. Out: a `FieldSet` with its parsed selections, or the parser's complaint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphql import (
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
    print_ast,
    strip_ignored_characters,
)

_CONTEXT = re.compile(r"^\s*\$([A-Za-z_]\w*)\s*(.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldSet:
    """A selection of fields on a type that the context names, such as `id organization { id }`.

    `text` is as the author wrote it, perhaps with outer braces; `selections` are what it parses to.
    """

    text: str
    selections: tuple[SelectionNode, ...]


def parse_field_set(text: str) -> FieldSet:
    """Parse a field set, with or without outer braces.

    Raises GraphQLError when it is not a selection set.
    """
    braced = text if text.strip().startswith("{") else f"{{ {text} }}"
    document = parse(braced, no_location=True, allow_empty_selection_sets=False)
    operation = document.definitions[0]
    if len(document.definitions) != 1 or not isinstance(operation, OperationDefinitionNode):
        raise GraphQLError("Syntax Error: expected one selection of fields.")
    return FieldSet(text, tuple(operation.selection_set.selections))


def split_context(text: str) -> tuple[str, str] | None:
    """`$user { name }` → ("user", "{ name }"); None when it does not name a context."""
    found = _CONTEXT.match(text)
    return (found[1], found[2].strip()) if found else None


def print_selections(selections: tuple[SelectionNode, ...]) -> str:
    """The shortest text of these selections, without outer braces: `id organization{id}`."""
    printed = strip_ignored_characters(print_ast(SelectionSetNode(selections=selections)))
    return printed[1:-1]


def leaf_paths(selections: tuple[SelectionNode, ...], path: tuple[str, ...] = ()) -> frozenset[tuple[str, ...]]:
    """The paths of all leaves; fragments count as their contents."""
    found: set[tuple[str, ...]] = set()
    for selection in selections:
        match selection:
            case FieldNode():
                here = (*path, selection.name.value)
                inner = selected(selection)
                found |= leaf_paths(inner, here) if inner else {here}
            case InlineFragmentNode():
                found |= leaf_paths(selection.selection_set.selections, path)
    return frozenset(found)


def selected(field: FieldNode) -> tuple[SelectionNode, ...]:
    """The field's own selections; empty for a leaf."""
    return tuple(field.selection_set.selections) if field.selection_set else ()
