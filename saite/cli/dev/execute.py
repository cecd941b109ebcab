"""`saite dev execute`: ask real subgraphs, and see each request and answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    LabelOption,
    OperationOption,
    QueryOption,
    SupergraphOption,
    read_graph,
    read_labels,
    read_text,
    read_variables_text,
)
from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json, stop

if TYPE_CHECKING:
    from gateway.execution import Transport
    from gateway.query_graph import QueryGraph
    from saite.cli.dev.run import Exchange, Run

Json = dict[str, Any]


@clear_errors
def execute(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    variables: Annotated[str, typer.Option("--variables", metavar="JSON", help="The variables, as a JSON object.")] = "{}",
    label: LabelOption = None,
    url: Annotated[
        list[str] | None,
        typer.Option("--url", metavar="NAME=URL", help="Where a subgraph is, instead of the supergraph's address; repeatable."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for the whole operation.")] = 10.0,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Run the operation against the subgraphs and print each request, each answer, the final answer and the stage that erred.

    Nothing is protected and nothing recorded: the subgraphs are asked as they are, without a signed context.

    Exit code 1 when a stage refuses, a subgraph fails or the answer has errors.

    Example: `saite dev execute --supergraph supergraph.graphql --query query.graphql --url reviews=http://localhost:4002/graphql`
    """
    from kernel.logs import configure
    from saite.cli.dev.run import run_operation

    configure("text", "ERROR")  # what the log would warn of is printed below
    graph = read_graph(supergraph, config)
    on, text, given = read_labels(graph, label), read_text(query), read_variables_text(variables)

    async def all_stages() -> Run:
        return await run_operation(graph, text, operation, given, on, _transports(graph, url or []), timeout)

    run = asyncio.run(all_stages())
    if format_ is Format.JSON:
        print_json(_run_json(run))
    else:
        typer.echo("\n".join(_lines(run)))
    for one in run.troubles:
        complain(f"{one.stage} went wrong: {one.code}: {one.message}")
    if run.troubles:
        complain(f"The first stage that goes wrong: {run.troubles[0].stage}")
        raise typer.Exit(NO)


def _transports(graph: QueryGraph, urls: list[str]) -> dict[str, Transport]:
    from gateway.execution.http_transport import HttpTransport

    addresses = {name: service.url for name, service in graph.supergraph.subgraphs.items()}
    for text in urls:
        name, separator, address = text.partition("=")
        if not separator:
            stop(f"--url {text!r} has not the form NAME=http://…")
        if name not in addresses:
            stop(f"--url {text!r}: there is no subgraph {name!r}; there are: {', '.join(addresses)}.")
        addresses[name] = address
    try:
        return {name: HttpTransport(name, address) for name, address in addresses.items()}
    except ValueError as error:
        stop(f"{error}, or give it by --url NAME=URL.")


def _fetch_ids(run: Run) -> Iterator[tuple[int | None, Exchange]]:
    """Each exchange with the fetch of the plan that it was: the first unused one with its operation."""
    waiting: dict[tuple[str, str], list[int]] = {}
    for fetch in run.plan.fetches() if run.plan else ():
        waiting.setdefault((fetch.service, fetch.operation), []).append(fetch.id)
    for exchange in run.exchanges:
        ids = waiting.get((exchange.service, exchange.operation))
        yield ids.pop(0) if ids else None, exchange


def _lines(run: Run) -> Iterator[str]:
    from graphql import parse, print_ast

    if run.plan is not None:
        from gateway.planning import print_plan

        yield from (print_plan(run.plan), "")
    for number, one in _fetch_ids(run):
        outcome = one.fault or f"HTTP {one.status}"
        yield f"fetch {number} → {one.service}: {outcome}, {one.milliseconds:.0f} ms"
        yield from (f"  {line}" for line in print_ast(parse(one.operation)).split("\n"))
        if one.variables:
            yield f"  variables {json.dumps(one.variables, ensure_ascii=False)}"
        if one.fault is None:
            yield f"  answer    {one.body.decode('utf-8', 'replace')}"
        yield ""
    if run.plan is not None:
        asked = {number for number, _ in _fetch_ids(run)}
        for fetch in run.plan.fetches():
            if fetch.id not in asked:
                yield f"fetch {fetch.id} → {fetch.service}: not sent (a condition, or nothing to ask for)\n"
    if run.answer is not None:
        yield f"answer\n{json.dumps(run.answer, ensure_ascii=False, indent=2)}"


def _run_json(run: Run) -> Json:
    from gateway.planning import to_json

    return {
        "plan": to_json(run.plan) if run.plan is not None else None,
        "fetches": [_exchange_json(number, one) for number, one in _fetch_ids(run)],
        "answer": run.answer,
        "erred": run.troubles[0].stage if run.troubles else None,
        "troubles": [{"stage": one.stage, "code": one.code, "message": one.message} for one in run.troubles],
    }


def _exchange_json(number: int | None, one: Exchange) -> Json:
    try:
        body: Any = json.loads(one.body) if one.body else None
    except ValueError:
        body = one.body.decode("utf-8", "replace")
    return {
        "fetch": number,
        "subgraph": one.service,
        "request": {"query": one.operation, "variables": one.variables},
        "status": one.status,
        "answer": body,
        "fault": one.fault,
        "milliseconds": round(one.milliseconds, 1),
    }
