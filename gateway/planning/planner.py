"""The planning stage: an operation becomes a plan in five calls.

normalise → solve (walk and choose) → build_fetch_graph → run_passes → assemble
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DocumentNode

from gateway.planning.assemble import assemble
from gateway.planning.budget import Budget
from gateway.planning.choose.solve import solve, start
from gateway.planning.errors import OperationTooDeep, UnreachableField
from gateway.planning.fetch_graph.build import build_fetch_graph
from gateway.planning.normalise import normalise
from gateway.planning.normalise.operation import Operation
from gateway.planning.passes import run_passes
from gateway.planning.plan import QueryPlan
from gateway.planning.walk.solution import Solution
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selections import Selection, SelectionSet, make_selection_set


def plan(
    graph: QueryGraph,
    document: DocumentNode,
    operation_name: str | None = None,
    *,
    active_labels: frozenset[str] = frozenset(),
    budget: Budget | None = None,
) -> QueryPlan:
    """The plan for one operation of a document that is valid against the API schema.

    `active_labels` are the labels of progressive overrides that are on for this request; a plan holds for these labels only.
    `budget` bounds the work.
    Raises `UnknownOperation`, `OperationTooLarge`, `OperationTooDeep` (client errors), `UnreachableField`.
    """
    try:
        left = Budget() if budget is None else budget
        operation = normalise(graph.supergraph, document, operation_name)
        solutions = list(_solve(graph, operation, active_labels, left))
        fetch_graph = build_fetch_graph(graph, operation, solutions, left)
        run_passes(fetch_graph, graph, left)
        return assemble(fetch_graph, graph, operation)
    except RecursionError as error:
        raise OperationTooDeep("This operation is nested too deep to be planned. Ask for fewer levels.") from error


def _solve(graph: QueryGraph, operation: Operation, active_labels: frozenset[str], budget: Budget) -> Iterator[Solution]:
    labels = active_labels & set(graph.labels)
    context = start(graph, frozenset(labels), budget)
    for part in _parts(operation):
        solution = solve(context, graph.roots[operation.kind], part, False)
        if solution.rest is not None:
            raise UnreachableField(_unreachable(solution.rest))
        yield solution


def _parts(operation: Operation) -> Iterator[SelectionSet]:
    """What is solved as one: a query whole, a mutation field by field, since its fields run one after the other."""
    if operation.kind != "mutation":
        yield operation.selections
        return
    for selection in operation.selections.selections:
        yield make_selection_set(operation.type_name, (selection,))


def _unreachable(rest: SelectionSet) -> str:
    path: list[str] = []
    inner: SelectionSet | None = rest
    last: Selection | None = None
    type_name = rest.type_name
    while inner is not None and inner.selections:
        type_name, last = inner.type_name, inner.selections[0]
        path.append(last.key)
        inner = last.children
    field = f"{type_name}.{last.name}" if last else type_name
    return f"No subgraph on the way can answer {field} (at {'.'.join(path)}): no key leads to one that has it. Check its keys."
