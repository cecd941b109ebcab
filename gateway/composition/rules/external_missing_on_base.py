"""EXTERNAL_MISSING_ON_BASE: a field that is @external somewhere is resolved somewhere else."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[CompositionError]:
    """No field is @external in all the subgraphs that have it, unless an @interfaceObject brings it."""
    for one in merged.composites():
        if one.kind is not Kind.OBJECT:
            continue
        for field in one.fields.values():
            all_external = field.sources and all(_is_external(merged, one, field, graph) for graph in field.sources)
            if all_external and not _is_brought_by_interface_object(merged, one, field.name):
                message = (
                    f'Field "{one.name}.{field.name}" is marked @external on all the subgraphs in which it is listed'
                    f" ({in_graphs(merged.gathered, field.sources)}): one of them must resolve it."
                )
                yield CompositionError("EXTERNAL_MISSING_ON_BASE", message, names(merged.gathered, field.sources))


def _is_external(merged: Merged, one: MergedComposite, field: MergedField, graph: str) -> bool:
    subgraph = merged.gathered.graphs[graph].subgraph
    coordinate = f"{one.name}.{field.name}"
    if not field.sources[graph].external:
        return False
    if one.sources[graph].keys and coordinate in subgraph.usage.keys:
        return not one.sources[graph].extended
    return coordinate in subgraph.usage.any or not subgraph.is_federation_1


def _is_brought_by_interface_object(merged: Merged, one: MergedComposite, field: str) -> bool:
    return any(
        source.interface_object and field in source.fields and not source.fields[field].external
        for interface in one.interfaces
        for source in merged.gathered.composites(interface).values()
    )
