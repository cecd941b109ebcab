"""`saite dev schema`: how the supergraph was read, and what clients see of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from saite.cli.dev.graph import TypeOption
from saite.cli.dev.inputs import ConfigOption, SupergraphOption, check_type, read_graph
from saite.cli.output import Format, FormatOption, clear_errors, print_json

if TYPE_CHECKING:
    from gateway.query_graph import Supergraph
    from gateway.query_graph.definitions import FieldDef, JoinField, JoinType, TypeDef

Json = dict[str, Any]


@clear_errors
def schema(
    supergraph: SupergraphOption = None,
    config: ConfigOption = None,
    type_: TypeOption = None,
    subgraph: Annotated[
        str | None, typer.Option(metavar="NAME", help="Print the schema by which fetches to this subgraph are measured.")
    ] = None,
    api: Annotated[bool, typer.Option("--api", help="Print only what clients see.")] = False,
    format_: FormatOption = Format.TEXT,
) -> None:
    """Print how the supergraph was read: which subgraph holds which type, field, member and value, and under which rules.

    Text output ends with the API schema, that is the supergraph without its machinery and without what is `@inaccessible`.

    Example: `saite dev schema --supergraph supergraph.graphql --type Product`
    """
    from graphql import print_schema, print_type

    from saite.cli.output import stop

    graph = read_graph(supergraph, config)
    check_type(graph, type_)
    read = graph.supergraph
    if subgraph is not None and subgraph not in read.subgraphs:
        stop(f"There is no subgraph {subgraph!r}; there are: {', '.join(read.subgraphs)}.")
    shown = read.api_schema if subgraph is None else read.subgraph_schema(subgraph)
    if type_ is None:
        text = print_schema(shown)
    else:
        text = print_type(shown.type_map[type_]) if type_ in shown.type_map else f"# {type_} is not there"
    if format_ is Format.JSON:
        facts = {"subgraphs": _services(read), "types": _types(read, type_), "overrideLabels": list(read.override_labels)}
        print_json({**facts, "subgraphSchema" if subgraph is not None else "apiSchema": text})
    elif api or subgraph is not None:
        typer.echo(text)
    else:
        typer.echo("\n".join((*_lines(read, type_), "What clients see", "", text)))


def _services(read: Supergraph) -> list[Json]:
    return [{"name": one.name, "graph": one.graph, "url": one.url or None} for one in read.subgraphs.values()]


def _types(read: Supergraph, only: str | None) -> list[Json]:
    return [_type_json(read, type_) for name, type_ in read.types.items() if only in (None, name)]


def _type_json(read: Supergraph, type_: TypeDef) -> Json:
    names = {graph: service.name for graph, service in read.graphs.items()}
    found: Json = {
        "name": type_.name,
        "kind": type_.kind.value,
        "subgraphs": {names[graph]: [_join_words(join) for join in joins] for graph, joins in type_.joins.items()},
    }
    if type_.fields:
        found["fields"] = [_field_json(field, names) for field in type_.fields.values()]
    if type_.implements:
        found["implements"] = {names[graph]: list(interfaces) for graph, interfaces in type_.implements.items()}
    if type_.members:
        found["members"] = {names[graph]: list(members) for graph, members in type_.members.items()}
    if type_.values:
        found["values"] = {value: sorted(names[graph] for graph in graphs) for value, graphs in type_.values.items()}
    if type_.inputs:
        found["inputFields"] = {one.name: sorted(names[graph] for graph in one.graphs or ()) for one in type_.inputs}
    return found


def _field_json(field: FieldDef, names: dict[str, str]) -> Json:
    from graphql import print_ast

    return {
        "name": field.name,
        "type": print_ast(field.type),
        "subgraphs": {names[graph]: _field_words(join) for graph, join in field.joins.items()},
    }


def _join_words(join: JoinType) -> str:
    parts = ["interface object"] if join.interface_object else []
    if join.key is not None:
        parts.append(f"key {{ {join.key} }}" + ("" if join.resolvable else " that cannot be asked for"))
    return ", ".join(parts) or "value"


def _field_words(join: JoinField) -> str:
    from graphql import print_ast

    parts = []
    if join.external:
        parts.append("external")
    if join.type is not None:
        parts.append(f"as {print_ast(join.type)}")
    if join.requires:
        parts.append(f"requires {{ {join.requires} }}")
    if join.provides:
        parts.append(f"provides {{ {join.provides} }}")
    if join.override:
        parts.append(f"overrides {join.override}")
    if join.override_label:
        parts.append(f"by the label {join.override_label}")
    if join.used_overridden:
        parts.append("overridden: only for keys and requirements")
    parts += [f"argument {one.name} from the context {one.context} {one.selection}" for one in join.context_arguments]
    return ", ".join(parts) or "resolves"


def _lines(read: Supergraph, only: str | None) -> Iterator[str]:
    yield "Subgraphs"
    yield from (f"  {one.name}  {one.url or '(no address)'}" for one in read.subgraphs.values())
    yield ""
    if read.override_labels:
        yield from ("Override labels", *(f"  {label}" for label in read.override_labels), "")
    for found in _types(read, only):
        yield f"{found['kind']} {found['name']}"
        yield from (f"  in {name}: {'; '.join(words)}" for name, words in found["subgraphs"].items())
        for field in found.get("fields", ()):
            yield f"  {field['name']}: {field['type']}"
            yield from (f"    {name}: {words}" for name, words in field["subgraphs"].items())
        yield from (f"  implements {' & '.join(names)} in {graph}" for graph, names in found.get("implements", {}).items())
        yield from (f"  members in {graph}: {' | '.join(names)}" for graph, names in found.get("members", {}).items())
        for part in ("values", "inputFields"):
            yield from (f"  {name}: {', '.join(graphs)}" for name, graphs in found.get(part, {}).items())
        yield ""
