"""What emitting speaks in: where things are written, and what they contribute to a representation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

from gateway.planning.fetch_graph.picks import all_of
from gateway.planning.fetch_graph.place import Place
from gateway.planning.fetch_graph.step import Entry, OnMask, Step, StepPath, Tree, joined_fields
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import Each, Key, RequiredField, RequiredFragment
from gateway.planning.walk.solution import Jump, Pick, Solution
from gateway.query_graph.selections import Conditions

Required = tuple[RequiredField | RequiredFragment, ...]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where selections on an object are written. `outer`: conditions of the place, which a step's root does not have yet."""

    step: Step
    tree: Tree
    outer: Conditions = ()


Supplies = Mapping[str, "Supplier"]
"""What is supplied → the nearest ancestor that supplies it."""


@dataclass(slots=True)
class Here:
    """One solution being emitted at one place.

    `mask`: the object types that a representation made here is for. `depth`: how many requests come before the place.
    `above`: the contexts that ancestors supply. `steps`: by subgraph and level, the step that plain jumps of all types share
    from the start, so that wide interfaces do not make a step per type.
    """

    place: Place
    mask: int
    depth: int
    home: Cursor | None
    users: dict[Jump, Conditions]
    above: Supplies
    cursors: dict[Jump, Cursor] = field(default_factory=dict)
    steps: dict[tuple[str, int, str] | None, Step] = field(default_factory=dict)

    def inner_place(self, pick: Pick, types: int, entry: Entry) -> Place:
        """The place of the objects under `entry`, asked for objects of `types` here."""
        assert pick.move is not None
        assert pick.move.target is not None
        place = self.place
        path: StepPath = place.path
        if types & place.mask != place.mask:
            path = (*path, OnMask(types & place.mask, place.mask))
        path = (*path, Key(entry.key), *(Each(),) * pick.move.list_depth)
        conditions = all_of(place.conditions, entry.conditions)
        return Place(path, (*place.keys, entry.key), pick.move.target.mask, conditions, place.sets_under(entry.key))

    def seen_by(self, jump: Jump) -> Here:
        """The same place seen by one object type: a representation's fields need no type condition of their own."""
        return replace(self, mask=jump.mask & self.place.mask)


@dataclass(frozen=True, slots=True)
class Supplier:
    """Picks that supply a context, and the place they are at."""

    here: Here
    picks: tuple[Pick, ...]
    types: int


@dataclass(slots=True)
class Needs:
    """What emitted picks contribute to a representation, and the steps that bring it."""

    fields: Required = ()
    steps: set[int] = field(default_factory=set)

    def add(self, other: Needs) -> None:
        """Takes in what another pick contributes."""
        self.fields = joined_fields(self.fields, other.fields)
        self.steps |= other.steps


class SupplyNames:
    """The variables of supplied values: none of the client's."""

    def __init__(self, operation: Operation) -> None:
        self._taken = {one.variable.name.value for one in operation.variables}
        self._known: dict[object, str] = {}

    def name_of(self, *value: object) -> str:
        """The name of a value, the same whenever it is asked for."""
        known = self._known.get(value)
        if known is None:
            known = f"contextualArgument_{len(self._known)}"
            while known in self._taken:
                known = f"_{known}"
            self._known[value] = known
        return known


def suppliers_of(solution: Solution, here: Here) -> dict[str, Supplier]:
    """The contexts that picks of a solution supply, for the types that they cover."""
    found: dict[str, list[Pick]] = {}
    for pick in solution.picks:
        if pick.selection.supplies:
            found.setdefault(pick.selection.supplies, []).append(pick)
    return {
        supply: Supplier(here, tuple(picks), reduce(or_, (pick.types for pick in picks))) for supply, picks in found.items()
    }
