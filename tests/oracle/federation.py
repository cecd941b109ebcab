"""Our own gateway over a world, in process: compose → build_query_graph → plan → compile_plan → execute → render.

The stages are the pipeline's, called one by one so that the plan can be looked at. In: a world. Out: `Answer`, and the plan.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from graphql import GraphQLSchema, OperationDefinitionNode, parse

from gateway.composition import Failed, compose
from gateway.execution import Call, compile_plan, execute
from gateway.execution.keys import keys_of
from gateway.execution.members import members_of
from gateway.operation import Operation, read_variables
from gateway.planning import plan
from gateway.planning.plan import QueryPlan
from gateway.query_graph import QueryGraph, build_query_graph
from gateway.response import Projection, introspect, introspection_fields, open_mask, render
from gateway.schema import read_subgraph
from tests.oracle.monolith import Answer
from tests.oracle.subgraph import OracleSubgraph
from tests.oracle.values import Store


class DoesNotCompose(Exception):
    """Raised when subgraphs that are parts of one schema are refused."""


@dataclass(frozen=True, slots=True)
class Planned:
    """An operation and its plan."""

    operation: Operation
    plan: QueryPlan


def composed(sdls: Mapping[str, str]) -> str:
    """The supergraph of these subgraphs. Raises DoesNotCompose."""
    found = compose([read_subgraph(name, sdl, f"http://{name}") for name, sdl in sdls.items()])
    if isinstance(found, Failed):
        raise DoesNotCompose("\n".join(f"{one.code}: {one.message}" for one in found.errors))
    return found.supergraph_sdl


class Federation:
    """The gateway over a supergraph, and the subgraphs."""

    def __init__(self, supergraph: str, sdls: Mapping[str, str], store: Store) -> None:
        self.graph: QueryGraph = build_query_graph(supergraph)
        self._store = store
        self.subgraphs = {
            name: OracleSubgraph(name, sdl, [other for one, other in sdls.items() if one != name], store)
            for name, sdl in sdls.items()
        }

    @property
    def schema(self) -> GraphQLSchema:
        """What clients see."""
        return self.graph.supergraph.api_schema

    def plan(self, query: str, labels: frozenset[str]) -> Planned:
        """Plan a valid operation. Raises what planning raises."""
        document = parse(query, no_location=True)
        node = next(one for one in document.definitions if isinstance(one, OperationDefinitionNode))
        name = node.name.value if node.name is not None else None
        operation = Operation(query, document, node, name, ())
        return Planned(operation, plan(self.graph, document, name, active_labels=labels))

    async def answer(self, planned: Planned, given: Mapping[str, object]) -> Answer:
        """Execute and render, from a fresh state."""
        self._store.mutations = 0
        operation, supergraph = planned.operation, self.graph.supergraph
        compiled = compile_plan(planned.plan, self.schema, keys_of(supergraph), members_of(supergraph))
        variables = read_variables(self.schema, operation, given)
        call = Call(asyncio.get_running_loop().time() + 30)
        raw = await execute(compiled, self.schema, variables.sent, self.subgraphs, call)
        form = Projection(self.schema, operation.document, operation.node, variables.coerced)
        asked = introspection_fields(form, operation.node)
        introspected = introspect(self.schema, operation.document, operation.node, asked, variables.sent) if asked else {}
        rendered = render(raw, form, open_mask(), introspected=introspected)
        return Answer(rendered.data or b"null", rendered.errors)
