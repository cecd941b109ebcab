"""Where execution can stand: a type in a graph, perhaps with fields that a @provides brought along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.composition.merge.required import overridden_graphs
from gateway.composition.merged import Merged
from gateway.schema.field_sets import selected, split_context
from gateway.schema.subgraph import CompositeType, Field, Subgraph, UnionType

Selections = tuple[SelectionNode, ...]


@dataclass(frozen=True, slots=True)
class Position:
    """In graph `graph`, at a value of its type `type`; `provided` selects what is there although it is external."""

    graph: str
    type: str
    provided: Selections = ()


Positions = frozenset[Position]
Contexts = frozenset[tuple[str, str]]
"""(graph, context): the contexts that the types on the way to a value set, by the graph whose @context it is."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds in the subgraphs wherever execution stands."""

    merged: Merged

    def subgraph(self, graph: str) -> Subgraph:
        """The subgraph of a graph."""
        return self.merged.gathered.graphs[graph].subgraph

    def type_at(self, position: Position) -> CompositeType | None:
        """The object or interface at a position."""
        return self.subgraph(position.graph).composite(position.type)

    def field_at(self, position: Position, name: str) -> Field | None:
        """The field at a position, whether it can be resolved there or not."""
        owner = self.type_at(position)
        return owner.fields.get(name) if owner else None

    def is_resolvable(self, position: Position, name: str) -> bool:
        """Whether the graph resolves the field here: it has it, nobody took it over, and it is its own or provided."""
        field = self.field_at(position, name)
        if field is None or self.is_overridden(position, name):
            return False
        return not field.external or self.is_own_key(position, name) or bool(provides(position.provided, name))

    def is_own_key(self, position: Position, name: str) -> bool:
        """Whether an external field is a key field of an extension, which counts as the graph's own."""
        owner = self.type_at(position)
        coordinate = f"{position.type}.{name}"
        usage = self.subgraph(position.graph).usage
        return owner is not None and owner.extended and bool(owner.keys) and coordinate in usage.keys

    def is_overridden(self, position: Position, name: str) -> bool:
        """Whether another graph took the field over for good."""
        overridden = overridden_graphs(self.merged.gathered, position.type, name)
        return position.graph in overridden and overridden[position.graph] is None

    def supplied(self, concrete: str) -> Contexts:
        """The contexts that objects of a type set for what is below them, also as an interface's or a union's."""
        gathered = self.merged.gathered
        unions = (name for name, members in gathered.members.items() if concrete in members)
        return frozenset(
            (graph, context)
            for name in (concrete, *gathered.interfaces.get(concrete, ()), *unions)
            for graph, one in gathered.types[name].items()
            if isinstance(one, CompositeType | UnionType)
            for context in one.contexts
        )

    def needed(self, position: Position, name: str) -> Contexts:
        """The contexts that the graph takes arguments of the field from."""
        field = self.field_at(position, name)
        texts = (split_context(one.context or "") for one in field.arguments.values()) if field else ()
        return frozenset((position.graph, parts[0]) for parts in texts if parts is not None)

    def worlds(self, type_name: str, field: str) -> tuple[frozenset[str], ...]:
        """The graphs that do not resolve the field, for each way a progressive override can be decided.

        One empty set when there is no progressive override.
        """
        if f"{type_name}.{field}" not in self.merged.gathered.overridden:
            return (frozenset(),)
        sources = self.merged.gathered.composites(type_name)
        givers = {graph for graph, label in overridden_graphs(self.merged.gathered, type_name, field).items() if label}
        takers = {
            graph
            for graph, one in sources.items()
            if field in one.fields and (override := one.fields[field].override) is not None and override.label
        }
        return (frozenset(givers), frozenset(takers)) if givers else (frozenset(),)

    def narrowed(self, positions: Positions, concrete: str) -> Positions:
        """The positions once the value is known to be of object type `concrete`."""
        return frozenset(self._narrowed(positions, concrete))

    def may_be(self, positions: Positions, concrete: str) -> bool:
        """Whether a value found at all these positions may be of object type `concrete`.

        Subgraphs that share a field give the same value: what one of them promises never to return, none returns.
        """
        return all(self.narrowed(frozenset({position}), concrete) for position in positions)

    def _narrowed(self, positions: Positions, concrete: str) -> Iterator[Position]:
        for position in positions:
            owner = self.type_at(position)
            if owner is not None and owner.interface_object:
                if position.type in self.merged.gathered.interfaces.get(concrete, ()):
                    yield position
            elif concrete in self.subgraph(position.graph).members(position.type):
                yield Position(position.graph, concrete, self._provided_for(position.provided, concrete))

    def _provided_for(self, provided: Selections, concrete: str) -> Selections:
        kept: list[SelectionNode] = []
        for selection in provided:
            match selection:
                case FieldNode():
                    kept.append(selection)
                case InlineFragmentNode():
                    on = selection.type_condition.name.value if selection.type_condition else concrete
                    if self.merged.gathered.is_subtype(concrete, on):
                        kept.extend(self._provided_for(tuple(selection.selection_set.selections), concrete))
        return tuple(kept)


def provides(provided: Selections, name: str) -> list[FieldNode]:
    """The selections of a field in what is provided."""
    return [one for one in provided if isinstance(one, FieldNode) and one.name.value == name]


def provided_under(provided: Selections, field: Field) -> Selections:
    """What is provided below a field: by its own @provides and by what was provided already."""
    own = field.provides.selections if field.provides else ()
    return (*own, *(inner for one in provides(provided, field.name) for inner in selected(one)))
