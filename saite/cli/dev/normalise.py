"""`saite dev normalize`: the operation as the planner sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    OperationOption,
    QueryOption,
    SupergraphOption,
    VariablesOption,
    read_document,
    read_graph,
)
from saite.cli.output import Format, FormatOption, clear_errors, print_json

if TYPE_CHECKING:
    from gateway.planning.normalise.operation import Operation
    from gateway.query_graph import QueryGraph


@clear_errors
def normalize(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    variables: VariablesOption = None,
    passes: Annotated[bool, typer.Option("--passes", help="Print the operation after each pass, not only at the end.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print the normalised operation: one operation, its fragments read away, conditions where they hold.

    `... on Book | Magazine` says for which object types the fields inside are asked; without it they are asked for all. A pass that
    changes nothing is named only.

    Example: `saite dev normalize --supergraph supergraph.graphql --query - --passes < query.graphql`
    """
    from saite.cli.dev.stages import normalise_passes

    graph = read_graph(supergraph, config)
    document = read_document(graph, query, operation, variables)
    made = [(name, operation_text(graph, one)) for name, one in normalise_passes(graph, document, operation)]
    shown = made if passes else made[-1:]
    if format_ is Format.JSON:
        print_json([{"pass": name, "operation": text} for name, text in shown])
        return
    if not passes:
        typer.echo(made[-1][1])
        return
    before = ""
    for name, text in shown:
        typer.echo(f"# {name}" + (" changes nothing" if text == before else f"\n{text}\n"))
        before = text


def operation_text(graph: QueryGraph, operation: Operation) -> str:
    """The operation as GraphQL-like text."""
    from graphql import print_ast

    from gateway.query_graph.selection_text import selection_lines

    variables = ", ".join(print_ast(one) for one in operation.variables)
    head = " ".join(filter(None, (operation.kind, operation.name))) + (f"({variables})" if variables else "")
    lines = (f"  {line}" for line in selection_lines(graph.supergraph, operation.selections))
    return "\n".join((f"{head} {{", *lines, "}"))
