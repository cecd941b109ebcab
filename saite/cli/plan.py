"""`saite plan`: how the gateway would answer an operation, and why so."""

from __future__ import annotations

from typing import Annotated

import typer

from saite.cli.dev.inputs import (
    ConfigOption,
    LabelOption,
    OperationOption,
    QueryOption,
    SupergraphOption,
    read_document,
    read_graph,
    read_labels,
)
from saite.cli.output import Format, FormatOption, clear_errors, print_json


@clear_errors
def plan_(
    query: QueryOption,
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    operation: OperationOption = None,
    label: LabelOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say in words why each request is there, instead.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print the query plan: which subgraph is asked for what, with which inputs, in which order.

    With `--format json` the plan has the shape that GraphQL tools draw:
    `{"kind": "QueryPlan", "node": {"kind": "Sequence|Parallel|Flatten|Fetch|BatchFetch|Condition", …}}`.

    With `--explain` each request says what it brings to the client and to later requests, by which key it finds its objects, what it
    waits for and why, why other subgraphs do not answer its fields, and when it is sent. `--format json` gives the same as data.

    Example: `echo '{ me { name } }' | saite plan --supergraph supergraph.graphql --query - --explain`
    """
    from gateway.planning import plan, print_plan, to_json

    graph = read_graph(supergraph, config)
    document, on = read_document(graph, query), read_labels(graph, label)
    made = plan(graph, document, operation, active_labels=on)
    if explain:
        from gateway.planning.explain import explain as explained
        from gateway.planning.explain import explanation_json, print_explanation

        why = explained(graph, document, made, operation, active_labels=on)
        if format_ is Format.JSON:
            print_json(explanation_json(why))
        else:
            typer.echo(print_explanation(why))
    elif format_ is Format.JSON:
        print_json(to_json(made))
    else:
        typer.echo(print_plan(made))
