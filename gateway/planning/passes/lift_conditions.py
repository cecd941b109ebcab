"""A condition that everything in a request shares moves to the request: when it does not hold, nothing is sent."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph, Step, Tree
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selections import Condition


def lift_conditions(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Moves shared conditions of root entries to their steps."""
    del graph
    for step in fetch_graph.steps.values():
        shared = _shared(step)
        if shared:
            step.conditions = tuple(sorted({*step.conditions, *shared}))
            for tree in step.outputs.values():
                _remove(tree, shared)
    return False


def _shared(step: Step) -> set[Condition]:
    asked = [set(entry.conditions) for tree in step.outputs.values() for entry in tree.entries.values()]
    return set.intersection(*asked) if asked else set()


def _remove(tree: Tree, shared: set[Condition]) -> None:
    entries = list(tree.entries.values())
    tree.entries.clear()
    for entry in entries:
        entry.conditions = tuple(one for one in entry.conditions if one not in shared)
        known = tree.add(entry)
        if known is not entry and known.child is not None and entry.child is not None:
            known.child.merge(entry.child)
