"""Planning, one stage after the other, each with what it leaves behind.

In: a graph, a document, override labels. Out: the operation after each normalise pass, the walk's solutions, the fetch graph
before and after each pass. `gateway.planning.plan` does the same in one call and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graphql import DocumentNode

from gateway.planning.budget import Budget
from gateway.planning.choose.solve import solve, start
from gateway.planning.fetch_graph.build import build_fetch_graph
from gateway.planning.fetch_graph.step import FetchGraph
from gateway.planning.normalise import PASSES as NORMALISE_PASSES
from gateway.planning.normalise import normalise
from gateway.planning.normalise.operation import Operation
from gateway.planning.normalise.read_operation import read_operation
from gateway.planning.normalise.supply_contexts import supply_contexts
from gateway.planning.passes import FINAL_PASSES, PASSES
from gateway.planning.walk.context import Context
from gateway.planning.walk.solution import Solution
from gateway.query_graph import QueryGraph
from gateway.query_graph.selections import SelectionSet, make_selection_set


@dataclass(frozen=True, slots=True)
class Walked:
    """What the walk found for an operation: a query is solved whole, a mutation field by field."""

    context: Context
    operation: Operation
    solutions: tuple[Solution, ...]


def normalise_passes(graph: QueryGraph, document: DocumentNode, name: str | None) -> Iterator[tuple[str, Operation]]:
    """The operation as it was read, and after each pass, with the pass's name."""
    operation = read_operation(graph.supergraph, document, name)
    yield "read_operation", operation
    for one in NORMALISE_PASSES:
        operation = one(operation)
        yield one.__name__, operation
    yield supply_contexts.__name__, supply_contexts(graph.supergraph, operation)


def walk(graph: QueryGraph, document: DocumentNode, name: str | None, labels: frozenset[str]) -> Walked:
    """The solutions that are chosen. What cannot be answered stays in their `rest`; nothing is raised for it."""
    operation = normalise(graph.supergraph, document, name)
    context = start(graph, labels, Budget())
    root = graph.roots[operation.kind]
    return Walked(context, operation, tuple(solve(context, root, part, False) for part in parts_of(operation)))


def parts_of(operation: Operation) -> Iterator[SelectionSet]:
    """What is solved as one."""
    if operation.kind != "mutation":
        yield operation.selections
        return
    for selection in operation.selections.selections:
        yield make_selection_set(operation.type_name, (selection,))


def fetch_graph_passes(
    graph: QueryGraph, walked: Walked, show: Callable[[FetchGraph], object]
) -> Iterator[tuple[str, object, bool]]:
    """(what was done, how `show` sees the fetch graph then, whether that changed): as built, and after each pass."""
    fetch_graph = build_fetch_graph(graph, walked.operation, walked.solutions, walked.context.budget)
    shown = show(fetch_graph)
    yield "as built", shown, True
    again = True
    while again:
        again = False
        for one in PASSES:
            again = one(fetch_graph, graph)
            before, shown = shown, show(fetch_graph)
            yield one.__name__, shown, shown != before
            if again:
                break
    for one in FINAL_PASSES:
        one(fetch_graph, graph)
        before, shown = shown, show(fetch_graph)
        yield one.__name__, shown, shown != before
