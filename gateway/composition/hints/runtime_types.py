"""INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN: subgraphs that share a field can answer with different types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedField
from gateway.composition.result import Hint
from gateway.composition.rules.shareable_runtime_types import runtime_types
from gateway.composition.type_references import merge_output
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[Hint]:
    """Shared fields of abstract types whose possible types differ."""
    for one in merged.composites():
        if one.kind is not Kind.OBJECT:
            continue
        for field in one.fields.values():
            types = runtime_types(merged, one, field)
            if len(set(types.values())) > 1 and not _is_error(merged, field, types):
                said = "; ".join(
                    f"{in_graphs(merged.gathered, [graph])}: {', '.join(sorted(found))}" for graph, found in types.items()
                )
                message = (
                    f'For the shared field "{one.name}.{field.name}" of type "{field.type}" the possible runtime types differ'
                    f" between subgraphs ({said}); they must still answer with the same value."
                )
                yield Hint("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", message, names(merged.gathered, types))


def _is_error(merged: Merged, field: MergedField, types: Mapping[str, frozenset[str]]) -> bool:
    """Whether the field's types have nothing in common, or cannot be merged at all."""
    declared = [source.type for source in field.sources.values() if not source.external]
    if merge_output(declared, merged.gathered.is_subtype) is None:
        return True
    return not frozenset.intersection(*types.values())
