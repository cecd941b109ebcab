"""`saite plan`: how the gateway would answer an operation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from saite.cli.output import Format, FormatOption, clear_errors, print_json, stop


def read_text(file: str) -> str:
    """The text of a file, or of standard input for `-`."""
    return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")


@clear_errors
def plan_(
    supergraph: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="A supergraph SDL, by any composer (join v0.1–v0.5).")
    ],
    query: Annotated[str, typer.Option(help="A file with the operation; `-` reads standard input.")],
    operation: Annotated[str | None, typer.Option(help="Which operation, when the document has several.")] = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print the query plan: which subgraph is asked for what, with which inputs, in which order.

    With `--format json` the plan has the shape that GraphQL tools draw:
    `{"kind": "QueryPlan", "node": {"kind": "Sequence|Parallel|Flatten|Fetch", …}}`.

    Example: `echo '{ me { name } }' | saite plan --supergraph supergraph.graphql --query -`
    """
    from graphql import GraphQLError, parse, validate

    from gateway.planning import plan, print_plan, to_json
    from gateway.query_graph import build_query_graph

    graph = build_query_graph(supergraph.read_text(encoding="utf-8"))
    try:
        document = parse(read_text(query))
    except GraphQLError as error:
        stop(f"The operation cannot be parsed: {error}", 1)
    problems = validate(graph.supergraph.api_schema, document)
    if problems:
        stop("\n".join(f"The operation is not valid: {problem}" for problem in problems), 1)
    made = plan(graph, document, operation)
    if format_ is Format.JSON:
        print_json(to_json(made))
    else:
        typer.echo(print_plan(made))
