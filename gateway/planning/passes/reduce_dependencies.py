"""A step does not name what it waits for through another step anyway."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph
from gateway.query_graph.graph import QueryGraph


def reduce_dependencies(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Drops implied dependencies; True is never answered, since no other pass depends on them."""
    del graph
    for step in fetch_graph.steps.values():
        implied = {before for one in step.waits_for for before in fetch_graph.ancestors(one)}
        step.waits_for -= implied
    return False
