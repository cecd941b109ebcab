"""All subgraphs side by side: the definitions of every type by graph, before anything is merged.

In: the graphs. Out: `Gathered`, which also knows what types are to each other in the supergraph (implementers, members).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.composition.graphs import Graph
from gateway.schema.subgraph import CompositeType, Kind, Type, UnionType


@dataclass(frozen=True, slots=True)
class Gathered:
    """`types`: type name → graph id → the type there. `interfaces`: what an object or interface implements anywhere."""

    graphs: Mapping[str, Graph]
    types: Mapping[str, Mapping[str, Type]]
    interfaces: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    implementers: Mapping[str, tuple[str, ...]]
    overridden: frozenset[str]
    """The coordinates (`Type.field`) that carry @override somewhere."""

    def is_subtype(self, one: str, other: str) -> bool:
        """Whether named type `one` is `other`, implements it, or is a member of it, in some subgraph."""
        return one == other or other in self.interfaces.get(one, ()) or one in self.members.get(other, ())

    def composites(self, name: str) -> dict[str, CompositeType]:
        """The object or interface definitions of `name`, by graph."""
        return {graph: one for graph, one in self.types.get(name, {}).items() if isinstance(one, CompositeType)}

    def is_interface(self, name: str) -> bool:
        """Whether the supergraph has `name` as an interface."""
        return any(one.is_interface for one in self.composites(name).values())

    def possible_types(self, name: str) -> tuple[str, ...]:
        """The object types that a value of type `name` may have in the supergraph."""
        if name in self.members:
            return self.members[name]
        if self.is_interface(name):
            return tuple(one for one in self.implementers.get(name, ()) if not self.is_interface(one))
        return (name,)

    def graph_of(self, subgraph: str) -> str | None:
        """The id of the graph of that subgraph name."""
        return next((graph.id for graph in self.graphs.values() if graph.name == subgraph), None)

    def name(self, graph: str) -> str:
        """The subgraph's name of a graph id."""
        return self.graphs[graph].name


def gather(graphs: Sequence[Graph]) -> Gathered:
    """Put the types of all graphs side by side."""
    types: dict[str, dict[str, Type]] = {}
    for graph in graphs:
        for name, one in graph.subgraph.types.items():
            types.setdefault(name, {})[graph.id] = one
    interfaces = {name: tuple(dict.fromkeys(_interfaces(sources))) for name, sources in types.items()}
    implementers: dict[str, list[str]] = {}
    for name, implemented in interfaces.items():
        for interface in implemented:
            implementers.setdefault(interface, []).append(name)
    return Gathered(
        graphs={graph.id: graph for graph in graphs},
        types=types,
        interfaces=interfaces,
        members={name: members for name, sources in types.items() if (members := tuple(dict.fromkeys(_members(sources))))},
        implementers={name: tuple(found) for name, found in implementers.items()},
        overridden=frozenset(_overridden(graphs)),
    )


def _overridden(graphs: Sequence[Graph]) -> Iterator[str]:
    for graph in graphs:
        for one in graph.subgraph.composites():
            yield from (f"{one.name}.{field.name}" for field in one.fields.values() if field.override)


def _interfaces(sources: Mapping[str, Type]) -> Iterator[str]:
    for one in sources.values():
        if isinstance(one, CompositeType):
            yield from one.interfaces


def _members(sources: Mapping[str, Type]) -> Iterator[str]:
    for one in sources.values():
        if isinstance(one, UnionType):
            yield from one.members


def kind_in_supergraph(one: Type) -> Kind:
    """The kind that a subgraph's type has in the supergraph: an @interfaceObject is an interface."""
    return Kind.INTERFACE if isinstance(one, CompositeType) and one.is_interface else one.kind
