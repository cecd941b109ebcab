"""A condition that everything in a request shares moves to the request: when it does not hold, nothing is sent."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph, Tree
from gateway.planning.passes.widen_inputs import shared_conditions
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selections import Condition


def lift_conditions(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Moves shared conditions of root entries to their steps."""
    del graph
    if fetch_graph.kind == "subscription":
        return False  # there is one stream of events, and it is opened
    for step in fetch_graph.steps.values():
        shared = shared_conditions(step)
        if shared:
            step.conditions = tuple(sorted({*step.conditions, *shared}))
            for tree in step.outputs.values():
                _remove(tree, shared)
    return False


def _remove(tree: Tree, shared: set[Condition]) -> None:
    entries = list(tree.entries.values())
    tree.entries.clear()
    for entry in entries:
        entry.conditions = tuple(one for one in entry.conditions if one not in shared)
        tree.put_back(entry)
