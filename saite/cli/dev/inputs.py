"""What every verb of `saite dev` takes: a supergraph, or the subgraphs to compose one from, and an operation.

In: options of the command line. Out: a `QueryGraph`, a parsed and validated document. Whatever is wrong with them ends the
command: exit code 1 when a stage says no (does not compose, is not valid), 2 when it could not be tried.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.output import NO, clear_errors, complain, stop

if TYPE_CHECKING:
    from graphql import DocumentNode

    from gateway.query_graph import QueryGraph

__all__ = ["clear_errors"]

SupergraphOption = Annotated[
    Path | None,
    typer.Option(
        "--supergraph", metavar="FILE", exists=True, dir_okay=False, help="A supergraph SDL, by any composer (join v0.1–v0.5)."
    ),
]
ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", metavar="FILE", exists=True, dir_okay=False, help="Compose these subgraphs instead (see `saite compose`)."
    ),
]
QueryOption = Annotated[
    str, typer.Option("--query", metavar="FILE|-|TEXT", help="A file with the operation, `-` for standard input, or its text.")
]
OperationOption = Annotated[
    str | None, typer.Option("--operation", metavar="NAME", help="Which operation, when the document has several.")
]
VariablesOption = Annotated[
    str | None,
    typer.Option(
        "--variables", metavar="JSON", help="The variables, as a JSON object: checked here; a plan is the same for all values."
    ),
]
LabelOption = Annotated[
    list[str] | None, typer.Option("--label", metavar="LABEL", help="A progressive override's label that is on; repeatable.")
]


class Picture(StrEnum):
    """How a graph is printed."""

    TEXT = "text"
    JSON = "json"
    DOT = "dot"
    MERMAID = "mermaid"


PictureOption = Annotated[
    Picture,
    typer.Option("--format", help="`text` for people, `json` for programs, `dot` for Graphviz, `mermaid` for Markdown."),
]


def read_supergraph_text(supergraph: Path | None, config: Path | None) -> str:
    """The supergraph's SDL: as given, or composed. Ends the command when the subgraphs do not compose."""
    if (supergraph is None) is (config is None):
        stop("Name the graph by either --supergraph FILE or --config FILE.")
    if supergraph is not None:
        return supergraph.read_text(encoding="utf-8")
    from gateway.composition import Failed, compose
    from saite.cli.compose import read_config

    assert config is not None
    result = compose(read_config(config))
    if isinstance(result, Failed):
        for error in result.errors:
            complain(f"error {error.code}: {error.message}")
        stop("The subgraphs do not compose: the first stage that goes wrong is composition.", NO)
    return result.supergraph_sdl


def read_graph(supergraph: Path | None, config: Path | None) -> QueryGraph:
    """The query graph of what the options name. Raises SupergraphError."""
    from gateway.query_graph import build_query_graph

    return build_query_graph(read_supergraph_text(supergraph, config))


def read_text(file: str) -> str:
    """The text of a file, of standard input for `-`, or what is no file's name but looks like an operation."""
    if file == "-":
        return sys.stdin.read()
    return file if "{" in file else Path(file).read_text(encoding="utf-8")


def read_document(graph: QueryGraph, query: str, operation: str | None = None, variables: str | None = None) -> DocumentNode:
    """The document, valid against the API schema, and the variables fit. Ends the command with every finding when not so."""
    from graphql import GraphQLError, parse, validate

    try:
        document = parse(read_text(query))
    except GraphQLError as error:
        stop(f"The operation cannot be parsed: {error}", NO)
    problems = validate(graph.supergraph.api_schema, document)
    if problems:
        stop("\n".join(f"The operation is not valid: {problem}" for problem in problems), NO)
    if variables is not None:
        _check_variables(graph, document, operation, read_variables_text(variables))
    return document


def read_variables_text(text: str) -> dict[str, object]:
    """The JSON object of `--variables`. Ends the command when it is none."""
    import json

    try:
        found = json.loads(text)
    except ValueError as error:
        stop(f"--variables is not JSON: {error}")
    if not isinstance(found, dict):
        stop("--variables is not a JSON object.")
    return found


def _check_variables(graph: QueryGraph, document: DocumentNode, name: str | None, given: dict[str, object]) -> None:
    from graphql import get_operation_ast
    from graphql.execution.values import VariableValues, get_variable_values

    operation = get_operation_ast(document, name)
    definitions = operation.variable_definitions if operation is not None else None
    found = get_variable_values(graph.supergraph.api_schema, definitions or (), given)
    if not isinstance(found, VariableValues):
        stop("\n".join(f"The variables do not fit the operation: {problem.message}" for problem in found), NO)


def read_labels(graph: QueryGraph, labels: list[str] | None) -> frozenset[str]:
    """The override labels that are on. Ends the command when the supergraph has no such label."""
    unknown = [label for label in labels or () if label not in graph.labels]
    if unknown:
        stop(f"No @override has the label {unknown[0]!r}; there are: {', '.join(graph.labels) or 'none'}.")
    return frozenset(labels or ())


def check_type(graph: QueryGraph, type_name: str | None) -> None:
    """Ends the command when the supergraph has no such type."""
    if type_name is not None and type_name not in graph.supergraph.types:
        from graphql.pyutils import did_you_mean, suggestion_list

        near = did_you_mean(suggestion_list(type_name, list(graph.supergraph.types)))
        stop(f"The supergraph has no type {type_name!r}.{near}")
