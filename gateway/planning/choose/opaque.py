"""Choosing for an interface object: its subgraph sees one type and cannot say which implementation an object is.

What holds for every implementation is answered here or in other subgraphs that see the interface object. Everything else
(`__typename`, selections for some types, fields that only implementations have) waits for a reveal: an entity jump to a
subgraph that has the interface itself. What that one does not answer either is asked by the key we have here (`told.py`).
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.planning.choose.decide import decide, hold
from gateway.planning.choose.told import answer_as_told, items_of
from gateway.planning.choose.total import joined, solution_of
from gateway.planning.walk.context import Context
from gateway.planning.walk.reach import gather, have, make_jump
from gateway.planning.walk.solution import Decided, Held, Jump, Solution
from gateway.query_graph.graph import Node, NodeKind
from gateway.query_graph.selections import Selection, SelectionSet, make_selection_set


def solve_opaque(context: Context, node: Node, wanted: SelectionSet, for_inputs: bool) -> Solution:
    """How `wanted` is answered for interface objects met at `node`."""
    held = hold(context, node, node.type_name, node.mask)
    local = [selection for selection in wanted.selections if _same_for_all(node, selection)]
    decided = decide(context, held, local, for_inputs)
    open_ones = set(decided.rest)
    hidden = [one for one in wanted.selections if one.types & node.mask and (not _same_for_all(node, one) or one in open_ones)]
    hidden += [one for one in decided.rest if one not in hidden]
    if not hidden:
        return solution_of(node, wanted, decided.held.paid, decided.picks, (), ())
    plain = _with_reveal(context, node, wanted, decided, hidden, for_inputs)
    far = {pick.selection for pick in decided.picks if pick.holding is not None}
    if not far:
        return plain
    near = decide(context, held, [one for one in local if one not in far and one not in open_ones], for_inputs)
    moved = [one for one in wanted.selections if one in far or one in hidden]
    other = _with_reveal(context, node, wanted, near, moved, for_inputs)
    return min(plain, other, key=lambda solution: (solution.rest_size, solution.cost))


def _same_for_all(node: Node, selection: Selection) -> bool:
    return selection.types & node.mask == node.mask and selection.name != "__typename"


def _with_reveal(
    context: Context, node: Node, wanted: SelectionSet, decided: Decided, hidden: Sequence[Selection], for_inputs: bool
) -> Solution:
    inner = make_selection_set(wanted.type_name, hidden)
    best = solution_of(node, wanted, decided.held.paid, decided.picks, (), hidden)
    for jump in _reveal_jumps(context, decided.held):
        solved = context.solve(context, jump.target, inner, for_inputs)
        paid = decided.held.paid | jump.items | ({(solved, solved.cost)} if solved.cost else frozenset())
        told, rest = answer_as_told(context, decided.held, jump, solved.rest.selections if solved.rest else (), for_inputs)
        paid = paid.union(*map(items_of, told))
        found = solution_of(node, wanted, paid, (*decided.picks, *joined(told)), ((jump, solved),), rest)
        if best.rest_size > found.rest_size or (best.rest_size == found.rest_size and best.cost > found.cost):
            best = found
    return best


def _reveal_jumps(context: Context, held: Held) -> list[Jump]:
    found: list[Jump] = []
    for move in context.graph.reveals.get(held.type_name, ()):
        if move.key is None or move.target.kind is not NodeKind.ABSTRACT:
            continue
        inputs = have(context, held, held.nodes, move.key)
        if inputs is None:
            gathered = gather(context, held, move.key)
            inputs = gathered[1] if gathered else None
        if inputs is not None:
            found.append(make_jump(held, move, inputs))
    return found
