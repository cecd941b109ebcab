"""Runs a plan: each fetch starts when those it waits for have ended, and their answers become one.

In: a plan, the client's variables and a transport per subgraph. Out: `Raw`. Whatever a subgraph does, the result is data and
errors; exceptions are left for faults of our own (a bad plan) and for cancellation.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from time import perf_counter

from graphql import GraphQLSchema

from gateway.execution.answer import Answer, read_answer
from gateway.execution.compile import compile_plan
from gateway.execution.errors import BadPlan, SubgraphFault, SubgraphTimeout
from gateway.execution.gather import Gathering
from gateway.execution.inputs import unknown_input
from gateway.execution.raw import Consulted, Raw
from gateway.execution.representations import Representations
from gateway.execution.request import request_body
from gateway.execution.step import CompiledPlan, Step
from gateway.execution.transport import Call, SubgraphAnswer, SubgraphRequest, Transport
from gateway.planning.plan import QueryPlan


async def execute(
    plan: QueryPlan | CompiledPlan,
    schema: GraphQLSchema,
    variables: Mapping[str, object],
    transports: Mapping[str, Transport],
    call: Call,
) -> Raw:
    """Fetch everything the plan names.

    `variables` are the client's, with the defaults of the operation filled in. `transports` has an entry for each service of
    the plan, else BadPlan is raised before anything is sent.
    """
    compiled = plan if isinstance(plan, CompiledPlan) else compile_plan(plan, schema)
    demand_transports(compiled.steps, transports)
    return await Run(compiled, variables, transports, call).all()


def demand_transports(steps: Iterable[Step], transports: Mapping[str, Transport]) -> None:
    """Raises BadPlan when a subgraph that has to be asked cannot be reached."""
    for step in steps:
        if step.service not in transports:
            raise BadPlan(f"the plan asks {step.service!r}, for which no transport is configured")


class Run:
    """One execution of one plan."""

    def __init__(
        self, compiled: CompiledPlan, variables: Mapping[str, object], transports: Mapping[str, Transport], call: Call
    ) -> None:
        self._compiled = compiled
        self._variables = variables
        self._transports = transports
        self._call = call
        self._gathering = Gathering(compiled, variables)
        self._consulted: list[Consulted] = []

    async def all(self) -> Raw:
        """Send everything."""
        return await self._rest(self._compiled.steps)

    async def event(self, primary: Step, event: SubgraphAnswer) -> Raw:
        """Take an event of the stream that `primary` opened, and send what is needed to complete it."""
        try:
            answer = read_answer(primary.service, event)
        except SubgraphFault as fault:
            self._gathering.fail(primary, (), fault)
        else:
            self._take(primary, [], answer)
        return await self._rest(tuple(step for step in self._compiled.steps if step is not primary))

    async def _rest(self, steps: tuple[Step, ...]) -> Raw:
        if len(steps) == 1:
            await self._step(steps[0])
        elif steps:
            await self._in_order(steps)
        gathered = self._gathering
        errors = gathered.errors()
        return Raw(gathered.data if gathered.data or not errors else None, errors, tuple(self._consulted))

    async def _in_order(self, steps: tuple[Step, ...]) -> None:
        """Start every step as its own task; it waits for exactly what it depends on, not for a layer.

        When one task raises (our own fault) or the request is cancelled, the group cancels the others: nothing outlives it.
        """
        ended = {step.id: asyncio.Event() for step in steps}

        async def follow(step: Step) -> None:
            for needed in step.depends_on:
                if needed in ended:
                    await ended[needed].wait()
            await self._step(step)
            ended[step.id].set()

        try:
            async with asyncio.TaskGroup() as group:
                for step in steps:
                    group.create_task(follow(step))
        except BaseExceptionGroup as raised:
            raise raised.exceptions[0] from None

    async def _step(self, step: Step) -> None:
        if any(self._variables.get(when.variable, False) is not when.value for when in step.conditions):
            return
        if step.kind == "mutation" and self._gathering.is_void():
            return  # the client will be told that nothing came of the operation: change nothing more
        asked = self._gathering.ask(step)
        entities = sum({one.part.variable: len(one.encoded) for one in asked}.values())
        if not (entities if step.root is None else self._gathering.has_place(step.root)):
            return
        unknown = unknown_input(step, self._variables)
        if unknown is not None:
            self._gathering.fail(step, asked, unknown)
            return
        body = request_body(step, self._variables, asked)
        started = perf_counter()
        came: SubgraphAnswer | None = None
        try:
            came = await self._send(step, body)
            answer = read_answer(step.service, came)
        except SubgraphFault as fault:
            self._gathering.fail(step, asked, fault)
        else:
            self._take(step, asked, answer)
        milliseconds = (perf_counter() - started) * 1000
        self._consulted.append(Consulted(step.service, entities, milliseconds))
        if self._call.witness is not None:
            self._call.witness(step.service, body, came, entities, milliseconds)

    async def _send(self, step: Step, body: bytes) -> SubgraphAnswer:
        if asyncio.get_running_loop().time() >= self._call.deadline:
            raise SubgraphTimeout(f"the deadline had passed before {step.service!r} could be asked")
        headers = self._call.headers_for(step.service, body)
        request = SubgraphRequest(body, headers, self._call.deadline, repeatable=step.kind == "query")
        return await self._transports[step.service].send(request)

    def _take(self, step: Step, asked: list[Representations], answer: Answer) -> None:
        if step.root is not None:
            self._gathering.take_root(step.root, answer)
        else:
            self._gathering.take_entities(asked, answer)
