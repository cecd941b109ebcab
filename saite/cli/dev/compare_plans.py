"""`saite dev compare-plans`: our plans beside those of another planner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json, print_table, stop

if TYPE_CHECKING:
    from gateway.planning import QueryPlan

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One operation: (requests, longest chain) of both plans. `error` tells why there is no plan of ours."""

    name: str
    feature: str
    requests: int | None
    reference_requests: int
    chain: int | None
    reference_chain: int
    verdict: str
    error: str | None = None


@clear_errors
def compare_plans(
    folder: Annotated[Path, typer.Argument(metavar="DIR", exists=True, file_okay=False, help="Holds `plans.json`.")],
    all_: Annotated[bool, typer.Option("--all", help="List the operations that are planned equally well, too.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Plan a corpus of operations and compare each plan with its reference: requests, longest chain, better or worse.

    `plans.json` is a list of `{"test", "feature", "supergraph": FILE, "query", "plan": TEXT}`. *worse* has more requests or a longer
    chain, or no plan at all; *better* has less of one and not more of the other. JSON output lists every operation.

    Exit code 1 when one is worse.

    Example: `saite dev compare-plans corpora/plans --format json`
    """
    found = list(_compare(folder))
    counts = {verdict: sum(one.verdict == verdict for one in found) for verdict in ("better", "same", "worse")}
    if format_ is Format.JSON:
        print_json({"operations": [asdict(one) for one in found], **counts})
    else:
        shown = [one for one in found if all_ or one.verdict != "same"]
        columns = ("operation", "requests", "reference", "chain", "reference", "verdict")
        rows = [(one.name, one.requests, one.reference_requests, one.chain, one.reference_chain, one.verdict) for one in shown]
        if rows:
            print_table("Plans", columns, rows)
        typer.echo(f"{len(found)} operations: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
    for one in found:
        if one.error:
            complain(f"{one.name} has no plan: {one.error}")
    if counts["worse"]:
        raise typer.Exit(NO)


def _compare(folder: Path) -> Iterator[Compared]:
    from gateway.query_graph import QueryGraph, build_query_graph

    graphs: dict[str, QueryGraph] = {}
    for case in _cases(folder / "plans.json"):
        file = case["supergraph"]
        if file not in graphs:
            graphs[file] = build_query_graph((folder / file).read_text(encoding="utf-8"))
        yield _compared(graphs[file], case)


def _compared(graph: Any, case: dict[str, str]) -> Compared:
    from graphql import GraphQLError, parse

    from gateway.planning import plan
    from kernel.errors import SaiteError
    from saite.cli.dev.reference import chain_length, request_count

    theirs = (request_count(case["plan"]), chain_length(case["plan"]))
    name, feature = case["test"], case.get("feature", "")
    try:
        made = plan(graph, parse(case["query"]))
    except (SaiteError, GraphQLError) as error:
        return Compared(name, feature, None, theirs[0], None, theirs[1], "worse", str(error))
    ours = (len(list(made.fetches())), longest_chain(made))
    verdict = "same"
    if ours[0] > theirs[0] or ours[1] > theirs[1]:
        verdict = "worse"
    elif ours != theirs:
        verdict = "better"
    return Compared(name, feature, ours[0], theirs[0], ours[1], theirs[1], verdict)


def longest_chain(made: QueryPlan) -> int:
    """How many requests of a plan follow one another at most."""
    waits = {fetch.id: fetch.depends_on for fetch in made.fetches()}
    depths: dict[int, int] = {}
    for number in sorted(waits):  # a fetch waits for smaller numbers only
        depths[number] = 1 + max((depths[before] for before in waits[number]), default=0)
    return max(depths.values(), default=0)


def _cases(file: Path) -> list[dict[str, str]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        stop(f"{file} is not JSON: {error}")
    wanted = {"test", "supergraph", "query", "plan"}
    if not isinstance(found, list) or not all(isinstance(one, dict) and wanted <= one.keys() for one in found):
        stop(f"{file} is not a list of objects with {', '.join(sorted(wanted))}.")
    return found
