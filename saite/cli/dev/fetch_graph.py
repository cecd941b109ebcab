"""`saite dev fetch-graph`: the requests before and after each pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    LabelOption,
    OperationOption,
    Picture,
    PictureOption,
    QueryOption,
    SupergraphOption,
    VariablesOption,
    read_document,
    read_graph,
    read_labels,
)
from saite.cli.output import clear_errors, print_json

if TYPE_CHECKING:
    from gateway.planning.fetch_graph.step import FetchGraph
    from gateway.query_graph import QueryGraph


@clear_errors
def fetch_graph_(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    variables: VariablesOption = None,
    label: LabelOption = None,
    only: Annotated[
        str | None,
        typer.Option("--after", metavar="PASS", help="Only what is there after this pass; `built` or `end` as well."),
    ] = None,
    format_: PictureOption = Picture.TEXT,
) -> None:
    """Print the fetch graph as it is built and after each pass that changes it: one step per request to a subgraph.

    A step sends its inputs (the representation) and selects its outputs; it waits for the steps that hold its inputs. With
    `--format dot|mermaid` each state is a drawing of its own, so `--after` is best used with them.

    Example: `saite dev fetch-graph --supergraph supergraph.graphql --query query.graphql --after end --format dot | dot -Tsvg`
    """
    from saite.cli.dev.stages import fetch_graph_passes, walk

    graph = read_graph(supergraph, config)
    walked = walk(graph, read_document(graph, query, operation, variables), operation, read_labels(graph, label))
    states = list(fetch_graph_passes(graph, walked, lambda one: _shown(one, graph, format_)))
    chosen = _chosen(states, only)
    if format_ is Picture.JSON:
        print_json([{"after": name, "changed": changed, "steps": shown} for name, shown, changed in chosen])
        return
    mark = {Picture.TEXT: "#", Picture.DOT: "//", Picture.MERMAID: "%%"}[format_]
    for name, shown, changed in chosen:
        if only is not None or changed:
            typer.echo(f"\n{mark} {name}\n{shown}\n")
        else:
            typer.echo(f"{mark} {name} changes nothing")


def _shown(fetch_graph: FetchGraph, graph: QueryGraph, picture: Picture) -> object:
    from gateway.planning.fetch_graph.draw import draw_fetch_graph, fetch_graph_json, print_fetch_graph
    from gateway.query_graph.drawing import to_dot, to_mermaid

    match picture:
        case Picture.JSON:
            return fetch_graph_json(fetch_graph, graph)
        case Picture.DOT:
            return to_dot(draw_fetch_graph(fetch_graph, graph), "fetch graph")
        case Picture.MERMAID:
            return to_mermaid(draw_fetch_graph(fetch_graph, graph))
        case Picture.TEXT:
            return print_fetch_graph(fetch_graph, graph)


def _chosen(states: list[tuple[str, object, bool]], only: str | None) -> list[tuple[str, object, bool]]:
    if only is None:
        return states
    if only in ("built", "end"):
        return [states[0] if only == "built" else states[-1]]
    found = [state for state in states if state[0] == only]
    if not found:
        from saite.cli.output import stop

        names = ", ".join(dict.fromkeys(name for name, _, _ in states[1:]))
        stop(f"There is no pass {only!r}; there are: built, {names}, end.")
    return found[-1:]
