"""Choosing for an interface or union: once for all types where that is enough, else type by type."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.planning.choose.alike import Mirror, Situation, situation_of
from gateway.planning.choose.decide import decide, hold
from gateway.planning.choose.total import joined, solution_of
from gateway.planning.walk.context import Context
from gateway.planning.walk.solution import CostItem, Decided, Held, Pick, Solution, is_for_one_type
from gateway.query_graph.graph import FieldMove, Node
from gateway.query_graph.selections import Selection, SelectionSet


def solve_abstract(context: Context, node: Node, wanted: SelectionSet, for_inputs: bool) -> Solution:
    """How `wanted` is answered for objects met at the abstract `node`. Types that cannot be met there ask nothing."""
    picks: list[Pick] = []
    per_type: dict[int, list[Selection]] = {}
    for selection in wanted.selections:
        types = selection.types & node.mask
        if types == 0:
            continue
        if selection.name == "__typename":
            picks.append(Pick(selection, types, None, node, None, None))
            continue
        left = types
        for group, move in _moves_here(context, node, selection.name, types, for_inputs):
            pick = _pick_here(context, node, selection, group, move, for_inputs)
            if pick is not None:
                picks.append(pick)
                left &= ~group
        for bit in _bits(left):
            per_type.setdefault(bit, []).append(selection)
    rest: list[Selection] = []
    below = (pick.child for pick in picks if pick.child is not None)
    shared: frozenset[CostItem] = frozenset((child, child.cost) for child in below if child.cost)
    paid: set[CostItem] = set(shared)
    models: dict[Situation, Decided] = {}
    for bit in sorted(per_type):
        member = node.members[bit]
        held = hold(context, member, member.type_name, bit, shared)
        decided = _decide(context, held, per_type[bit], for_inputs, models)
        picks += [_at(node, pick) for pick in decided.picks]
        rest += [selection.replaced(types=bit) for selection in decided.rest]
        new = decided.held.paid - shared
        paid |= new
        shared |= {item for item in new if not is_for_one_type(item)}
    return solution_of(node, wanted, frozenset(paid), joined(picks), (), rest)


def _decide(
    context: Context, held: Held, asked: list[Selection], for_inputs: bool, models: dict[Situation, Decided]
) -> Decided:
    """Decides for one type, or takes over what was decided for one in the same situation."""
    situation = situation_of(context, held.start, asked)
    model = models.get(situation) if situation is not None else None
    if model is not None:
        return Mirror(context, held).decided(model)
    before = (context.cuts, context.exhausted)
    decided = decide(context, held, asked, for_inputs)
    if situation is not None and before == (context.cuts, context.exhausted):
        models[situation] = decided
    return decided


def _at(node: Node, pick: Pick) -> Pick:
    """Picks where the members start belong to the abstract node, on their types."""
    if pick.holding is not None:
        return pick
    return Pick(pick.selection, pick.types, None, node, pick.move, pick.child)


def _moves_here(context: Context, node: Node, name: str, types: int, for_inputs: bool) -> Iterator[tuple[int, FieldMove]]:
    """The types that answer a field here as it is, grouped by where it leads; one group if the interface itself has it."""
    groups: dict[Node | None, tuple[int, FieldMove]] = {}
    for bit in _bits(types):
        move = node.members[bit].fields.get(name)
        if move is None or move.requires is not None or not context.usable(move, for_inputs):
            continue
        known = groups.get(move.target)
        groups[move.target] = (bit | (known[0] if known else 0), move)
    own = node.fields.get(name)
    answered = sum(group for group, _ in groups.values())
    viewed = any(target is not None and target.view for target in groups)
    if own is not None and answered == types and (len(groups) > 1 and not viewed):
        yield types, own
    else:
        yield from groups.values()


def _pick_here(
    context: Context, node: Node, selection: Selection, types: int, move: FieldMove, for_inputs: bool
) -> Pick | None:
    """A pick for all of `types` at once, when nothing better can be had type by type."""
    if move.target is None or selection.children is None:
        return Pick(selection, types, None, node, move, None)
    child = context.solve(context, move.target, selection.children, for_inputs)
    if child.perfect or (child.rest is None and not _answered_elsewhere(context, node, selection.name, types)):
        return Pick(selection, types, None, node, move, child)
    return None


def _answered_elsewhere(context: Context, node: Node, name: str, types: int) -> bool:
    graph = context.graph
    return any(
        holder.graph != node.graph
        for type_name in graph.supergraph.names(types)
        for holder in graph.holders_of(type_name, name)
    )


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
