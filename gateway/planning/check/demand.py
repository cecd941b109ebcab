"""What the client asks: does each response key get its value, the right one, for objects of each type?

What comes in: things and the client's operation. What goes out: faults, and marks on the fields that the answer uses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
)

from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import Asked, Part, Parts, collect, print_field
from gateway.planning.check.needed import Needed
from gateway.planning.check.thing import Thing, Things
from gateway.planning.check.when import ALWAYS, any_of, both, can_meet, implies, print_when
from gateway.query_graph.supergraph import Supergraph


class Demand:
    """The checks of the answer's shape. `needed` is told what of the requests they use."""

    def __init__(self, supergraph: Supergraph, document: DocumentNode, things: Things, faults: Faults, needed: Needed) -> None:
        self._schema = supergraph.api_schema
        self._things = things
        self._faults = faults
        self._needed = needed
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._seen: set[tuple[object, ...]] = set()
        self._dependent: dict[tuple[object, ...], bool] = {}
        self._members: dict[str, frozenset[str]] = {}

    def check(self, operation: OperationDefinitionNode) -> None:
        """The whole operation, from the root."""
        root = self._things.root
        self._check(root, (Part(operation.selection_set, ALWAYS),), root.type)

    def root_keys(self, operation: OperationDefinitionNode) -> list[str]:
        """The response keys of the root fields, in the order in which the operation asks for them."""
        return [one.key for one in self._collect((Part(operation.selection_set, ALWAYS),), self._things.root.type).values()]

    def _check(self, thing: Thing, parts: Parts, declared: str) -> None:
        seen = (id(thing), declared, tuple((id(part.node), part.when) for part in parts))
        if seen in self._seen or self._possible(thing.type) != {thing.type}:
            return
        self._seen.add(seen)
        asked = self._collect(parts, thing.type)
        self._check_told(thing, parts, declared)
        for one in asked.values():
            if not one.name.startswith("__"):
                self._check_field(thing, one)

    def _check_field(self, thing: Thing, one: Asked) -> None:
        field = f"{thing.type}.{print_field(one.name, one.arguments)}"
        when = both(one.when, thing.exists())
        entries = thing.given(one.key, one.name, one.arguments)
        for entry in thing.entries.get(one.key, ()):
            if entry not in entries and can_meet(entry.when, when):
                other = print_field(entry.name, entry.arguments)
                self._report(FaultKind.WRONG, entry.source.delivery.id, thing, one.key, f"the key of {field} gets {other}")
        there = any_of(entry.when for entry in entries)
        own = [entry for entry in entries if not entry.is_overridden]
        if entries != own and not implies(both(when, there), any_of(entry.when for entry in own)):
            service = entries[0].source.service.name
            self._report(
                FaultKind.UNRESOLVABLE, None, thing, one.key, f"{field} of {service} is overridden by another subgraph"
            )
        if not implies(when, there):
            self._report(
                FaultKind.MISSING, None, thing, one.key, f"{field} is asked {print_when(when)} and given {print_when(there)}"
            )
        self._needed.mark(entries, when)
        target = self._target(thing.type, one.name)
        if target is None:
            return
        for child in self._things.children(thing, one.key):
            below = tuple(Part(part.node, inside) for part in one.below if (inside := both(part.when, child.exists())))
            if below:
                self._check(child, below, target)

    def _check_told(self, thing: Thing, parts: Parts, declared: str) -> None:
        """The true type is told where the shape depends on it."""
        if not self._depends_on_type(parts, declared):
            return
        when = both(any_of(part.when for part in parts), thing.exists())
        told = thing.told().get(thing.type, frozenset())
        if not implies(when, told):
            message = f"the shape depends on its being a {thing.type}, told {print_when(told)}"
            self._report(FaultKind.TYPE, None, thing, "__typename", message)

    def _depends_on_type(self, parts: Parts, declared: str) -> bool:
        """Whether objects of `declared` show different things by their type."""
        key = (declared, tuple((id(part.node), part.when) for part in parts))
        known = self._dependent.get(key)
        if known is None:
            first, *others = sorted(self._possible(declared))
            asked = self._collect(parts, first)
            shows = any(one.name == "__typename" for one in asked.values())
            same = not shows and all(self._is_same(first, asked, self._collect(parts, other)) for other in others)
            known = self._dependent[key] = bool(others) and not same
        return known

    def _is_same(
        self, type_: str, one: Mapping[tuple[str, str, str], Asked], other: Mapping[tuple[str, str, str], Asked]
    ) -> bool:
        """Whether objects for which `one` is asked show the same as those for which `other` is."""
        if one.keys() != other.keys():
            return False
        return all(one[key].when == other[key].when and self._is_same_below(type_, one[key], other[key]) for key in one)

    def _is_same_below(self, type_: str, one: Asked, other: Asked) -> bool:
        parts = [{(id(part.node), part.when) for part in asked.below} for asked in (one, other)]
        target = self._target(type_, one.name) if one.below else None
        if target is None or parts[0] == parts[1]:
            return True
        return all(
            self._is_same(inner, self._collect(one.below, inner), self._collect(other.below, inner))
            for inner in self._possible(target)
        )

    def _collect(self, parts: Iterable[Part], type_: str) -> dict[tuple[str, str, str], Asked]:
        return collect(parts, lambda condition: type_ in self._possible(condition), self._fragments)

    def _possible(self, name: str) -> frozenset[str]:
        known = self._members.get(name)
        if known is None:
            type_ = self._schema.type_map.get(name)
            known = frozenset({name} if type_ is not None else ())
            if type_ is not None and is_abstract_type(type_):
                members = self._schema.get_possible_types(type_)
                known = frozenset(one.name for one in members) or known
            self._members[name] = known
        return known

    def _target(self, type_: str, field: str) -> str | None:
        parent = self._schema.type_map[type_]
        assert isinstance(parent, (GraphQLObjectType, GraphQLInterfaceType))
        named = get_named_type(parent.fields[field].type)
        return named.name if is_composite_type(named) else None

    def _report(self, kind: FaultKind, fetch: int | None, thing: Thing, key: str, message: str) -> None:
        self._faults.add(kind, fetch, f"{thing.path}.{key}" if thing.path else key, message)
