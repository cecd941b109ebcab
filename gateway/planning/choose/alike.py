"""Types of an interface whose situation is the same are decided once, and the decision is carried over to the others.

The situation of a type, for the fields that are asked: the subgraphs that have them and where they lead, and the keys by which
its objects are found. What one type answers with jumps, another in the same situation answers with the same jumps of its own;
sharing what the first has paid, it has nothing better to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.planning.walk.context import Context
from gateway.planning.walk.reach import make_jump
from gateway.planning.walk.solution import CostItem, Decided, Held, Jump, Pick
from gateway.query_graph.graph import FieldMove, Node, NodeKind
from gateway.query_graph.selections import Selection

Situation = tuple[int, tuple[Selection, ...]]


def situation_of(context: Context, start: Node, asked: Sequence[Selection]) -> Situation | None:
    """What must be equal for two types, met at one abstract node, to be decided alike; None: decide it by itself."""
    if start is not context.graph.at.get((start.type_name, start.graph)) or start.kind is not NodeKind.CONCRETE:
        return None
    key = (start.type_name, frozenset(one.name for one in asked))
    if key not in context.situations:
        told = _told(context, *key)
        context.situations[key] = None if told is None else context.numbers.setdefault(told, len(context.numbers))
    number = context.situations[key]
    return None if number is None else (number, tuple(asked))


def _told(context: Context, type_name: str, names: frozenset[str]) -> tuple[object, ...] | None:
    """The situation of a type in full; None where `@requires`, contexts, views or interface objects play a part."""
    graph = context.graph
    moves = graph.entity_moves.get(type_name, ())
    in_keys = {one.name for move in moves if move.key is not None for one in move.key.selections}
    if any(move.target.type_name != type_name for move in moves):
        return None
    told: list[object] = [(move.target.graph, move.key_text) for move in moves]
    for name in sorted(names | in_keys):
        for holder in graph.holders_of(type_name, name):
            move = holder.fields[name]
            if holder is not graph.at.get((type_name, holder.graph)) or move.requires is not None or move.contexts:
                return None
            told.append((name, holder.graph, move.target, move.list_depth, move.label, move.for_inputs))
    return tuple(told)


class Mirror:
    """Carries a decision over to the type of `held`."""

    def __init__(self, context: Context, held: Held) -> None:
        self._graph = context.graph
        self._held = held
        self._jumps: dict[Jump, Jump] = {}

    def decided(self, model: Decided) -> Decided:
        """What was decided for another type, as the decision for this one."""
        picks = tuple(self._pick(pick, pick.selection) for pick in model.picks)
        items: set[CostItem] = set()
        for pick in picks:
            if pick.holding is not None:
                items |= pick.holding.items
            if pick.child is not None and pick.child.cost:
                items.add((pick.child, pick.child.cost))
        return Decided(self._held.with_paid(frozenset(items)), picks, model.rest)

    def _pick(self, pick: Pick, selection: Selection) -> Pick:
        holding = None if pick.holding is None else self._jump(pick.holding)
        node = self._graph.at[self._held.type_name, pick.node.graph]
        return Pick(selection, self._held.mask, holding, node, _same(node, pick.move), pick.child)

    def _jump(self, jump: Jump) -> Jump:
        known = self._jumps.get(jump)
        if known is None:
            number = self._graph.entity_moves[jump.type_name].index(jump.move)
            move = self._graph.entity_moves[self._held.type_name][number]
            inputs = tuple(self._pick(one, one.selection.replaced(types=self._held.mask)) for one in jump.inputs)
            known = self._jumps[jump] = make_jump(self._held, move, inputs)
        return known


def _same(node: Node, move: FieldMove | None) -> FieldMove | None:
    return None if move is None else node.fields[move.name]
