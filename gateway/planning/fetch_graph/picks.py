"""What the picks of one solution have in common: who needs a jump, under which conditions, and which differ in type only."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.planning.walk.solution import Jump, Pick, Solution
from gateway.query_graph.graph import NodeKind
from gateway.query_graph.selections import Conditions


def alike(picks: Sequence[Pick]) -> list[list[Pick]]:
    """Picks in groups that differ only in the object type: each type is looked up in the same subgraph, at the same time.

    A wide interface whose members' fields are in other subgraphs would else be walked once per type, at every level.
    """
    groups: dict[object, list[Pick]] = {}
    for pick in picks:
        asked, jump, move = pick.selection, pick.holding, pick.move
        key: object = pick
        is_plain = jump is not None and jump.field is None and bool(jump.inputs) and jump.target.kind is NodeKind.CONCRETE
        if pick.child is not None and jump is not None and move is not None and is_plain:
            where = (jump.target.graph, jump.level, move.target, move.list_depth)
            key = (asked.key, asked.name, asked.arguments, asked.conditions, pick.child, where)
        groups.setdefault(key, []).append(pick)
    return list(groups.values())


def users_of(solution: Solution, extra: Conditions) -> dict[Jump, Conditions]:
    """Jump → the conditions that all who need it share."""
    found: dict[Jump, Conditions] = {}

    def note(jump: Jump, conditions: Conditions) -> None:
        for one in jump.chain():
            known = found.get(one)
            found[one] = conditions if known is None else tuple(c for c in known if c in conditions)

    for pick in solution.picks:
        if pick.holding is not None:
            note(pick.holding, all_of(pick.selection.conditions, extra))
    for jump, inner in solution.reveals:
        shared = [all_of(pick.selection.conditions, extra) for pick in inner.picks]
        note(jump, tuple(c for c in shared[0] if all(c in other for other in shared)) if shared else extra)
    return found


def all_of(first: Conditions, second: Conditions) -> Conditions:
    """Both conditions."""
    if not second:
        return first
    return first if not first and not second else tuple(sorted({*first, *second}))
