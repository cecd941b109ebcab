"""FIELD_ARGUMENT_DEFAULT_MISMATCH, INPUT_FIELD_DEFAULT_MISMATCH: a default value means the same in every subgraph."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast

from gateway.composition.merged import Merged, MergedComposite, MergedInput, MergedInputObject
from gateway.composition.result import CompositionError
from gateway.composition.wording import differing, names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Subgraphs that give a default value give the same one."""
    for one in merged.types.values():
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    for argument in field.arguments.values():
                        place = f'Argument "{one.name}.{field.name}({argument.name}:)"'
                        yield from _check(merged, argument, place, "FIELD_ARGUMENT_DEFAULT_MISMATCH")
            case MergedInputObject():
                for value in one.fields.values():
                    place = f'Input field "{one.name}.{value.name}"'
                    yield from _check(merged, value, place, "INPUT_FIELD_DEFAULT_MISMATCH")


def _check(merged: Merged, one: MergedInput, place: str, code: str) -> Iterator[CompositionError]:
    defaults = {graph: print_ast(source.default) for graph, source in one.sources.items() if source.default is not None}
    if len(set(defaults.values())) > 1:
        said = differing(merged.gathered, defaults, "default value ")
        message = f"{place} has incompatible default values across subgraphs: it has {said}"
        yield CompositionError(code, message, names(merged.gathered, defaults))
