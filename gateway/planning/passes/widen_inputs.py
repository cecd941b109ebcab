"""What a request needs is asked whenever the request is sent, also when only some of its fields were the reason.

    price @include(if: $a) for estimate @include(if: $a)  +  the same request answers tax, unconditionally   →   price

Runs when nothing is merged any more, from the last requests to the first: what is widened for one may be all that kept another
conditional.
"""

from __future__ import annotations

from gateway.planning.fetch_graph.step import Entry, FetchGraph, Step, Tree
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selections import Condition


def widen_inputs(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Takes off the entries that inputs come from what does not hold for the whole request."""
    del graph
    depths = fetch_graph.depths()
    for step in sorted(fetch_graph.steps.values(), key=lambda one: -depths[one.id]):
        shared = shared_conditions(step)
        for tree, entry in step.needs:
            _widen(tree.now(), entry.now(), shared)
    return False


def shared_conditions(step: Step) -> set[Condition]:
    """The conditions under which everything in a request stands."""
    asked = [set(entry.conditions) for tree in step.outputs.values() for entry in tree.entries.values()]
    return set.intersection(*asked) if asked else set()


def _widen(tree: Tree, entry: Entry, shared: set[Condition]) -> None:
    if shared.issuperset(entry.conditions):
        return
    del tree.entries[entry.types, entry.conditions, entry.key]
    entry.conditions = tuple(one for one in entry.conditions if one in shared)
    tree.put_back(entry)
