"""Choosing, for one object whose type is known: which node answers which selection, at the least cost.

first    what is answered where we are, without another fetch
then     the rest by search over the options (greedy, then branch and bound)
again    for what a chosen option leaves open (a part of a selection that only another subgraph answers)
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.planning.choose.search import Decision, search
from gateway.planning.walk.context import Context
from gateway.planning.walk.options import Option, Ways, find_leaf_options, find_options
from gateway.planning.walk.solution import CostItem, Decided, Held, Pick
from gateway.query_graph.graph import Node, NodeKind
from gateway.query_graph.selections import Selection, make_selection_set


def hold(context: Context, node: Node, type_name: str, mask: int, paid: frozenset[CostItem] = frozenset()) -> Held:
    """An object met at `node`, nothing else known of it."""
    nodes: dict[Node, None] = {node: None}
    if node.view:
        nodes[context.graph.at[node.type_name, node.graph]] = None
    return Held(type_name, mask, node, dict(nodes), paid)


def decide(context: Context, held: Held, selections: Iterable[Selection], for_inputs: bool) -> Decided:
    """Answers `selections` on one object."""
    picks: list[Pick] = []
    undecided: list[tuple[Selection, frozenset[Node]]] = []
    for selection in selections:
        if selection.types & held.mask == 0:
            continue
        pick = _answer_here(context, held, selection, for_inputs)
        if pick is not None:
            picks.append(pick)
        else:
            undecided.append((selection, frozenset()))
    rest: list[Selection] = []
    while undecided:
        held, undecided = _round(context, held, undecided, picks, rest, for_inputs)
    return Decided(held, tuple(picks), tuple(rest))


def _answer_here(context: Context, held: Held, selection: Selection, for_inputs: bool) -> Pick | None:
    types = held.mask & selection.types
    if selection.name == "__typename":
        jump = next((jump for node, jump in held.nodes.items() if node.kind is not NodeKind.OPAQUE), None)
        return Pick(selection, types, jump, jump.target if jump else held.start, None, None)
    for node, jump in held.nodes.items():
        move = node.fields.get(selection.name)
        if move is None or move.requires is not None or not context.usable(move, for_inputs):
            continue
        if move.target is None or selection.children is None:
            return Pick(selection, types, jump, node, move, None)
        child = context.solve(context, move.target, selection.children, for_inputs)
        if child.perfect:
            return Pick(selection, types, jump, node, move, child)
    return None


def _round(
    context: Context,
    held: Held,
    undecided: list[tuple[Selection, frozenset[Node]]],
    picks: list[Pick],
    rest: list[Selection],
    for_inputs: bool,
) -> tuple[Held, list[tuple[Selection, frozenset[Node]]]]:
    decisions: list[Decision] = []
    tried: dict[Selection, frozenset[Node]] = {}
    ways: Ways = {}
    for selection, excluded in undecided:
        if selection.children is None:
            found_options = find_leaf_options(context, held, selection, for_inputs, ways)
        else:
            found_options = find_options(context, held, selection, for_inputs)
        options = _useful(held, selection, excluded, found_options)
        if options:
            decisions.append(Decision(selection, tuple(options)))
            tried[selection] = excluded
        else:
            rest.append(selection)
    chosen = search(context, held, decisions)
    if chosen is None:
        rest += [decision.selection for decision in decisions]
        return held, []
    after, found = chosen
    picks += found
    again = []
    for pick in found:
        left = pick.child.rest if pick.child else None
        if left is not None:
            part = pick.selection.replaced(children=make_selection_set(left.type_name, left.selections))
            again.append((part, tried[pick.selection] | {pick.node}))
    return after, again


def _useful(held: Held, selection: Selection, excluded: frozenset[Node], options: list[Option]) -> list[Option]:
    """The options that leave the least open; none if all leave everything open.

    One that takes another fetch, and then costs no less below than one that is at hand, is never better.
    """
    if selection.children is None:
        near = [option for option in options if option.node in held.nodes]
        return near if any(option.move.requires is None for option in near) else options
    options = [option for option in options if option.node not in excluded]
    least = min((option.rest_size for option in options), default=0)
    if selection.children.size and least >= selection.children.size:
        return []
    options = [option for option in options if option.rest_size == least]
    at_hand = (_cost_below(option) for option in options if option.node in held.nodes and option.move.requires is None)
    limit = min(at_hand, default=None)
    if limit is None:
        return options
    return [option for option in options if option.node in held.nodes or _cost_below(option) < limit]


def _cost_below(option: Option) -> int:
    return option.child.cost if option.child is not None else 0
