"""INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN: subgraphs that share a field can answer with different types."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import Hint
from gateway.composition.rules.shareable_runtime_types import runtime_types
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[Hint]:
    """Shared fields of abstract types whose possible types differ."""
    for one in merged.composites():
        if one.kind is not Kind.OBJECT:
            continue
        for field in one.fields.values():
            types = runtime_types(merged, one, field)
            if len(set(types.values())) > 1:
                said = "; ".join(
                    f"{in_graphs(merged.gathered, [graph])}: {', '.join(sorted(found))}" for graph, found in types.items()
                )
                message = (
                    f'For the shared field "{one.name}.{field.name}" of type "{field.type}" the possible runtime types differ'
                    f" between subgraphs ({said}); they must still answer with the same value."
                )
                yield Hint("INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN", message, names(merged.gathered, types))
