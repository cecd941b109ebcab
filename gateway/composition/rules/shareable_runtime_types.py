"""SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES: subgraphs that share a field can answer with at least one common type."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merge.required import overridden_graphs
from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind, named_type


def check(merged: Merged) -> Iterator[CompositionError]:
    """The possible types of a shared field of abstract type overlap in all subgraphs that resolve it."""
    for one in merged.composites():
        if one.kind is not Kind.OBJECT:
            continue
        for field in one.fields.values():
            types = runtime_types(merged, one, field)
            if len(types) > 1 and not frozenset.intersection(*types.values()):
                said = "; ".join(
                    f"{in_graphs(merged.gathered, [graph])}: {', '.join(sorted(found)) or 'none'}"
                    for graph, found in types.items()
                )
                message = (
                    f'For the field "{one.name}.{field.name}" of type "{field.type}", which several subgraphs share, there is'
                    " no runtime type that all of them can answer with, so an operation on it could not be answered the same"
                    f" way everywhere ({said}). Give the shared field's type at least one common possible type, or do not"
                    " share it."
                )
                yield CompositionError("SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES", message, names(merged.gathered, types))


def runtime_types(merged: Merged, one: MergedComposite, field: MergedField) -> dict[str, frozenset[str]]:
    """The possible types of a field by resolving graph; empty unless it is abstract and its types are known everywhere."""
    if named_type(field.type) not in merged.gathered.members and not merged.gathered.is_interface(named_type(field.type)):
        return {}
    overridden = overridden_graphs(merged.gathered, one.name, field.name)
    found: dict[str, frozenset[str]] = {}
    for graph, source in field.sources.items():
        if source.external or graph in overridden:
            continue
        subgraph = merged.gathered.graphs[graph].subgraph
        target = subgraph.composite(named_type(source.type))
        if target is not None and target.interface_object:
            return {}
        found[graph] = frozenset(subgraph.members(named_type(source.type)))
    return found
