"""How execution moves: by fields inside a graph, and by keys from graph to graph.

The positions that execution can hold at one time are a set. `reach` closes it over moves by key; `step` follows a field from
all of them. A key or @requires may itself need fields of other graphs, so both call each other. The fields of a key are never
fetched from the graph that the key leads to (those graphs are `barred`), as every planner has it; that also ends all circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import FieldNode, InlineFragmentNode, SelectionNode

from gateway.composition.merge.objects import QUERY
from gateway.composition.satisfiability.positions import Contexts, Ground, Position, Positions, Selections, provided_under
from gateway.schema.field_sets import print_selections, selected
from gateway.schema.subgraph import CompositeType, Field, Kind, named_type

Graphs = frozenset[str]
NONE: Graphs = frozenset()
NO_CONTEXTS: Contexts = frozenset()


def _graphs(positions: Iterable[Position]) -> Graphs:
    return frozenset(position.graph for position in positions)


@dataclass(slots=True)
class Moves:
    """Answers questions about moves; keeps the answers."""

    ground: Ground
    _reached: dict[tuple[str, Positions, Graphs], Positions] = field(default_factory=dict)
    _open: set[tuple[str, Positions, Graphs]] = field(default_factory=set)
    _required: set[tuple[str, str, Positions]] = field(default_factory=set)

    def reach(self, type_name: str, positions: Positions, barred: Graphs = NONE) -> Positions:
        """All positions that execution can take at a value of `type_name`, from `positions` and by any keys."""
        question = (type_name, positions, barred)
        known = self._reached.get(question)
        if known is not None:
            return known
        if question in self._open:
            return positions
        self._open.add(question)
        reached = positions
        entered: dict[Position, frozenset[str]] = {}
        while found := dict(self._by_keys(type_name, reached, entered, barred)):
            entered |= found
            reached |= frozenset(found)
        self._open.discard(question)
        if not self._open:  # inside another question the answer may still be too small
            self._reached[question] = reached
        return reached

    def _by_keys(
        self, type_name: str, reached: Positions, entered: Mapping[Position, frozenset[str]], barred: Graphs
    ) -> Iterator[tuple[Position, frozenset[str]]]:
        """New positions with the keys that lead there.

        Where execution came by a key it does not leave by the same key: it could have gone on directly. Planners rely on it.
        """
        here = {(position.graph, position.type) for position in reached}
        for target in self.targets(type_name):
            if (target.graph, target.type) in here or target.graph in barred:
                continue
            owner = self.ground.type_at(target)
            assert owner is not None
            keys: set[str] = {QUERY} if type_name == QUERY else set()
            for key in owner.keys:
                text = print_selections(key.fields.selections)
                starts = frozenset(position for position in reached if entered.get(position) != frozenset({text}))
                if key.resolvable and self.selects(type_name, starts, key.fields.selections, barred | {target.graph}):
                    keys.add(text)
            if keys:
                yield target, frozenset(keys)

    def targets(self, type_name: str) -> Iterator[Position]:
        """Where a value of the type could be looked up: its own definitions, and interface objects that stand for it."""
        gathered = self.ground.merged.gathered
        for graph in gathered.composites(type_name):
            yield Position(graph, type_name)
        for interface in gathered.interfaces.get(type_name, ()):
            for graph, source in gathered.composites(interface).items():
                if source.interface_object:
                    yield Position(graph, interface)

    def step(
        self, type_name: str, name: str, reached: Positions, excluded: Graphs = NONE, contexts: Contexts | None = None
    ) -> Positions:
        """The positions at the value of a field, from every graph that can resolve it (and is not excluded).

        `contexts` are set on the way: a graph that takes an argument from another one cannot. None: whatever is needed is set.
        """
        if contexts is not None:
            excluded |= _graphs(position for position in reached if not self.ground.needed(position, name) <= contexts)
        return frozenset(self._step(type_name, name, reached, excluded, NONE))

    def _step(self, type_name: str, name: str, reached: Positions, excluded: Graphs, barred: Graphs) -> Iterator[Position]:
        for position in reached:
            found = self.ground.field_at(position, name)
            if found is None or position.graph in excluded or not self.ground.is_resolvable(position, name):
                continue
            if found.requires is None or self.requirements_met(type_name, reached, position, found, barred):
                yield Position(position.graph, named_type(found.type), provided_under(position.provided, found))

    def requirements_met(self, type_name: str, reached: Positions, position: Position, found: Field, barred: Graphs) -> bool:
        """Whether what the field @requires can be fetched, and execution can come back with it by a key."""
        assert found.requires is not None
        owner = self.ground.type_at(position)
        question = (position.graph, f"{position.type}.{found.name}", reached)
        if question in self._required or owner is None or not any(key.resolvable for key in owner.keys):
            return False  # a field cannot come before itself
        if self._rests_on_own_moving_field(position.graph, type_name, found.requires.selections):
            return False
        self._required.add(question)
        met = self.selects(type_name, reached, found.requires.selections, barred)
        self._required.discard(question)
        return met

    def _rests_on_own_moving_field(self, graph: str, type_name: str, selections: Selections) -> bool:
        """Whether a graph requires a field that is moving to or from it.

        It would be the graph's own in one request and another's in the next; composers agree to refuse that.
        """
        for selection in selections:
            if isinstance(selection, InlineFragmentNode):
                on = selection.type_condition.name.value if selection.type_condition else type_name
                if self._rests_on_own_moving_field(graph, on, tuple(selection.selection_set.selections)):
                    return True
            elif isinstance(selection, FieldNode):
                name = selection.name.value
                if any(graph in world for world in self.ground.worlds(type_name, name)):
                    return True
                owner = self.ground.merged.composite(type_name)
                inner = owner.fields.get(name) if owner else None
                if inner and self._rests_on_own_moving_field(graph, named_type(inner.type), selected(selection)):
                    return True
        return False

    def selects(self, type_name: str, reached: Positions, selections: Selections, barred: Graphs) -> bool:
        """Whether all of these selections can be fetched at a value of `type_name`."""
        return all(self._selects(type_name, reached, selection, barred) for selection in selections)

    def _selects(self, type_name: str, reached: Positions, selection: SelectionNode, barred: Graphs) -> bool:
        match selection:
            case FieldNode():
                return selection.name.value == "__typename" or self._selects_field(type_name, reached, selection, barred)
            case InlineFragmentNode():
                on = selection.type_condition.name.value if selection.type_condition else type_name
                inner = tuple(selection.selection_set.selections)
                concretes = self.concrete_types(on)
                narrowed = [(concrete, self.ground.narrowed(reached, concrete)) for concrete in concretes]
                return all(
                    self.selects(concrete, self.reach(concrete, positions, barred), inner, barred)
                    for concrete, positions in narrowed
                    if positions
                )
            case _:
                return False

    def _selects_field(self, type_name: str, reached: Positions, node: FieldNode, barred: Graphs) -> bool:
        if self.is_abstract(type_name):
            narrowed = [(one, self.ground.narrowed(reached, one)) for one in self.concrete_types(type_name)]
            possible = [(one, positions) for one, positions in narrowed if positions]
            if possible and not self._is_interface_object_only(reached):
                return all(
                    self._selects_field(one, self.reach(one, positions, barred), node, barred) for one, positions in possible
                )
        worlds = self.ground.worlds(type_name, node.name.value)  # who has a field on the move is decided when an operation runs
        return all(self._selects_in(type_name, reached, node, barred, excluded) for excluded in worlds)

    def _selects_in(self, type_name: str, reached: Positions, node: FieldNode, barred: Graphs, excluded: Graphs) -> bool:
        name, inner = node.name.value, selected(node)
        # A field set has no ancestors that could set a context.
        excluded |= _graphs(position for position in reached if self.ground.needed(position, name))
        positions = frozenset(self._step(type_name, name, reached, excluded, barred))
        if not positions or not inner:
            return bool(positions)
        target = self.output_type(type_name, name, positions)
        return self.selects(target, self.reach(target, positions, barred), inner, barred)

    def _is_interface_object_only(self, reached: Positions) -> bool:
        owners = (self.ground.type_at(position) for position in reached)
        return all(owner is not None and owner.interface_object for owner in owners)

    def output_type(self, type_name: str, name: str, positions: Positions) -> str:
        """The supergraph's type of a field; a field that only interface objects have takes theirs."""
        owner = self.ground.merged.composite(type_name)
        found = owner.fields.get(name) if owner else None
        return named_type(found.type) if found else min(position.type for position in positions)

    def is_abstract(self, type_name: str) -> bool:
        """Whether the supergraph's type is an interface or a union."""
        one = self.ground.merged.types.get(type_name)
        return one is not None and one.kind in {Kind.INTERFACE, Kind.UNION}

    def concrete_types(self, type_name: str) -> tuple[str, ...]:
        """The object types of the supergraph that a value of the type may have."""
        return self.ground.merged.gathered.possible_types(type_name)

    def owner_at(self, position: Position) -> CompositeType | None:
        """The type at a position."""
        return self.ground.type_at(position)
