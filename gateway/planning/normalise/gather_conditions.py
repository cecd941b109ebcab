"""A field that is asked without a condition is asked; conditions of its other mentions move to what they select.

user { id } user @include(if: $a) { name }   →   user { id name @include(if: $a) }
"""

from __future__ import annotations

from dataclasses import replace

from gateway.planning.normalise.operation import Operation, rewrite_sets
from gateway.query_graph.selections import Condition, Conditions, Selection, SelectionSet, make_selection_set


def gather_conditions(operation: Operation) -> Operation:
    """The operation with conditions moved inwards where the field itself is unconditional."""
    return replace(operation, selections=rewrite_sets(operation.selections, _gather))


def _gather(selections: list[Selection]) -> list[Selection]:
    if not any(selection.conditions for selection in selections):
        return selections
    free = {_identity(selection): number for number, selection in enumerate(selections) if not selection.conditions}
    kept: list[Selection | None] = list(selections)
    for number, selection in enumerate(selections):
        home = free.get(_identity(selection))
        if not selection.conditions or home is None:
            continue
        target = kept[home]
        if target is not None and target.children is not None and selection.children is not None:
            moved = _under(selection.children, selection.conditions)
            joined = make_selection_set(target.children.type_name, _gather([*target.children.selections, *moved]))
            kept[home] = target.replaced(children=joined)
        kept[number] = None
    return [selection for selection in kept if selection is not None]


def _identity(selection: Selection) -> tuple[str, str, str, int]:
    return (selection.key, selection.name, selection.arguments.text, selection.types)


def _under(children: SelectionSet, conditions: Conditions) -> list[Selection]:
    found = []
    for child in children.selections:
        joined = {**dict(child.conditions), **dict(conditions)}
        if all(joined[one.variable] is one.value for one in child.conditions):
            ordered = tuple(sorted(Condition(name, value) for name, value in joined.items()))
            found.append(child.replaced(conditions=ordered))
    return found
