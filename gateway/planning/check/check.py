"""The plan checker's one entry: is this plan an answer to this operation?

What comes in: the query graph (its typed supergraph), the client's document, a plan. What goes out: every fault, none for a
sound plan. Nothing of the planner is used but the plan itself.
"""

from __future__ import annotations

from collections.abc import Iterable

from graphql import DocumentNode, OperationDefinitionNode

from gateway.planning.check.delivery import read_deliveries
from gateway.planning.check.demand import Demand
from gateway.planning.check.fault import Fault, FaultKind, Faults
from gateway.planning.check.inputs import Inputs
from gateway.planning.check.needed import Needed
from gateway.planning.check.order import check_order
from gateway.planning.check.requests import check_requests
from gateway.planning.check.resolvable import check_resolvable
from gateway.planning.check.service import Services
from gateway.planning.check.thing import Thing, Things
from gateway.planning.plan import QueryPlan
from gateway.query_graph.graph import QueryGraph


def check_plan(
    graph: QueryGraph,
    document: DocumentNode,
    operation_name: str | None,
    plan: QueryPlan,
    *,
    active_labels: frozenset[str] = frozenset(),
) -> tuple[Fault, ...]:
    """Every fault of `plan` as an answer to an operation of `document`, which is valid against the API schema.

    `active_labels` are the override labels for which the plan was made. Raises KeyError when there is no such operation.
    """
    faults = Faults()
    services = graph.memory.get("check")
    if services is None:
        services = graph.memory["check"] = Services(graph.supergraph)
    operation = _operation(document, operation_name)
    deliveries = read_deliveries(plan, faults)
    check_requests(services, operation, deliveries, faults)
    if faults.all():
        return faults.all()
    things = Things(services, deliveries, graph.supergraph.roots[operation.operation.value])
    needed = Needed()
    demand = Demand(graph.supergraph, document, things, faults, needed)
    demand.check(operation)
    if operation.operation.value == "mutation":
        check_order(things.root, demand.root_keys(operation), deliveries, faults)
    inputs = Inputs(services, things, faults, needed)
    reached: set[int] = set()
    for thing in _all(things):
        for arrival in thing.arrivals:
            reached.add(arrival.delivery.rank)
            inputs.check(thing, arrival)
        needed.see(entry for entries in thing.entries.values() for entry in entries)
        check_resolvable(thing, active_labels, faults)
    for delivery in deliveries:
        if delivery.rank not in reached:
            faults.add(FaultKind.SUPERFLUOUS, delivery.id, "", "it applies to no object")
    needed.check((delivery for delivery in deliveries if delivery.rank in reached), faults)
    return faults.all()


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    for one in operations:
        if name is None or (one.name is not None and one.name.value == name):
            return one
    raise KeyError(name)


def _all(things: Things) -> Iterable[Thing]:
    """Every thing that the whole plan makes."""
    pending, seen = [things.root], {id(things.root)}
    while pending:
        thing = pending.pop()
        yield thing
        for key in thing.entries:
            for child in things.children(thing, key):
                if id(child) not in seen:
                    seen.add(id(child))
                    pending.append(child)
