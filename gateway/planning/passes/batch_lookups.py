"""Entity look-ups of one subgraph that can start at the same time are sent as one request.

Flatten(book) → inventory  ∥  Flatten(magazine) → inventory      →   one request with the look-ups _e0 and _e1

Only look-ups under equal conditions: what a variable leaves out must not take a neighbour along. Runs when nothing is merged
any more and each step has its final dependencies; no chain gets longer, since the look-ups of a batch are equally deep.
"""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph, Step
from gateway.query_graph.graph import QueryGraph


def batch_lookups(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Puts steps together; each keeps its place and inputs, and all wait for what each of them waited for."""
    del graph
    depths = fetch_graph.depths()
    groups: dict[object, list[Step]] = {}
    for step in fetch_graph.steps.values():
        if step.inputs and not step.supplies:
            groups.setdefault((step.graph, depths[step.id], step.group, step.conditions), []).append(step)
    leaders = {step.id: steps[0] for steps in groups.values() for step in steps}
    for steps in groups.values():
        waited = set().union(*(step.waits_for for step in steps))
        for step in steps:
            step.batch = steps[0].id
            step.waits_for = waited
    for step in fetch_graph.steps.values():
        step.waits_for = {leaders[before].id if before in leaders else before for before in step.waits_for}
    return False
