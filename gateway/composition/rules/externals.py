"""EXTERNAL_TYPE_MISMATCH, EXTERNAL_ARGUMENT_{MISSING,TYPE_MISMATCH,DEFAULT_MISMATCH}: an @external field is told as it is."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast

from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.type_references import is_output_subtype, merge_input
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[CompositionError]:
    """External copies agree with the field that some other subgraph resolves."""
    for one in merged.composites():
        if one.kind is Kind.OBJECT:
            for field in one.fields.values():
                externals = [graph for graph in field.sources if _is_external(merged, one, field, graph)]
                if externals and len(externals) < len(field.sources):
                    yield from _check_type(merged, one, field, externals)
                    yield from _check_arguments(merged, one, field, externals)


def _is_external(merged: Merged, one: MergedComposite, field: MergedField, graph: str) -> bool:
    if not field.sources[graph].external:
        return False
    return one.sources[graph].extends_directive or not merged.gathered.graphs[graph].subgraph.is_federation_1


def _is_key(merged: Merged, coordinate: str) -> bool:
    return any(coordinate in graph.subgraph.usage.keys for graph in merged.gathered.graphs.values())


def _check_type(merged: Merged, one: MergedComposite, field: MergedField, externals: list[str]) -> Iterator[CompositionError]:
    coordinate = f"{one.name}.{field.name}"
    if _is_key(merged, coordinate):
        return
    gathered = merged.gathered
    wrong = [graph for graph in externals if not is_output_subtype(field.type, field.sources[graph].type, gathered.is_subtype)]
    if wrong:
        right = [graph for graph in field.sources if graph not in wrong]
        others = " and ".join(f'type "{field.sources[graph].type}" in {in_graphs(gathered, [graph])}' for graph in wrong)
        message = (
            f'Type of field "{coordinate}" is incompatible across subgraphs (where marked @external): it has type'
            f' "{field.type}" in {in_graphs(gathered, right)} but {others}'
        )
        yield CompositionError("EXTERNAL_TYPE_MISMATCH", message, names(gathered, field.sources))


def _check_arguments(
    merged: Merged, one: MergedComposite, field: MergedField, externals: list[str]
) -> Iterator[CompositionError]:
    coordinate = f"{one.name}.{field.name}"
    own = {graph: source for graph, source in field.sources.items() if graph not in externals}
    for name in dict.fromkeys(name for source in own.values() for name, one in source.arguments.items() if one.context is None):
        declaring = [graph for graph, source in own.items() if name in source.arguments]
        missing = [graph for graph in externals if name not in field.sources[graph].arguments]
        argument = f"{coordinate}({name}:)"
        if missing:
            message = (
                f'Field "{coordinate}" is missing argument "{argument}" in some subgraphs where it is marked @external:'
                f' argument "{argument}" is declared in {in_graphs(merged.gathered, declaring)} but not in'
                f' {in_graphs(merged.gathered, missing)} (where "{coordinate}" is @external)'
            )
            yield CompositionError("EXTERNAL_ARGUMENT_MISSING", message, names(merged.gathered, [*declaring, *missing]))
        for graph in externals:
            if graph not in missing:
                yield from _check_argument(merged, field, argument, declaring[0], graph)


def _check_argument(merged: Merged, field: MergedField, coordinate: str, own: str, external: str) -> Iterator[CompositionError]:
    name = coordinate.split("(")[1].removesuffix(":)")
    real, copy = field.sources[own].arguments[name], field.sources[external].arguments[name]
    place = f"in {in_graphs(merged.gathered, [own])} but"
    there = f"in {in_graphs(merged.gathered, [external])} (where it is marked @external)"
    involved = names(merged.gathered, [own, external])
    if merge_input([real.type, copy.type]) is None:
        message = f'Type of argument "{coordinate}" is incompatible: it is "{real.type}" {place} "{copy.type}" {there}'
        yield CompositionError("EXTERNAL_ARGUMENT_TYPE_MISMATCH", message, involved)
    ours = print_ast(real.default) if real.default else "none"
    theirs = print_ast(copy.default) if copy.default else "none"
    if ours != theirs:
        message = f'Default value of argument "{coordinate}" is incompatible: it is {ours} {place} {theirs} {there}'
        yield CompositionError("EXTERNAL_ARGUMENT_DEFAULT_MISMATCH", message, involved)
