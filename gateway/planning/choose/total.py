"""Picks added up to a solution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.planning.walk.solution import CostItem, Jump, Pick, Solution
from gateway.query_graph.graph import Node
from gateway.query_graph.selections import Selection, SelectionSet, make_selection_set


def solution_of(
    node: Node,
    wanted: SelectionSet,
    paid: frozenset[CostItem],
    picks: Sequence[Pick],
    reveals: Sequence[tuple[Jump, Solution]],
    rest: Sequence[Selection],
) -> Solution:
    """The solution made of these picks; `paid` is what they cost."""
    depth = max((pick.level for pick in picks), default=0)
    depth = max([depth, *(jump.level + inner.depth for jump, inner in reveals)])
    cost = sum(cost for _, cost in paid)
    left = make_selection_set(wanted.type_name, rest) if rest else None
    return Solution(node, wanted, tuple(picks), tuple(reveals), left, cost, depth)


def joined(picks: Iterable[Pick]) -> list[Pick]:
    """Picks that differ only in the object types become one."""
    groups: dict[tuple[object, ...], Pick] = {}
    for pick in picks:
        target = pick.move.target if pick.move else None
        asked = pick.selection
        key = (
            asked.key,
            asked.name,
            asked.arguments,
            asked.children,
            asked.conditions,
            asked.supplies,
            pick.node,
            target,
            pick.child,
            pick.holding,
        )
        known = groups.get(key)
        if known is not None:
            types = known.types | pick.types
            selection = known.selection if known.selection is pick.selection else known.selection.replaced(types=types)
            groups[key] = Pick(selection, types, known.holding, known.node, known.move, known.child)
        else:
            groups[key] = pick
    return list(groups.values())
