"""INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE, INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE: types differ, and merging chose one.

Where merging found none there is an error, and no hint.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedComposite, MergedInputObject
from gateway.composition.result import Hint
from gateway.composition.type_references import merge_input, merge_output
from gateway.composition.wording import differing, names


def check(merged: Merged) -> Iterator[Hint]:
    """Fields, arguments and input fields whose subgraphs declare different types."""
    for one in merged.types.values():
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    coordinate = f"{one.name}.{field.name}"
                    types = {graph: source.type for graph, source in field.sources.items() if not source.external}
                    if types and merge_output(types.values(), merged.gathered.is_subtype) is not None:
                        yield from _check(merged, f'field "{coordinate}"', field.type, types, "FIELD")
                    for argument in field.arguments.values():
                        types = {graph: source.type for graph, source in argument.sources.items()}
                        place = f'argument "{coordinate}({argument.name}:)"'
                        if merge_input(types.values()) is not None:
                            yield from _check(merged, place, argument.type, types, "ARGUMENT")
            case MergedInputObject():
                for value in one.fields.values():
                    types = {graph: source.type for graph, source in value.sources.items()}
                    if merge_input(types.values()) is not None:
                        yield from _check(merged, f'input field "{one.name}.{value.name}"', value.type, types, "FIELD")


def _check(merged: Merged, place: str, chosen: str, types: Mapping[str, str], kind: str) -> Iterator[Hint]:
    if len(set(types.values())) > 1:
        said = differing(merged.gathered, {graph: f'"{one}"' for graph, one in types.items()}, "type ")
        message = (
            f"Type of {place} is inconsistent but compatible across subgraphs: will use type"
            f' "{chosen}" in supergraph, but it has {said}.'
        )
        yield Hint(f"INCONSISTENT_BUT_COMPATIBLE_{kind}_TYPE", message, names(merged.gathered, types))
