"""OVERRIDE_SOURCE_HAS_OVERRIDE, OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE: a field is taken over once, and from one that
can give it up."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.wording import names


def check(merged: Merged) -> Iterator[CompositionError]:
    """An overridden field has no @override itself, nor a @requires when the move is progressive."""
    for one in merged.composites():
        for field in one.fields.values():
            for graph, source in field.sources.items():
                origin = merged.gathered.graph_of(source.override.source) if source.override else None
                if origin is not None and origin in field.sources and origin != graph:
                    yield from _check(merged, f"{one.name}.{field.name}", field, graph, origin)


def _check(merged: Merged, coordinate: str, field: MergedField, graph: str, origin: str) -> Iterator[CompositionError]:
    taker, giver = merged.graph_name(graph), merged.graph_name(origin)
    involved = names(merged.gathered, [graph, origin])
    override = field.sources[graph].override
    if field.sources[origin].override is not None:
        message = (
            f'Field "{coordinate}" on subgraph "{taker}" is also marked with directive @override in subgraph "{giver}".'
            " Only one @override directive is allowed per field."
        )
        yield CompositionError("OVERRIDE_SOURCE_HAS_OVERRIDE", message, involved)
    if override is not None and override.label and field.sources[origin].requires is not None:
        message = (
            f'@override with label (progressive override) cannot be used on field "{coordinate}" on subgraph "{taker}" since'
            f' "{coordinate}" on "{giver}" is marked with directive "@requires". Use non-progressive @override (without label)'
            " for this migration."
        )
        yield CompositionError("OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE", message, involved)
