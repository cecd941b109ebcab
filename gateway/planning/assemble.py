"""Fetch graph → plan nodes.

Requests are numbered and laid out in layers by the longest chain that leads to them; each also names what it waits for, so
that it can start before its layer does. Conditions become nodes around the request.
"""

from __future__ import annotations

from gateway.planning.fetch_graph.step import FetchGraph, Step
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import Condition, Fetch, Parallel, PlanNode, QueryPlan, Sequence, Subscription
from gateway.planning.request import make_request
from gateway.planning.vital import find_vital
from gateway.query_graph.graph import QueryGraph


def assemble(fetch_graph: FetchGraph, graph: QueryGraph, operation: Operation) -> QueryPlan:
    """The frozen plan of a fetch graph on which all passes have run."""
    depths = fetch_graph.depths()
    batches: dict[int, list[Step]] = {}
    for step in sorted(fetch_graph.steps.values(), key=lambda step: (depths[step.id], step.id)):
        batches.setdefault(step.batch, []).append(step)
    numbers = {step.id: number for number, steps in enumerate(batches.values()) for step in steps}
    layers: dict[int, list[PlanNode]] = {}
    for steps in batches.values():
        request: PlanNode = make_request(steps, graph, operation, numbers)
        for condition in reversed(steps[0].conditions):
            clauses = (request, None) if condition.value else (None, request)
            request = Condition(condition.variable, *clauses)
        layers.setdefault(depths[steps[0].id], []).append(request)
    node = _sequence([_parallel(nodes) for _, nodes in sorted(layers.items())])
    if operation.kind == "subscription":
        node = _subscription(node)
    return QueryPlan(operation.kind, node, find_vital(graph.supergraph, operation))


def _subscription(node: PlanNode | None) -> PlanNode | None:
    """A subscription has one root field, so that its first node is one fetch."""
    first, *others = node.nodes if isinstance(node, Sequence) else (node,)
    assert isinstance(first, Fetch), "a subscription that was validated asks one root field, unconditionally"
    return Subscription(first, _sequence(others))


def _parallel(nodes: list[PlanNode]) -> PlanNode:
    return nodes[0] if len(nodes) == 1 else Parallel(tuple(nodes))


def _sequence(nodes: list[PlanNode]) -> PlanNode | None:
    if not nodes:
        return None
    return nodes[0] if len(nodes) == 1 else Sequence(tuple(nodes))
