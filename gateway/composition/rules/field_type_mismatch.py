"""FIELD_TYPE_MISMATCH: one of the types that subgraphs give a field holds the values of all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedComposite, MergedInputObject
from gateway.composition.result import CompositionError
from gateway.composition.type_references import merge_input, merge_output
from gateway.composition.wording import differing, names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Check the fields of objects, interfaces and input objects."""
    for one in merged.types.values():
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    types = {graph: source.type for graph, source in field.sources.items() if not source.external}
                    if types and merge_output(types.values(), merged.gathered.is_subtype) is None:
                        yield _error(merged, f"{one.name}.{field.name}", types)
            case MergedInputObject():
                for value in one.fields.values():
                    types = {graph: source.type for graph, source in value.sources.items()}
                    if merge_input(types.values()) is None:
                        yield _error(merged, f"{one.name}.{value.name}", types)


def _error(merged: Merged, coordinate: str, types: Mapping[str, str]) -> CompositionError:
    quoted = {graph: f'"{one}"' for graph, one in types.items()}
    said = differing(merged.gathered, quoted, "type ")
    message = f'Type of field "{coordinate}" is incompatible across subgraphs: it has {said}'
    return CompositionError("FIELD_TYPE_MISMATCH", message, names(merged.gathered, types))
