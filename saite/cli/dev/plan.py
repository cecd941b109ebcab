"""`saite dev plan`: the end of planning, and a proof that the plan answers the operation, or what is wrong with it."""

from __future__ import annotations

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    LabelOption,
    OperationOption,
    QueryOption,
    SupergraphOption,
    VariablesOption,
    read_document,
    read_graph,
    read_labels,
)
from saite.cli.output import NO, Format, FormatOption, clear_errors, complain, print_json


@clear_errors
def plan_(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    variables: VariablesOption = None,
    label: LabelOption = None,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print the query plan, and everything that is wrong with it.

    The plan is checked by itself, whatever made it: each request is valid in its subgraph, all inputs were fetched before, and the answers
    together have exactly the operation's shape for every possible type.

    Exit code 1 when something is wrong: then `saite dev fetch-graph` shows since which pass.

    Example: `saite dev plan --supergraph supergraph.graphql --query '{ me { name } }'`
    """
    from gateway.planning import plan, print_plan, to_json
    from gateway.planning.check import check_plan

    graph = read_graph(supergraph, config)
    document, on = read_document(graph, query, operation, variables), read_labels(graph, label)
    made = plan(graph, document, operation, active_labels=on)
    faults = check_plan(graph, document, operation, made, active_labels=on)
    if format_ is Format.JSON:
        found = [{"kind": one.kind.value, "fetch": one.fetch, "path": one.path, "message": one.message} for one in faults]
        print_json({**to_json(made), "faults": found})
    else:
        typer.echo(print_plan(made))
    for one in faults:
        complain(f"wrong: {one}")
    if faults:
        raise typer.Exit(NO)
