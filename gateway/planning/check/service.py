"""One subgraph as the checker sees it: which objects a field of it can answer, and what it resolves by itself.

What comes in: the typed supergraph. What goes out: answers about one subgraph, from its schema and its join directives.

A *world* is a pair (true type, type in the subgraph): they differ under an `@interfaceObject`, which the subgraph takes for an
object type of its own.
"""

from __future__ import annotations

from graphql import (
    DocumentNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_list_type,
    is_non_null_type,
    validate,
)

from gateway.planning.check.fields import FieldSets, Part
from gateway.query_graph.definitions import JoinField, Kind
from gateway.query_graph.supergraph import Supergraph

World = tuple[str, str]

MAX_REMEMBERED = 4096
"""How many requests `Services` remembers to be valid or not."""


class Service:
    """One subgraph."""

    def __init__(self, supergraph: Supergraph, name: str, field_sets: FieldSets) -> None:
        self.name = name
        self._supergraph = supergraph
        self._graph = supergraph.subgraphs[name].graph
        self._schema = supergraph.subgraph_schema(name)
        self._field_sets = field_sets
        self._members: dict[str, frozenset[str]] = {}

    def root(self, kind: str) -> str | None:
        """The root type for queries, mutations or subscriptions."""
        types = {
            "query": self._schema.query_type,
            "mutation": self._schema.mutation_type,
            "subscription": self._schema.subscription_type,
        }
        found = types[kind]
        return found.name if found else None

    def applies(self, runtime: str, condition: str) -> bool:
        """Whether a fragment on `condition` holds for an object that is `runtime` in this subgraph."""
        return runtime == condition or runtime in self.members(condition)

    def members(self, name: str) -> frozenset[str]:
        """The object types, as this subgraph sees them, of an interface or union; of anything else itself."""
        known = self._members.get(name)
        if known is None:
            type_ = self._schema.type_map.get(name)
            known = frozenset({name} if isinstance(type_, GraphQLObjectType) else ())
            if type_ is not None and is_abstract_type(type_):
                assert isinstance(type_, (GraphQLInterfaceType, GraphQLUnionType))
                known = frozenset(member.name for member in self._schema.get_possible_types(type_))
            self._members[name] = known
        return known

    def worlds(self, name: str) -> tuple[World, ...]:
        """What an object that this subgraph returns as `name` can be, sorted. An interface without objects counts as one."""
        found: list[World] = []
        if name in self._supergraph.bare_interfaces:
            return ((name, name),)
        for runtime in self.members(name):
            if self._supergraph.types[runtime].kind is Kind.OBJECT:
                found.append((runtime, runtime))
            else:
                possible = self._supergraph.names(self._supergraph.possible(runtime))
                found += [(true, runtime) for true in possible]
        return tuple(sorted(found))

    def runtime_of(self, sent: str, true: str) -> str | None:
        """What an entity is here that was asked for as `sent`; None when this subgraph does not know its true type."""
        type_ = self._schema.type_map.get(sent)
        if isinstance(type_, GraphQLObjectType):
            return sent
        return true if true in self.members(sent) else None

    def target(self, runtime: str, field: str) -> tuple[str, int] | None:
        """The named type of a field and how many lists are around it; None for leaves and unknown fields."""
        type_ = self._schema.type_map.get(runtime)
        definition = type_.fields.get(field) if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType)) else None
        if definition is None:
            return None
        named: GraphQLNamedType = get_named_type(definition.type)
        if not isinstance(named, (GraphQLObjectType, GraphQLInterfaceType, GraphQLUnionType)):
            return None
        return named.name, _lists(definition.type)

    def join(self, runtime: str, field: str) -> JoinField | None:
        """How this subgraph holds a field of one of its types."""
        type_ = self._supergraph.types.get(runtime)
        definition = type_.fields.get(field) if type_ else None
        return definition.joins.get(self._graph) if definition else None

    def keys(self, name: str) -> tuple[Part, ...]:
        """The keys by which this subgraph finds entities of a type."""
        type_ = self._supergraph.types.get(name)
        joins = type_.joins.get(self._graph, ()) if type_ else ()
        return tuple(self._field_sets.read(join.key) for join in joins if join.key and join.resolvable)

    def provides(self, runtime: str, field: str) -> Part | None:
        """What `@provides` on a field opens below it."""
        join = self.join(runtime, field)
        return self._field_sets.read(join.provides) if join and join.provides else None

    def supplied(self, runtime: str, field: str) -> frozenset[str]:
        """The arguments of a field that an ancestor supplies."""
        join = self.join(runtime, field)
        return frozenset(one.name for one in join.context_arguments) if join else frozenset()

    def requires(self, runtime: str, field: str) -> Part | None:
        """What a field needs in the representation."""
        join = self.join(runtime, field)
        return self._field_sets.read(join.requires) if join and join.requires else None


class Services:
    """All subgraphs of one supergraph, with what their schemas say about requests: the same for every plan."""

    def __init__(self, supergraph: Supergraph) -> None:
        self.supergraph = supergraph
        self.field_sets = FieldSets()
        self._services: dict[str, Service] = {}
        self._refusals: dict[tuple[str, str], tuple[str, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self.supergraph.subgraphs

    def __getitem__(self, name: str) -> Service:
        if name not in self._services:
            self._services[name] = Service(self.supergraph, name, self.field_sets)
        return self._services[name]

    def refusals(self, name: str, document: DocumentNode, text: str) -> tuple[str, ...]:
        """Why a subgraph refuses a request; nothing when it is valid there. `text` is what `document` was read from."""
        known = self._refusals.get((name, text))
        if known is None:
            if len(self._refusals) >= MAX_REMEMBERED:
                self._refusals.clear()
            errors = validate(self.supergraph.subgraph_schema(name), document)
            known = self._refusals[name, text] = tuple(error.message for error in errors)
        return known


def _lists(type_: GraphQLOutputType) -> int:
    depth = 0
    while is_list_type(type_) or is_non_null_type(type_):
        depth += is_list_type(type_)
        type_ = type_.of_type
    return depth
