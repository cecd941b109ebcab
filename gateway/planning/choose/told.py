"""Choosing for an interface object whose true type a reveal has told, when the subgraph that told it cannot go on.

    interface I @key(fields: "id") { id: ID! }   type A implements I @key(fields: "id") { id: ID! @external  … }

From there nothing is found that has A by `id`. Yet the subgraph of the interface object has the key: with it, and with the type
that was told, an entity jump of A's own is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gateway.planning.walk.context import Context
from gateway.planning.walk.reach import have, make_jump
from gateway.planning.walk.solution import CostItem, Held, Jump, Pick
from gateway.query_graph.selections import NO_ARGUMENTS, Selection, make_selection


def answer_as_told(
    context: Context, held: Held, reveal: Jump, rest: Sequence[Selection], for_inputs: bool
) -> tuple[list[Pick], list[Selection]]:
    """Picks for what is left open after `reveal`, type by type, and what stays open. `held`: before the reveal."""
    picks: list[Pick] = []
    still: list[Selection] = []
    for selection in rest:
        left = selection.types & reveal.target.mask
        for name in context.graph.supergraph.names(left):
            bit = context.graph.supergraph.possible(name)
            own = Held(name, bit, held.start, held.nodes, held.paid)
            ways = list(_ways(context, own, reveal, selection.replaced(types=bit), for_inputs))
            if ways:
                picks.append(min(ways, key=lambda pick: (own.added(items_of(pick)), pick.level, pick.node.number)))
                left &= ~bit
        if left:
            still.append(selection if left == selection.types else selection.replaced(types=left))
    return picks, still


def items_of(pick: Pick) -> frozenset[CostItem]:
    """What a pick costs: its jump, and what is below it."""
    items: frozenset[CostItem] = pick.holding.items if pick.holding is not None else frozenset()
    return items | {(pick.child, pick.child.cost)} if pick.child is not None and pick.child.cost else items


def _ways(context: Context, own: Held, reveal: Jump, selection: Selection, for_inputs: bool) -> Iterator[Pick]:
    """Every pick that answers all of the selection by one jump with a key from before the reveal."""
    for entity_move in context.graph.entity_moves.get(own.type_name, ()):
        node = entity_move.target
        move = node.fields.get(selection.name)
        context.budget.spend_move()
        if entity_move.key is None or move is None or move.requires is not None or not context.usable(move, for_inputs):
            continue
        inputs = have(context, own, own.nodes, entity_move.key)
        if inputs is None:
            continue
        child = None
        if move.target is not None and selection.children is not None:
            child = context.solve(context, move.target, selection.children, for_inputs)
            if child.rest is not None:
                continue
        jump = make_jump(own, entity_move, (_type_told(reveal), *inputs))
        yield Pick(selection, own.mask, jump, node, move, child)


def _type_told(reveal: Jump) -> Pick:
    """The type as an input: a jump that has it waits for the reveal."""
    node = reveal.target
    typename = make_selection("__typename", "__typename", NO_ARGUMENTS, node.mask, (), None)
    return Pick(typename, node.mask, reveal, node, None, None)
