"""Subscriptions: what opens the stream, and each event completed.

    stream_request(plan)  → which subgraph to send what to; whatever transport it takes, it brings events
    execute_event(event)  → the client's data for one of them: what the event says, and what the plan fetches besides

In: a subscription's plan, and events as the subgraph sends them (`{"data": …, "errors": …}`). Out: a `Raw` per event, as
`execute` gives it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from graphql import GraphQLSchema

from gateway.execution.compile import compile_plan
from gateway.execution.errors import BadPlan
from gateway.execution.execute import Run, demand_transports
from gateway.execution.inputs import unknown_input
from gateway.execution.raw import Raw
from gateway.execution.request import request_body
from gateway.execution.step import CompiledPlan, Step
from gateway.execution.transport import Call, SubgraphAnswer, Transport
from gateway.planning.plan import QueryPlan


class StreamRequest(NamedTuple):
    """What opens the stream of events: the subgraph and the JSON body for it."""

    service: str
    body: bytes


def stream_request(plan: QueryPlan | CompiledPlan, schema: GraphQLSchema, variables: Mapping[str, object]) -> StreamRequest:
    """What to send once, when the subscription starts. Raises BadPlan, InputNotKnown."""
    primary = _primary(_compiled(plan, schema))
    unknown = unknown_input(primary, variables)
    if unknown is not None:
        raise unknown
    return StreamRequest(primary.service, request_body(primary, variables, ()))


async def execute_event(
    plan: QueryPlan | CompiledPlan,
    schema: GraphQLSchema,
    variables: Mapping[str, object],
    event: bytes,
    transports: Mapping[str, Transport],
    call: Call,
) -> Raw:
    """Complete one event. `call.deadline` is this event's own.

    An event that is no GraphQL answer becomes an error, as any answer does. Raises BadPlan for plans of other operations.
    """
    compiled = _compiled(plan, schema)
    primary = _primary(compiled)
    demand_transports((step for step in compiled.steps if step is not primary), transports)
    return await Run(compiled, variables, transports, call).event(primary, SubgraphAnswer(200, event))


def _compiled(plan: QueryPlan | CompiledPlan, schema: GraphQLSchema) -> CompiledPlan:
    return plan if isinstance(plan, CompiledPlan) else compile_plan(plan, schema)


def _primary(compiled: CompiledPlan) -> Step:
    primary = next((step for step in compiled.steps if step.kind == "subscription"), None)
    if primary is None:
        raise BadPlan("the plan opens no stream of events: it is not a subscription's")
    return primary
