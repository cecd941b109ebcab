"""Conditions that hold already because of a field further up need not be looked at again; what contradicts them never is asked.

me @include(if: $a) { id @include(if: $a)  name @skip(if: $a) }   →   me @include(if: $a) { id }
"""

from __future__ import annotations

from dataclasses import replace

from gateway.planning.normalise.operation import Operation
from gateway.query_graph.selections import Condition, Selection, SelectionSet, make_selection_set

Known = frozenset[Condition]


def imply_conditions(operation: Operation) -> Operation:
    """The operation without repeated conditions and without what can never be asked."""
    return replace(operation, selections=_Implier().visit(operation.selections, frozenset()))


class _Implier:
    def __init__(self) -> None:
        self._done: dict[tuple[SelectionSet, Known], SelectionSet] = {}
        self._variables: dict[SelectionSet, frozenset[str]] = {}

    def visit(self, wanted: SelectionSet, known: Known) -> SelectionSet:
        """`wanted` where `known` holds. Each set is visited once per known conditions that matter to it."""
        used = self._used(wanted)
        known = frozenset(one for one in known if one.variable in used)
        if not used:
            return wanted
        done = self._done.get((wanted, known))
        if done is None:
            kept = [one for selection in wanted.selections if (one := self._selection(selection, known)) is not None]
            done = self._done[wanted, known] = make_selection_set(wanted.type_name, kept)
        return done

    def _selection(self, selection: Selection, known: Known) -> Selection | None:
        if any(Condition(one.variable, not one.value) in known for one in selection.conditions):
            return None
        conditions = tuple(one for one in selection.conditions if one not in known)
        if selection.children is None:
            return selection if conditions == selection.conditions else selection.replaced(conditions=conditions)
        children = self.visit(selection.children, known | set(conditions))
        if conditions == selection.conditions and children is selection.children:
            return selection
        return selection.replaced(conditions=conditions, children=children)

    def _used(self, wanted: SelectionSet) -> frozenset[str]:
        """The variables that decide about anything in the set."""
        found = self._variables.get(wanted)
        if found is None:
            own = {one.variable for selection in wanted.selections for one in selection.conditions}
            below = (self._used(selection.children) for selection in wanted.selections if selection.children is not None)
            found = self._variables[wanted] = frozenset(own).union(*below)
        return found
