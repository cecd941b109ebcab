"""What a request would send that its subgraph does not know: literals are refused here, variables are told to the executor."""

from __future__ import annotations

from collections.abc import Sequence

from graphql import GraphQLError, ValuesOfCorrectTypeRule, parse, validate

from gateway.planning.errors import UnknownInput
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import LimitedVariable
from gateway.query_graph.definitions import named_type
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.input_limits import InputLimits, input_limits


def limits_of(graph: QueryGraph, name: str, operation: Operation, used: Sequence[str]) -> tuple[LimitedVariable, ...]:
    """Those of the `used` variables that can hold what the subgraph `name` does not know."""
    known = _limits(graph, name)
    if not known:
        return ()
    types = {one.variable.name.value: named_type(one.type) for one in operation.variables}
    return tuple(LimitedVariable(one, known[types[one]]) for one in used if types.get(one) in known)


def refuse_unknown_literals(graph: QueryGraph, name: str, text: str) -> None:
    """Raises `UnknownInput` when the text of a request to `name` holds a literal that the subgraph does not know."""
    if not _limits(graph, name):
        return
    service = graph.supergraph.graphs[name].name
    found: list[GraphQLError] = validate(
        graph.supergraph.subgraph_schema(service), parse(text, no_location=True), [ValuesOfCorrectTypeRule]
    )
    if found:
        raise UnknownInput(f"The subgraph {service} does not know a value of this operation: {found[0].message}")


def _limits(graph: QueryGraph, name: str) -> dict[str, InputLimits]:
    known: dict[str, InputLimits] | None = graph.memory.get(("limits", name))
    if known is None:
        known = graph.memory["limits", name] = input_limits(graph.supergraph, name)
    return known
