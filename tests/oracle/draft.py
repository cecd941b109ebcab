"""A world while it is being made: types with the subgraphs that hold each field, changed step by step, printed at the end.

The draft knows for each field its *homes* (subgraphs that resolve it) and the subgraphs that only mention it (`@external`).
`settle` closes it: whatever a subgraph mentions is declared there as well, with a key to leave by; and whatever an entity has,
some subgraph that resolves it can be entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

LEAVES = ("String", "Int", "Boolean", "Float", "ID", "E", "F", "Json")


@dataclass(slots=True)
class Home:
    """How one subgraph resolves a field. `via` names the interface object that has it; `stale`: overridden by another."""

    requires: str = ""
    provides: str = ""
    override: str = ""
    label: str = ""
    type: str = ""
    via: str = ""
    stale: bool = False
    extra_argument: str = ""


@dataclass(slots=True)
class Field:
    """A field of the whole schema. `unique`: part of a key, another value in each row."""

    name: str
    type: str
    arguments: tuple[str, ...] = ()
    homes: dict[str, Home] = field(default_factory=dict)
    mentions: set[str] = field(default_factory=set)
    unique: bool = False
    progressive: bool = False
    inaccessible: bool = False

    @property
    def target(self) -> str:
        """The named type."""
        return re.sub(r"[\[\]!]", "", self.type)

    @property
    def is_leaf(self) -> bool:
        return self.target in LEAVES

    def resolvers(self) -> list[str]:
        """The subgraphs that answer it."""
        return [name for name, home in self.homes.items() if not home.stale]

    def resolves(self, graph: str) -> bool:
        """True when `graph` answers the field on the type itself."""
        home = self.homes.get(graph)
        return home is not None and not home.stale and not home.via


@dataclass(slots=True)
class Key:
    """`homes`: subgraph → resolvable. `path`: (type, field) of everything it names."""

    text: str
    path: tuple[tuple[str, str], ...]
    homes: dict[str, bool] = field(default_factory=dict)


@dataclass(slots=True)
class Object:
    """An entity (it has keys), a value type (known whole or in parts) or a root. `contexts`: subgraph → @context."""

    name: str
    kind: str
    fields: dict[str, Field] = field(default_factory=dict)
    keys: list[Key] = field(default_factory=list)
    members_at: list[str] = field(default_factory=list)
    contexts: dict[str, str] = field(default_factory=dict)

    @property
    def is_entity(self) -> bool:
        return self.kind == "entity"

    def is_at(self, graph: str) -> bool:
        """True when the subgraph declares something of the type."""
        return any((graph in one.homes and not one.homes[graph].via) or graph in one.mentions for one in self.fields.values())


@dataclass(slots=True)
class Abstract:
    """An interface or a union. `known`: subgraph → the members it declares. `opaque`: where it is an interface object."""

    name: str
    is_union: bool
    members: list[str]
    fields: dict[str, Field] = field(default_factory=dict)
    known: dict[str, list[str]] = field(default_factory=dict)
    hubs: set[str] = field(default_factory=set)
    opaque: set[str] = field(default_factory=set)
    hidden: set[tuple[str, str]] = field(default_factory=set)


class Draft:
    """The draft of one world."""

    def __init__(self, random: Random, graphs: list[str]) -> None:
        self.random = random
        self.graphs = graphs
        self.objects: dict[str, Object] = {}
        self.abstracts: dict[str, Abstract] = {}
        self.forbidden: set[tuple[str, str]] = set()
        self.version = "2.3"
        self.enum_values: dict[str, tuple[str, ...]] = {}
        self.enum_at: dict[tuple[str, str], tuple[str, ...]] = {}
        self.input_fields: dict[str, str] = {}

    def composites(self) -> list[Object | Abstract]:
        """Every type that may have fields."""
        return [*self.objects.values(), *self.abstracts.values()]

    def values_at(self, enum: str, graph: str) -> tuple[str, ...]:
        """The values of an enum that a subgraph knows."""
        return self.enum_at.get((enum, graph), self.enum_values[enum])

    def possible(self, type_name: str) -> list[str]:
        """The object types under a name."""
        return self.abstracts[type_name].members if type_name in self.abstracts else [type_name]

    def known(self, abstract: Abstract, graph: str) -> list[str]:
        """The members a subgraph declares; drawn when first asked. The first member is known everywhere."""
        if graph in abstract.opaque or graph in abstract.hubs:
            return abstract.members
        if graph not in abstract.known:
            allowed = [one for one in abstract.members if self.allows(one, graph)]
            kept = [one for one in allowed if one == abstract.members[0] or self.random.random() < 0.7]
            abstract.known[graph] = kept
        return abstract.known[graph]

    def allows(self, type_name: str, graph: str) -> bool:
        """False when declaring the type there would bring in an implementation beside its interface object."""
        return not any((one, graph) in self.forbidden for one in self._pulled(type_name, graph, set()))

    def _pulled(self, type_name: str, graph: str, seen: set[str]) -> Iterator[str]:
        if type_name in LEAVES or type_name in seen or type_name in ("Query", "Mutation"):
            return
        seen.add(type_name)
        abstract = self.abstracts.get(type_name)
        if abstract is not None:
            if graph not in abstract.opaque:
                for member in abstract.members:
                    yield from self._pulled(member, graph, seen)
            return
        yield type_name
        entity = self.objects[type_name]
        names = {name for key in entity.keys for owner, name in key.path if owner == type_name}
        for one in entity.fields.values():
            if not entity.is_entity or one.name in names:
                yield from self._pulled(one.target, graph, seen)

    def interface_fields(self, abstract: Abstract, graph: str) -> list[Field]:
        """The fields of an interface in one subgraph: those that every member it declares has there."""
        members = [self.objects[one] for one in self.known(abstract, graph)]
        return [
            one
            for one in abstract.fields.values()
            if graph in one.mentions
            or (
                (graph, one.name) not in abstract.hidden
                and not one.homes
                and all(member.fields[one.name].resolves(graph) for member in members)
            )
        ]

    def settle(self) -> None:
        """Declare whatever is referred to, until nothing changes."""
        before = None
        while before != (before := self._size()):
            for graph in self.graphs:
                for one in list(self.objects.values()):
                    if one.is_at(graph):
                        self._settle_object(one, graph)
                for abstract in self.abstracts.values():
                    if graph in abstract.known:
                        self.refer(abstract.name, graph)
                    if graph in abstract.opaque:
                        for inner in abstract.fields.values():
                            if graph in inner.homes:
                                self.refer(inner.target, graph)
        for one in self.objects.values():
            if one.is_entity:
                _let_in(one)

    def _size(self) -> tuple[int, int, int]:
        fields = [one for kind in self.objects.values() for one in kind.fields.values()]
        keys = [key for kind in self.objects.values() for key in kind.keys]
        known = sum(len(one.known) for one in self.abstracts.values())
        return sum(len(one.homes) + len(one.mentions) for one in fields), sum(len(key.homes) for key in keys), known

    def _settle_object(self, one: Object, graph: str) -> None:
        if one.is_entity and not any(graph in key.homes for key in one.keys):
            self._add_stub(one, graph)
        for inner in one.fields.values():
            if one.kind == "value":
                inner.homes.setdefault(graph, Home())
            if (graph in inner.homes and not inner.homes[graph].via) or graph in inner.mentions:
                self.refer(inner.target, graph)

    def refer(self, type_name: str, graph: str) -> None:
        """Make sure the subgraph declares a type that it mentions."""
        if type_name in LEAVES:
            return
        abstract = self.abstracts.get(type_name)
        if abstract is None:
            self._refer_object(self.objects[type_name], graph)
        elif graph not in abstract.opaque:
            for member in self.known(abstract, graph):
                self.refer(member, graph)
            if not abstract.is_union and not self.interface_fields(abstract, graph):
                for member in self.known(abstract, graph):
                    self.objects[member].fields["id"].homes.setdefault(graph, Home())
                abstract.hidden.discard((graph, "id"))

    def _refer_object(self, one: Object, graph: str) -> None:
        if one.is_at(graph) or one.kind == "root":
            return
        if one.is_entity:
            self._add_stub(one, graph)
        else:
            for inner in one.fields.values():
                inner.homes.setdefault(graph, Home())

    def _add_stub(self, one: Object, graph: str) -> None:
        usable = [key for key in one.keys if any(key.homes.values())]
        self.add_key(self.random.choice(usable), graph, resolvable=self.random.random() < 0.4)

    def add_key(self, key: Key, graph: str, *, resolvable: bool) -> None:
        """Declare a key in a subgraph, with everything it names."""
        key.homes[graph] = resolvable
        for type_name, name in key.path:
            inner = self.objects[type_name].fields[name]
            inner.homes.setdefault(graph, Home())
            inner.mentions.discard(graph)


def _let_in(entity: Object) -> None:
    """A field that only mere references resolve (an `id` that some key or interface brought there) could not be asked for."""
    for one in entity.fields.values():
        graphs = [graph for graph in one.resolvers() if one.resolves(graph)]
        if graphs and not any(key.homes.get(graph) for key in entity.keys for graph in graphs):
            next(key for key in entity.keys if graphs[0] in key.homes).homes[graphs[0]] = True
