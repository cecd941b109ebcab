"""One operation against real subgraphs, stage by stage, with every request and answer kept.

In: a graph, the text of an operation, variables, the subgraphs' addresses. Out: a `Run`, always: where a stage refuses or
breaks, the run ends there and says so. The stages are those of `gateway.pipeline`, nothing protected and nothing recorded.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from gateway.access.open import OpenAccess
from gateway.access.port import Grant
from gateway.execution import Call, Raw, Transport, compile_over, execute
from gateway.execution.errors import SubgraphFault
from gateway.execution.raw import RawError
from gateway.execution.transport import SubgraphAnswer, SubgraphRequest
from gateway.operation import Limits, Operation, Variables, read_operation, read_variables
from gateway.planning import QueryPlan, plan
from gateway.planning.check import check_plan
from gateway.prepared import Prepared
from gateway.query_graph import QueryGraph
from gateway.response import Rendered, render
from kernel.errors import SaiteError

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back: a status and a body, or a fault."""

    service: str
    operation: str
    variables: Json
    milliseconds: float
    status: int | None = None
    body: bytes = b""
    fault: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong in a stage."""

    stage: str
    code: str
    message: str


@dataclass(slots=True)
class Run:
    """What the stages made. `plan`, `answer` are None when the run did not come so far."""

    plan: QueryPlan | None = None
    exchanges: list[Exchange] = field(default_factory=list)
    answer: Any = None
    troubles: list[Trouble] = field(default_factory=list)


class _Recorder:
    """A transport that keeps what passes through it."""

    def __init__(self, service: str, inner: Transport, exchanges: list[Exchange]) -> None:
        self._service = service
        self._inner = inner
        self._exchanges = exchanges

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        started = perf_counter()
        asked = json.loads(request.body)

        def note(status: int | None, body: bytes, fault: str | None) -> None:
            spent = (perf_counter() - started) * 1000
            self._exchanges.append(
                Exchange(self._service, asked["query"], asked.get("variables", {}), spent, status, body, fault)
            )

        try:
            answer = await self._inner.send(request)
        except SubgraphFault as fault:
            note(None, b"", f"{fault.code}: {fault.message}")
            raise
        note(answer.status, answer.body, None)
        return answer

    async def close(self) -> None:
        await self._inner.close()


async def run_operation(
    graph: QueryGraph,
    text: str,
    name: str | None,
    given: Mapping[str, object],
    labels: frozenset[str],
    transports: Mapping[str, Transport],
    seconds: float,
) -> Run:
    """Run one operation. The transports are closed at the end. Raises what is no error of ours: a bug keeps its traceback."""
    run = Run()
    recorded = {service: _Recorder(service, inner, run.exchanges) for service, inner in transports.items()}
    stage = "parse"
    try:
        access = OpenAccess(graph.supergraph.api_schema)
        operation = read_operation(access.schema, text, name, Limits())
        grant = access.authorise(operation)
        stage = "variables"
        variables = read_variables(access.schema, operation, given)
        stage = "plan"
        run.plan = plan(graph, grant.document, operation.name, active_labels=labels)
        faults = check_plan(graph, grant.document, operation.name, run.plan, active_labels=labels)
        run.troubles += [Trouble("plan", one.kind.name, str(one)) for one in faults]
        prepared = _prepare(graph, access, operation, grant, run.plan)
        stage = "execute"
        call = Call(asyncio.get_running_loop().time() + seconds)
        raw = await execute(prepared.plan, access.schema, variables.sent, recorded, call)
        run.troubles += _execution_troubles(raw)
        stage = "render"
        rendered = _render(prepared, variables, raw, access)
        run.answer = json.loads(rendered.body())
        if not raw.errors:
            run.troubles += [_shown(entry) for entry in rendered.errors]
    except SaiteError as error:
        run.troubles.append(Trouble(stage, error.code, error.message))
    finally:
        for transport in transports.values():
            await transport.close()
    return run


def _prepare(graph: QueryGraph, access: OpenAccess, operation: Operation, grant: Grant, made: QueryPlan) -> Prepared:
    return Prepared(access, operation, grant, compile_over(made, graph.supergraph))


def _render(prepared: Prepared, variables: Variables, raw: Raw, access: OpenAccess) -> Rendered:
    form, introspected = prepared.form(variables)
    return render(raw, form, access.mask(), introspected=introspected)


def _execution_troubles(raw: Raw) -> Iterator[Trouble]:
    """One for each event, however many places of the answer it spoils."""
    events: dict[int, list[RawError]] = {}
    for error in raw.errors:
        events.setdefault(error.origin, []).append(error)
    for first, *others in events.values():
        place = f" at {_path(first.path)}" if first.path else ""
        more = f" and {len(others)} more" if others else ""
        yield Trouble("execute", first.code, f"{first.service}{place}{more}: {first.detail or first.message}")


def _shown(entry: Json) -> Trouble:
    place = f" at {_path(entry['path'])}" if entry.get("path") else ""
    return Trouble("render", (entry.get("extensions") or {}).get("code", ""), f"{entry.get('message')}{place}")


def _path(path: Iterable[str | int]) -> str:
    return ".".join(map(str, path))
