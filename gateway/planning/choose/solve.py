"""The choosing stage: a selection set at a node → the cheapest solution found.

solve(node, set)      remembered per (node, set), so that what a fragment bomb repeats is solved once
  concrete  one object type: decide
  abstract  what every type answers here is asked once; what needs more is decided type by type
  opaque    an interface object: decide, and reveal the true type for what depends on it
"""

from __future__ import annotations

from gateway.planning.budget import Budget
from gateway.planning.choose.abstract import solve_abstract
from gateway.planning.choose.decide import decide, hold
from gateway.planning.choose.opaque import solve_opaque
from gateway.planning.choose.total import solution_of
from gateway.planning.walk.context import Context
from gateway.planning.walk.solution import Solution
from gateway.query_graph.graph import Labels, Node, NodeKind, QueryGraph
from gateway.query_graph.selections import SelectionSet


def start(graph: QueryGraph, labels: Labels, budget: Budget) -> Context:
    """The state of one run, for the override labels that are active."""
    return Context(graph, labels, solve, decide, budget)


def solve(context: Context, node: Node, wanted: SelectionSet, for_inputs: bool) -> Solution:
    """How `wanted` is answered for objects met at `node`."""
    key = (node, wanted, for_inputs, frozenset(context.active))
    known = context.solved.get(key)
    if known is not None:
        return known
    if (node, wanted) in context.solving:
        context.cuts += 1
        return Solution(node, wanted, (), (), wanted, 0, 0)
    cuts = context.cuts
    context.solving.add((node, wanted))
    try:
        solution = _solve(context, node, wanted, for_inputs)
    finally:
        context.solving.discard((node, wanted))
    if cuts == context.cuts or not (context.solving or context.active):
        context.solved[key] = solution
    return solution


def _solve(context: Context, node: Node, wanted: SelectionSet, for_inputs: bool) -> Solution:
    match node.kind:
        case NodeKind.ABSTRACT:
            return solve_abstract(context, node, wanted, for_inputs)
        case NodeKind.OPAQUE:
            return solve_opaque(context, node, wanted, for_inputs)
        case NodeKind.CONCRETE:
            decided = decide(context, hold(context, node, node.type_name, node.mask), wanted.selections, for_inputs)
            return solution_of(node, wanted, decided.held.paid, decided.picks, (), decided.rest)
