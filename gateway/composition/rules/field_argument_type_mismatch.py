"""FIELD_ARGUMENT_TYPE_MISMATCH: one of the types that subgraphs give an argument is acceptable to all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedComposite
from gateway.composition.result import CompositionError
from gateway.composition.type_references import merge_input
from gateway.composition.wording import differing, names
from gateway.schema.subgraph import Directive


def check(merged: Merged) -> Iterator[CompositionError]:
    """Check the arguments of fields, and of directives that several subgraphs define."""
    for one in merged.composites():
        yield from _check_fields(merged, one)
    graphs = merged.gathered.graphs
    for name in dict.fromkeys(name for graph in graphs.values() for name in graph.subgraph.directives):
        sources = {graph.id: graph.subgraph.directives[name] for graph in graphs.values() if name in graph.subgraph.directives}
        if name in merged.directives or len(sources) == len(graphs):
            yield from _check_directive(merged, name, sources)


def _check_fields(merged: Merged, one: MergedComposite) -> Iterator[CompositionError]:
    for field in one.fields.values():
        for argument in field.arguments.values():
            types = {graph: source.type for graph, source in argument.sources.items() if not _is_external(field.sources, graph)}
            yield from _check_types(merged, f"{one.name}.{field.name}({argument.name}:)", types)


def _is_external(sources: Mapping[str, object], graph: str) -> bool:
    return bool(getattr(sources.get(graph), "external", False))


def _check_directive(merged: Merged, name: str, sources: Mapping[str, Directive]) -> Iterator[CompositionError]:
    for argument in dict.fromkeys(argument for source in sources.values() for argument in source.arguments):
        types = {graph: source.arguments[argument].type for graph, source in sources.items() if argument in source.arguments}
        yield from _check_types(merged, f"@{name}({argument}:)", types)


def _check_types(merged: Merged, coordinate: str, types: Mapping[str, str]) -> Iterator[CompositionError]:
    if types and merge_input(types.values()) is None:
        quoted = {graph: f'"{one}"' for graph, one in types.items()}
        said = differing(merged.gathered, quoted, "type ")
        message = f'Type of argument "{coordinate}" is incompatible across subgraphs: it has {said}'
        yield CompositionError("FIELD_ARGUMENT_TYPE_MISMATCH", message, names(merged.gathered, types))
