"""`saite dev graph`: the query graph, on which operations are planned."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from saite.cli.dev.inputs import ConfigOption, Picture, PictureOption, SupergraphOption, check_type, read_graph
from saite.cli.output import clear_errors, print_json

if TYPE_CHECKING:
    from gateway.query_graph import QueryGraph
    from gateway.query_graph.graph import Node

TypeOption = Annotated[str | None, typer.Option("--type", metavar="TYPE", help="Only this type, and where its fields lead.")]


@clear_errors
def graph_(
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    type_: TypeOption = None,
    format_: PictureOption = Picture.TEXT,
) -> None:
    """Print the query graph: a node for each type in each subgraph, and the moves between them.

    A field move stays in its subgraph; what it `requires` must be known of the object before. *Found by key* are the moves by which an
    object is looked up in a subgraph from wherever the key can be had. A view is a copy of a node in which `@provides` opens fields.

    Example: `saite dev graph --supergraph supergraph.graphql --type Product --format mermaid`
    """
    from gateway.query_graph.draw import draw_query_graph, query_graph_json
    from gateway.query_graph.drawing import to_dot, to_mermaid

    graph = read_graph(supergraph, config)
    check_type(graph, type_)
    match format_:
        case Picture.JSON:
            print_json(query_graph_json(graph, type_))
        case Picture.DOT:
            typer.echo(to_dot(draw_query_graph(graph, type_), "query graph"))
        case Picture.MERMAID:
            typer.echo(to_mermaid(draw_query_graph(graph, type_)))
        case Picture.TEXT:
            typer.echo("\n".join(_lines(graph, type_)))


def _lines(graph: QueryGraph, type_name: str | None) -> Iterator[str]:
    from gateway.query_graph.draw import entity_moves_of, nodes_of

    by_type: dict[str, list[Node]] = {}
    for node in nodes_of(graph, type_name):
        by_type.setdefault(node.type_name, []).append(node)
    for owner, nodes in sorted(by_type.items()):
        yield owner
        for node in nodes:
            yield from _node_lines(graph, node)
        for move in entity_moves_of(graph, owner):
            how = f"found by its key {{ {move.key_text} }}" if move.key is not None else "asked at the root"
            yield f"  {how} as {_place(graph, move.target)}"
        yield ""


def _node_lines(graph: QueryGraph, node: Node) -> Iterator[str]:
    from gateway.query_graph.draw import requirement

    yield f"  {_place(graph, node)} ({node.kind.value})" if node.graph else "  before any subgraph"
    for move in node.fields.values():
        target = f" → {_place(graph, move.target)}" if move.target is not None and move.target.view else ""
        text = requirement(graph, move)
        yield f"    {move.name}: {move.shape}{target}{f'  {text}' if text else ''}"
    if node.members:
        yield f"    may be {', '.join(_place(graph, member) for member in node.members.values())}"


def _place(graph: QueryGraph, node: Node) -> str:
    subgraph = graph.supergraph.graphs[node.graph].name if node.graph else "no subgraph"
    view = f" in the view {node.view}" if node.view else ""
    return f"{node.type_name} in {subgraph}{view}"
