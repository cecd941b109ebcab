"""INVALID_FIELD_SHARING: a field that several subgraphs resolve is @shareable in all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.composition.merge.required import overridden_graphs
from gateway.composition.merged import Merged, MergedComposite
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, listed, names
from gateway.schema.subgraph import CompositeType, Kind


@dataclass(frozen=True, slots=True)
class _Resolver:
    """A graph that resolves the field, through an interface object if `interface` is given."""

    graph: str
    shareable: bool
    interface: str | None = None


def check(merged: Merged) -> Iterator[CompositionError]:
    """Fields of objects, including what interface objects add to them, and fields of the subscription root."""
    for one in merged.composites():
        for name, field in one.fields.items():
            coordinate = f"{one.name}.{name}"
            if one.name == "Subscription":
                yield from _check_subscription(merged, coordinate, list(field.sources))
                continue
            own = one.kind is Kind.OBJECT
            resolvers = list(_resolvers(merged, one.sources, one.name, name, None if own else one.name))
            if own and resolvers and not all(resolver.shareable for resolver in resolvers):
                resolvers += _through_interfaces(merged, one, name)
            yield from _check(merged, coordinate, resolvers)


def _check_subscription(merged: Merged, coordinate: str, graphs: list[str]) -> Iterator[CompositionError]:
    if len(graphs) > 1:
        message = (
            "Fields on root level subscription object cannot be marked as shareable:"
            f' "{coordinate}" is in {in_graphs(merged.gathered, graphs)}'
        )
        yield CompositionError("INVALID_FIELD_SHARING", message, names(merged.gathered, graphs))


def _resolvers(
    merged: Merged, sources: Mapping[str, CompositeType], owner: str, name: str, interface: str | None
) -> Iterator[_Resolver]:
    """Who resolves the field; for an interface only the graphs where it is an interface object do."""
    overridden = overridden_graphs(merged.gathered, owner, name)
    is_entity = any(source.keys for source in sources.values())
    for graph, source in sources.items():
        field = source.fields.get(name)
        if field is None or field.external or graph in overridden or (interface and not source.interface_object):
            continue
        subgraph = merged.gathered.graphs[graph].subgraph
        is_key = f"{owner}.{name}" in subgraph.usage.keys
        federation_1_extension = subgraph.is_federation_1 and field.extension and is_entity
        yield _Resolver(graph, field.shareable or is_key or federation_1_extension, interface)


def _through_interfaces(merged: Merged, one: MergedComposite, name: str) -> Iterator[_Resolver]:
    for interface in one.interfaces:
        sources = merged.gathered.composites(interface)
        for resolver in _resolvers(merged, sources, interface, name, interface):
            if f"{interface}.{name}" not in merged.gathered.graphs[resolver.graph].subgraph.usage.keys:
                yield resolver


def _check(merged: Merged, coordinate: str, resolvers: list[_Resolver]) -> Iterator[CompositionError]:
    jealous = [resolver.graph for resolver in resolvers if not resolver.shareable]
    if not jealous or len(resolvers) < 2:
        return
    said = [_said(merged, coordinate, resolver) for resolver in resolvers]
    where = "all of them" if len(jealous) == len(resolvers) else in_graphs(merged.gathered, jealous)
    message = (
        f'Non-shareable field "{coordinate}" is resolved from multiple subgraphs: it is resolved from subgraphs'
        f" {', '.join(said[:-1])} and {said[-1]} and defined as non-shareable in {where}"
    )
    graphs = dict.fromkeys(resolver.graph for resolver in resolvers)
    yield CompositionError("INVALID_FIELD_SHARING", message, names(merged.gathered, graphs))


def _said(merged: Merged, coordinate: str, resolver: _Resolver) -> str:
    name = listed([merged.graph_name(resolver.graph)])
    if resolver.interface is None:
        return name
    return f'{name} (through @interfaceObject field "{resolver.interface}.{coordinate.split(".")[1]}")'
