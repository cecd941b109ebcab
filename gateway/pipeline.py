"""The one page that shows a request's whole way.

    identify → parse → authorise → plan → execute → render → audit

In: an `Asked`. Out: an `Answered`, always: what goes wrong is told in it. Parsing, rights and the plan of an operation are
made once per (document, operation name, contract mask, active overrides) and kept; variables are looked at for every
request. Nothing leaves before it is recorded: when the record cannot be written, the answer is 503 and holds no data.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from gateway.access import Access, Asked, Gate, Outcome, code_of, error_id_of
from gateway.execution import Call, Transport, compile_over, execute
from gateway.operation import Cache, Limits, Variables, read_operation, read_variables
from gateway.operation.errors import KindNotServed, RequestRefused
from gateway.operation.labels import active_labels
from gateway.planning import plan
from gateway.prepared import Prepared
from gateway.query_graph import QueryGraph
from gateway.response import Rendered, render
from kernel.errors import ClientError, SaiteError

log = logging.getLogger(__name__)

CacheKey = tuple[str, str | None, str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Answered:
    """The bytes of the answer. `status` is the HTTP status; `has_data` tells an answer with a `data` entry from a refusal."""

    body: bytes
    status: int
    has_data: bool
    code: str | None = None
    retry_after: int | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Settings:
    """`deadline_seconds` is for the whole request; the cache is bounded by entries and by characters of document text."""

    limits: Limits = field(default_factory=Limits)
    deadline_seconds: float = 5.0
    cache_entries: int = 2_000
    cache_characters: int = 8 * 1024 * 1024


class Pipeline:
    """Answers requests over one supergraph."""

    def __init__(
        self, graph: QueryGraph, gate: Gate, transports: Mapping[str, Transport], settings: Settings | None = None
    ) -> None:
        self._graph = graph
        self._gate = gate
        self._transports = transports
        self._settings = settings or Settings()
        self._prepared: Cache[CacheKey, Prepared] = Cache(
            max_entries=self._settings.cache_entries, max_weight=self._settings.cache_characters
        )

    async def answer(self, asked: Asked) -> Answered:
        """Answer one request. Raises nothing but cancellation."""
        try:
            access = await self._gate.identify(asked)
            return await self._answer(access, asked)
        except ClientError as error:
            return refused(error)
        except Exception as error:  # noqa: BLE001 - whatever happened, the client gets an answer and the log the reason
            return failed(error)

    async def close(self) -> None:
        """Close the transports and what the gate holds open."""
        for transport in self._transports.values():
            await transport.close()
        await self._gate.close()

    async def _answer(self, access: Access, asked: Asked) -> Answered:
        outcome = Outcome(asked)
        try:
            labels = active_labels(self._graph.labels)
            key = (asked.query, asked.operation_name, access.digest, labels)
            prepared = await self._prepared.get(
                key, len(asked.query), lambda: asyncio.to_thread(self._prepare, access, asked, labels)
            )
            outcome = replace(outcome, operation=prepared.operation, grant=prepared.grant)
            if asked.only_queries and not prepared.operation.is_query:
                raise KindNotServed("GET serves queries only. Send a mutation by POST.")
            variables = read_variables(
                access.schema, prepared.operation, asked.variables, hide_suggestions=access.hide_suggestions
            )
            outcome = replace(outcome, filters=prepared.grant.check(variables.sent))
            await access.afford(prepared.grant, variables.sent)
        except (Exception, asyncio.CancelledError) as error:
            await access.record(outcome.ended_by(error))
            raise
        return await self._run(access, prepared, variables, replace(outcome, variables=variables))

    def _prepare(self, access: Access, asked: Asked, labels: frozenset[str]) -> Prepared:
        """Parse, authorise and plan. On a worker thread: it may take longer than the event loop can wait."""
        operation = read_operation(
            access.schema, asked.query, asked.operation_name, self._settings.limits, hide_suggestions=access.hide_suggestions
        )
        grant = access.authorise(operation)
        planned = plan(self._graph, grant.document, operation.name, active_labels=labels)
        return Prepared(access, operation, grant, compile_over(planned, self._graph.supergraph))

    async def _run(self, access: Access, prepared: Prepared, variables: Variables, outcome: Outcome) -> Answered:
        deadline = asyncio.get_running_loop().time() + self._settings.deadline_seconds
        call = Call(deadline, access.headers_for, access.witness)
        schema = self._graph.supergraph.api_schema
        if not prepared.operation.is_query:
            await access.record(replace(outcome, is_intended=True))  # no change without a trace, whatever happens later
        try:
            raw = await execute(prepared.plan, schema, variables.sent, self._transports, call)
            outcome = replace(outcome, raw=raw)
            form, introspected = prepared.form(variables)
            rendered = render(raw, form, access.mask(), introspected=introspected, refused=prepared.grant.refused)
        except (Exception, asyncio.CancelledError) as error:
            await access.record(outcome.ended_by(error))
            raise
        extensions = await access.record(replace(outcome, rendered=rendered))
        return Answered(rendered.body(extensions), rendered.status, has_data=True)


def refused(error: ClientError) -> Answered:
    """The answer to a request that is not executed, in words that are safe to show."""
    if isinstance(error, RequestRefused):
        entries = tuple(error.entries())
    else:
        entries = ({"message": error.message, "extensions": {"code": error.code, **error.extensions}},)
    return Answered(
        Rendered(None, entries).body(), error.status, has_data=False, code=error.code, retry_after=error.retry_after
    )


def failed(error: Exception) -> Answered:
    """The answer when the fault is ours: an id that the log has, and nothing else."""
    error_id = error_id_of(error)
    log.error("a request failed", extra={"error_id": error_id}, exc_info=error)
    code, status = code_of(error), error.status if isinstance(error, SaiteError) else 500
    message = "The gateway could not answer. Tell your support contact the error id."
    entry = {"message": message, "extensions": {"code": code, "errorId": error_id}}
    return Answered(Rendered(None, (entry,)).body(), status, has_data=False, code=code)
