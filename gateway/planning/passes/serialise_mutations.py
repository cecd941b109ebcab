"""The groups of a mutation's root fields run one after the other, each with all its entity fetches."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph
from gateway.query_graph.graph import QueryGraph


def serialise_mutations(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Makes every step wait for all steps of the group before its own."""
    del graph
    if fetch_graph.kind != "mutation":
        return False
    for step in fetch_graph.steps.values():
        step.waits_for |= {other.id for other in fetch_graph.steps.values() if other.group == step.group - 1}
    return False
