"""The ways in which one selection on one object can be answered."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.planning.walk.context import Context
from gateway.planning.walk.reach import reach, require
from gateway.planning.walk.solution import CostItem, Held, Jump, Pick, Solution
from gateway.query_graph.graph import FieldMove, Node
from gateway.query_graph.selections import Selection

Ways = dict[tuple[Node, ...], list[Node]]
"""The nodes that have a leaf → those where it can be asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Option:
    """Ask the field at `node`; `child` solves what is selected on it."""

    node: Node
    move: FieldMove
    child: Solution | None

    @property
    def rest_size(self) -> int:
        return self.child.rest_size if self.child else 0


def find_options(context: Context, held: Held, selection: Selection, for_inputs: bool) -> list[Option]:
    """Every node that answers the selection and can be reached from what is held."""
    found: list[Option] = []
    nodes = dict.fromkeys(held.nodes)
    nodes.update(dict.fromkeys(context.graph.holders_of(held.type_name, selection.name)))
    for node in nodes:
        move = node.fields.get(selection.name)
        context.budget.spend_move()
        if move is None or not context.usable(move, for_inputs) or (node.view == "" and _viewed(held, node)):
            continue
        if node not in held.nodes and move.requires is None and reach(context, held, node) is None:
            continue
        child = None
        if move.target is not None and selection.children is not None:
            child = context.solve(context, move.target, selection.children, for_inputs)
        found.append(Option(node, move, child))
    return found


def find_leaf_options(context: Context, held: Held, leaf: Selection, for_inputs: bool, found: Ways) -> list[Option]:
    """`find_options` for a leaf that is not answered at hand; `found` are the ways to other leaves of the same object."""
    holders = _plain_holders(context, held.type_name, leaf.name, for_inputs)
    if not holders or any(leaf.name in node.fields for node in held.nodes):
        return find_options(context, held, leaf, for_inputs)
    nodes = found.get(holders)
    if nodes is None:
        nodes = found[holders] = [option.node for option in find_options(context, held, leaf, for_inputs)]
    context.budget.spend_move()
    return [Option(node, node.fields[leaf.name], None) for node in nodes]


def _plain_holders(context: Context, type_name: str, name: str, for_inputs: bool) -> tuple[Node, ...]:
    """The nodes that have a field, when none of them needs anything but a key for it; else nothing."""
    key = (type_name, name, for_inputs)
    known = context.plain.get(key)
    if known is None:
        holders = context.graph.holders_of(type_name, name)
        moves = [node.fields[name] for node in holders]
        is_plain = all(move.requires is None and context.usable(move, for_inputs) for move in moves)
        known = context.plain[key] = holders if is_plain else ()
    return known


def _viewed(held: Held, node: Node) -> bool:
    """True when the start is a view of `node`: what the node answers, the view does."""
    start = held.start
    return bool(start.view) and start.graph == node.graph and start.type_name == node.type_name


def take(context: Context, held: Held, selection: Selection, option: Option) -> tuple[Held, Pick, int] | None:
    """What is held after taking an option, the pick, and what it adds to the cost; None when it cannot be taken."""
    jump: Jump | None
    if option.move.requires is not None:
        jump = require(context, held, option.node, option.move)
        if jump is None:
            return None
    elif option.node in held.nodes:
        jump = held.nodes[option.node]
    else:
        jump = reach(context, held, option.node)
        if jump is None:
            return None
    items: frozenset[CostItem] = jump.items if jump else frozenset()
    if option.child is not None and option.child.cost:
        items |= {(option.child, option.child.cost)}
    added = held.added(items)
    node = jump.target if jump else option.node
    pick = Pick(selection, held.mask & selection.types, jump, node, option.move, option.child)
    after = held if jump is None else held.with_jump(jump)
    return after.with_paid(items), pick, added
