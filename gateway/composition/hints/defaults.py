"""INCONSISTENT_DEFAULT_VALUE_PRESENCE: some subgraphs give a default value, others none."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast

from gateway.composition.merged import Merged, MergedComposite, MergedInput, MergedInputObject
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names


def check(merged: Merged) -> Iterator[Hint]:
    """Arguments and input fields with a default value only here and there."""
    for one in merged.types.values():
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    for argument in field.arguments.values():
                        yield from _check(merged, argument, f'Argument "{one.name}.{field.name}({argument.name}:)"')
            case MergedInputObject():
                for value in one.fields.values():
                    yield from _check(merged, value, f'Input field "{one.name}.{value.name}"')


def _check(merged: Merged, one: MergedInput, place: str) -> Iterator[Hint]:
    given = {graph: print_ast(source.default) for graph, source in one.sources.items() if source.default is not None}
    bare = [graph for graph in one.sources if graph not in given]
    if bare and len(set(given.values())) == 1:  # different defaults are an error
        message = (
            f"{place} has a default value in only some subgraphs: in {in_graphs(merged.gathered, given)} but not in"
            f" {in_graphs(merged.gathered, bare)}."
        )
        yield Hint("INCONSISTENT_DEFAULT_VALUE_PRESENCE", message, names(merged.gathered, one.sources))
