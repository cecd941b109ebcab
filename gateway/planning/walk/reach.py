"""Finding an object again in other subgraphs: the cheapest jumps from what is held to a node.

    reach(held, target)
        one jump, if a key of target can be had at once
        else grow a table of nodes, always adding the cheapest jump whose key can be had from the table,
        until target is in it or nothing can be added

    require(held, node, field)    a jump into node for a field with @requires: first whatever it requires, then the key

A key is *had* when each of its fields is answered at a node of the table. Keys may be composed from several nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gateway.planning.walk.context import Context
from gateway.planning.walk.solution import FETCH, CostItem, Held, Jump, Pick
from gateway.query_graph.graph import EntityMove, FieldMove, Node
from gateway.query_graph.selections import Selection, SelectionSet, make_selection_set

Table = Mapping[Node, Jump | None]


def reach(context: Context, held: Held, target: Node) -> Jump | None:
    """The cheapest jump that ends at `target`, or None. `target` must not be held already."""
    if len(held.nodes) > 1 + bool(held.start.view) or context.active:
        return _reach(context, held, target)
    memory = context.graph.memory
    key = ("reach", held.start, held.type_name, target, context.labels)
    if key not in memory:
        before = (context.cuts, context.exhausted)
        jump = _reach(context, Held(held.type_name, held.mask, held.start, held.nodes, frozenset()), target)
        if (context.cuts, context.exhausted) != before:
            return jump  # found in a circle or out of steps: right here, but not to be remembered
        memory[key] = jump
    found: Jump | None = memory[key]
    return found


def _reach(context: Context, held: Held, target: Node) -> Jump | None:
    moves = context.graph.entity_moves.get(held.type_name, ())
    at_once = cheapest(held, _jumps(context, held, held.nodes, [move for move in moves if move.target is target]))
    if at_once is not None and len(at_once.closure) == 0:
        return at_once
    table: dict[Node, Jump | None] = dict(held.nodes)
    while True:
        jump = cheapest(held, _jumps(context, held, table, [move for move in moves if move.target not in table]))
        if jump is None:
            return None
        table[jump.target] = jump
        if jump.target is target:
            return jump


def _jumps(context: Context, held: Held, table: Table, moves: Iterable[EntityMove]) -> list[Jump]:
    found = []
    for move in moves:
        inputs = have(context, held, table, move.key) if move.key is not None else ()
        if inputs is not None:
            found.append(make_jump(held, move, inputs))
    return found


def cheapest(held: Held, jumps: Iterable[Jump]) -> Jump | None:
    """The jump that adds least to what is paid; the earlier one, then the first subgraph, on a tie."""
    return min(jumps, key=lambda jump: (held.added(jump.items), jump.level, jump.target.number, len(jump.inputs)), default=None)


def make_jump(held: Held, move: EntityMove, inputs: tuple[Pick, ...], field: FieldMove | None = None) -> Jump:
    """A jump with what it costs and what must come before."""
    before: dict[Jump, None] = {}
    items: set[CostItem] = set()
    level = 1
    for pick in inputs:
        level = max(level, 1 + pick.level)
        if pick.holding is not None:
            before.update(dict.fromkeys(pick.holding.chain()))
            items |= pick.holding.items
        if pick.child is not None and pick.child.cost:
            items.add((pick.child, pick.child.cost))
    items.add(((move.target.graph, level), FETCH + level))
    items.add(((move.target.graph, level, held.type_name), 1))  # of two equal fetches, the one for fewer types
    return Jump(move, held.type_name, held.mask, inputs, level, tuple(before), frozenset(items), field)


def have(context: Context, held: Held, table: Table, wanted: SelectionSet) -> tuple[Pick, ...] | None:
    """Picks for all of `wanted` at the nodes of `table`; None when something is missing."""
    picks: list[Pick] = []
    for selection in wanted.selections:
        if selection.types & held.mask == 0 or selection.name == "__typename":
            continue
        found = _have_one(context, held, table, selection)
        if found is None:
            return None
        picks += found
    return tuple(picks)


def _have_one(context: Context, held: Held, table: Table, selection: Selection) -> list[Pick] | None:
    """One selection, perhaps in parts: what one node does not know of an object inside, another may."""
    picks: list[Pick] = []
    while True:
        candidates = list(_candidates(context, held, table, selection))
        if not candidates:
            return None
        best = min(candidates, key=lambda pick: _rank(held, pick))
        rest = best.child.rest if best.child else None
        if rest is not None and selection.children is not None and rest.size >= selection.children.size:
            return None
        picks.append(best)
        if rest is None:
            return picks
        selection = selection.replaced(children=make_selection_set(rest.type_name, rest.selections))


def _rank(held: Held, pick: Pick) -> tuple[int, int, int, int]:
    child = pick.child
    own = held.added(pick.holding.items) if pick.holding else 0
    return (child.rest_size if child else 0, own + (child.cost if child else 0), pick.level, pick.node.number)


def _candidates(context: Context, held: Held, table: Table, selection: Selection) -> Iterable[Pick]:
    plain = False
    for node, jump in table.items():
        move = node.fields.get(selection.name)
        if move is None or move.requires is not None or not context.usable(move, True):
            continue
        plain = True
        yield make_pick(context, held, selection, jump, node, move, for_inputs=True)
    if plain:
        return
    for node in list(table):
        move = node.fields.get(selection.name)
        if move is not None and move.requires is not None and context.usable(move, True):
            jump = require(context, Held(held.type_name, held.mask, held.start, dict(table), held.paid), node, move)
            if jump is not None:
                yield make_pick(context, held, selection, jump, jump.target, move, for_inputs=True)


def make_pick(
    context: Context, held: Held, selection: Selection, jump: Jump | None, node: Node, move: FieldMove, *, for_inputs: bool
) -> Pick:
    """A pick of `selection` at `node`, its children solved from the field's target."""
    child = None
    if move.target is not None and selection.children is not None:
        child = context.solve(context, move.target, selection.children, for_inputs)
    return Pick(selection, held.mask & selection.types, jump, node, move, child)


def require(context: Context, held: Held, node: Node, move: FieldMove) -> Jump | None:
    """The jump into `node` that brings what the field `move` requires; None when that cannot be had."""
    if move in context.active:
        context.cuts += 1
        return None
    context.active.add(move)
    try:
        return _require(context, held, node, move)
    finally:
        context.active.discard(move)


def _require(context: Context, held: Held, node: Node, move: FieldMove) -> Jump | None:
    assert move.requires is not None
    gathered = gather(context, held, move.requires)
    if gathered is None:
        return None
    enough, required = gathered
    base = context.graph.at.get((node.type_name, node.graph), node)
    found = []
    for entity_move in context.graph.entity_moves.get(held.type_name, ()):
        if entity_move.target is not base or entity_move.key is None:
            continue
        key = have(context, enough, enough.nodes, entity_move.key)
        if key is None:
            wider = gather(context, enough, entity_move.key)
            key = wider[1] if wider else None
        if key is not None:
            found.append(make_jump(held, entity_move, (*key, *required), move))
    return cheapest(held, found)


def gather(context: Context, held: Held, wanted: SelectionSet) -> tuple[Held, tuple[Pick, ...]] | None:
    """Picks for all of `wanted`, jumping wherever needed, and what is held then."""
    decision = context.decide(context, held, wanted.selections, True)
    return None if decision.rest else (decision.held, decision.picks)
