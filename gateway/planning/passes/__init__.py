"""Passes over the fetch graph: each leaves the answer as it is and the plan no worse.

`PASSES` run in order, again and again until a whole round changes nothing; `FINAL_PASSES` run once, in order. Each pass is
one file; it says True when it changed something that may let another pass do more.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.planning.budget import Budget
from gateway.planning.fetch_graph.step import FetchGraph
from gateway.planning.passes.alias_conflicts import alias_conflicts
from gateway.planning.passes.batch_lookups import batch_lookups
from gateway.planning.passes.drop_repeats import drop_repeats
from gateway.planning.passes.fold_types import fold_types
from gateway.planning.passes.lift_conditions import lift_conditions
from gateway.planning.passes.merge_siblings import merge_siblings
from gateway.planning.passes.merge_type_places import merge_type_places
from gateway.planning.passes.reduce_dependencies import reduce_dependencies
from gateway.planning.passes.serialise_mutations import serialise_mutations
from gateway.planning.passes.widen_inputs import widen_inputs
from gateway.query_graph.graph import QueryGraph

Pass = Callable[[FetchGraph, QueryGraph], bool]

PASSES: tuple[Pass, ...] = (
    merge_siblings,
    merge_type_places,
)
FINAL_PASSES: tuple[Pass, ...] = (
    widen_inputs,
    drop_repeats,
    fold_types,
    drop_repeats,  # what is asked for all types now may cover what is left for some
    lift_conditions,
    alias_conflicts,  # after everything that moves selections: it looks at each request as it will be sent
    serialise_mutations,
    batch_lookups,  # after the dependencies are all there: look-ups of one depth never wait for each other
    reduce_dependencies,
)


def run_passes(fetch_graph: FetchGraph, graph: QueryGraph, budget: Budget) -> None:
    """Runs every pass; the fetch graph is changed in place. Raises `OperationTooLarge` when that takes too long."""
    while any(one(fetch_graph, graph) for one in PASSES):
        budget.check_time()
    for one in FINAL_PASSES:
        one(fetch_graph, graph)
