"""The supergraph as typed data: which subgraph holds which type, field, member and value, and under which rules.

What comes in: nothing; `read_supergraph` (in `read.py`) fills these classes. What goes out: the facts that the query graph
is built from, the API schema that clients see, and each subgraph's own schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from graphql import GraphQLSchema

from gateway.query_graph.definitions import COMPOSITE, ContextArgument, Kind, SubgraphService, TypeDef, named_type
from gateway.query_graph.subgraph_schema import build_subgraph_schema


class Supergraph:
    """One supergraph. Object types are numbered, so that a set of them is an integer mask."""

    def __init__(
        self,
        types: Mapping[str, TypeDef],
        services: Mapping[str, SubgraphService],
        roots: Mapping[str, str],
        api_schema: GraphQLSchema,
    ) -> None:
        self.types = types
        self.graphs = services
        self.roots = roots
        self.api_schema = api_schema
        self.subgraphs: dict[str, SubgraphService] = {service.name: service for service in services.values()}
        self._bits = {name: 1 << number for number, name in enumerate((*self.object_names, *self.bare_interfaces))}
        self._masks: dict[str, int] = {}
        self._names: dict[int, tuple[str, ...]] = {}
        self._schemas: dict[str, GraphQLSchema] = {}

    @cached_property
    def object_names(self) -> tuple[str, ...]:
        """Every object type, sorted."""
        return tuple(sorted(name for name, type_ in self.types.items() if type_.kind is Kind.OBJECT))

    @cached_property
    def implementers(self) -> Mapping[str, tuple[str, ...]]:
        """Interface → object types that implement it in any subgraph, sorted."""
        found: dict[str, set[str]] = {}
        for name in self.object_names:
            type_ = self.types[name]
            for interface in (*type_.interfaces, *(one for names in type_.implements.values() for one in names)):
                found.setdefault(interface, set()).add(name)
        return {name: tuple(sorted(objects)) for name, objects in found.items()}

    @cached_property
    def bare_interfaces(self) -> tuple[str, ...]:
        """Interfaces that nothing implements, sorted. An interface object may still answer for them: each has a bit too."""
        interfaces = (name for name, type_ in self.types.items() if type_.kind is Kind.INTERFACE)
        return tuple(sorted(name for name in interfaces if name not in self.implementers))

    @cached_property
    def override_labels(self) -> tuple[str, ...]:
        """Every label of a progressive `@override`, sorted: the plan depends on which of them are active."""
        joins = (join for type_ in self.types.values() for field in type_.fields.values() for join in field.joins.values())
        return tuple(sorted({join.override_label for join in joins if join.override_label}))

    @cached_property
    def context_types(self) -> Mapping[str, int]:
        """Context → the object types that supply it; an interface or union supplies by each of its types."""
        found: dict[str, int] = {}
        for type_ in self.types.values():
            for name in type_.contexts:
                found[name] = found.get(name, 0) | self.possible(type_.name)
        return found

    @cached_property
    def contextual_fields(self) -> Mapping[tuple[str, str], tuple[ContextArgument, ...]]:
        """(Type, field) → the arguments that an ancestor supplies, for fields that no subgraph answers without them."""
        found: dict[tuple[str, str], tuple[ContextArgument, ...]] = {}
        for type_ in self.types.values():
            for definition in type_.fields.values():
                joins = [join for join in definition.joins.values() if not join.external]
                if joins and all(join.context_arguments for join in joins):
                    used = dict.fromkeys(one for join in joins for one in join.context_arguments)
                    found[type_.name, definition.name] = tuple(used)
        return found

    def possible(self, type_name: str) -> int:
        """The mask of object types that a value of `type_name` can have, over all subgraphs; 0 for leaves."""
        known = self._masks.get(type_name)
        if known is None:
            known = self._possible(type_name)
            self._masks[type_name] = known
        return known

    def _possible(self, type_name: str) -> int:
        type_ = self.types.get(type_name)
        if type_ is None:
            return 0
        match type_.kind:
            case Kind.OBJECT:
                return self._bits[type_name]
            case Kind.INTERFACE:
                return self.mask(self.implementers.get(type_name, (type_name,)))
            case Kind.UNION:
                return self.mask(type_.all_members)
            case _:
                return 0

    def possible_in(self, type_name: str, graph: str) -> int:
        """The mask of object types that the subgraph `graph` can answer for `type_name`."""
        type_ = self.types[type_name]
        match type_.kind:
            case Kind.OBJECT:
                return self._bits[type_name]
            case Kind.UNION:
                return self.mask(type_.members.get(graph, ()))
            case _:
                return self.mask(
                    name
                    for name in self.implementers.get(type_name, ())
                    if type_name in self.types[name].implements.get(graph, ())
                )

    def mask(self, names: Iterable[str]) -> int:
        """The mask of some object types' names."""
        mask = 0
        for name in names:
            mask |= self._bits.get(name, 0)
        return mask

    def names(self, mask: int) -> tuple[str, ...]:
        """The object types (and bare interfaces) in a mask, sorted."""
        known = self._names.get(mask)
        if known is None:
            known = tuple(sorted(name for name, bit in self._bits.items() if bit & mask))
            self._names[mask] = known
        return known

    def field_type(self, type_name: str, field_name: str) -> str | None:
        """The named composite type of a field, None for leaves and `__typename`."""
        type_ = self.types.get(type_name)
        definition = type_.fields.get(field_name) if type_ else None
        if definition is None:
            return None
        name = named_type(definition.type)
        return name if self.types[name].kind in COMPOSITE else None

    def subgraph_schema(self, name: str) -> GraphQLSchema:
        """What a fetch to the subgraph `name` may contain. Raises KeyError for an unknown name."""
        if name not in self._schemas:
            self._schemas[name] = build_subgraph_schema(self.types, self.roots, self.subgraphs[name].graph)
        return self._schemas[name]
