"""The operation as the later stages see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from graphql import VariableDefinitionNode

from gateway.planning.plan import OperationKind
from gateway.query_graph.selections import Selection, SelectionSet, make_selection_set


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, its fragments read into flat selections. `type_name` is the root type's name."""

    kind: OperationKind
    name: str | None
    type_name: str
    selections: SelectionSet
    variables: tuple[VariableDefinitionNode, ...]


Pass = Callable[[Operation], Operation]
"""A normalise pass: what it returns asks for the same answer."""


def rewrite_sets(selection_set: SelectionSet, change: Callable[[list[Selection]], list[Selection]]) -> SelectionSet:
    """Applies `change` to every selection set, innermost first, each shared set once."""
    done: dict[int, SelectionSet] = {}

    def visit(one: SelectionSet) -> SelectionSet:
        known = done.get(id(one))
        if known is None:
            inner = [s if s.children is None else _with_children(s, visit(s.children)) for s in one.selections]
            changed = change(inner)
            same = len(changed) == len(one.selections) and all(a is b for a, b in zip(changed, one.selections, strict=True))
            known = one if same else make_selection_set(one.type_name, changed)
            done[id(one)] = known
        return known

    return visit(selection_set)


def _with_children(selection: Selection, children: SelectionSet) -> Selection:
    return selection if children is selection.children else selection.replaced(children=children)
