"""What walking and choosing speak in: how each selection of a set is answered, starting at one node.

    Solution          for one selection set at one node
      ├─ picks        each selection (or the part of it for some types), the place that answers it, its child solution
      ├─ reveals      entity jumps that tell an interface object's true type, and what is solved from there
      └─ rest         what cannot be answered from this node (None: nothing)

    Jump              an entity fetch for the same object: where to, with which inputs, at which level of the chain

Costs: a fetch is worth `FETCH` and a little more the later it starts; other differences break ties.
"""

from __future__ import annotations

from dataclasses import dataclass

from gateway.query_graph.graph import EntityMove, FieldMove, Node
from gateway.query_graph.selections import Selection, SelectionSet

FETCH = 1000

CostItem = tuple[object, int]
"""A thing that is paid for once per place, and its cost: a fetch, what a fetch adds for one more type, a child solution."""


def is_for_one_type(item: CostItem) -> bool:
    """True for what only objects of one type can share."""
    return isinstance(item[0], tuple) and len(item[0]) == 3


@dataclass(frozen=True, slots=True, eq=False)
class Jump:
    """The object of type `type_name` (its types: `mask`), looked up at `move.target`.

    `inputs` are the picks whose values make the representation. `field` is the `@requires` field that the jump is for, or
    None. `closure` lists all jumps that must come before, and this one last; `items` is what they cost together.
    """

    move: EntityMove
    type_name: str
    mask: int
    inputs: tuple[Pick, ...]
    level: int
    closure: tuple[Jump, ...]
    items: frozenset[CostItem]
    field: FieldMove | None = None

    @property
    def target(self) -> Node:
        return self.move.target

    def chain(self) -> tuple[Jump, ...]:
        """The jumps before this one, and this one."""
        return (*self.closure, self)


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """`selection`, for objects of `types`, is asked at `node`, which `holding` leads to (None: where the set starts)."""

    selection: Selection
    types: int
    holding: Jump | None
    node: Node
    move: FieldMove | None
    child: Solution | None

    @property
    def level(self) -> int:
        """The level of the last fetch that this pick needs, relative to the start."""
        own = self.holding.level if self.holding else 0
        return own + (self.child.depth if self.child else 0)


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """How the selections `wanted` are answered from `node`. `cost` 0 means: by the fetch that brought us here."""

    node: Node
    wanted: SelectionSet
    picks: tuple[Pick, ...]
    reveals: tuple[tuple[Jump, Solution], ...]
    rest: SelectionSet | None
    cost: int
    depth: int

    @property
    def rest_size(self) -> int:
        return self.rest.size if self.rest else 0

    @property
    def perfect(self) -> bool:
        """True when everything is answered without another fetch."""
        return self.cost == 0 and self.rest is None


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """What is known of one object: the nodes at which it can be asked, by which jump, and what has been paid.

    `type_name` and `mask` say what the object is: an object type, or an interface for interface objects.
    """

    type_name: str
    mask: int
    start: Node
    nodes: dict[Node, Jump | None]
    paid: frozenset[CostItem]

    def with_jump(self, jump: Jump) -> Held:
        """The same object when a jump has been made."""
        nodes = dict(self.nodes)
        for one in jump.chain():
            nodes.setdefault(one.target, one)
        return Held(self.type_name, self.mask, self.start, nodes, self.paid | jump.items)

    def with_paid(self, items: frozenset[CostItem]) -> Held:
        """The same object when these items are paid as well."""
        if items <= self.paid:
            return self
        return Held(self.type_name, self.mask, self.start, self.nodes, self.paid | items)

    def added(self, items: frozenset[CostItem]) -> int:
        """What these items cost beyond what is paid."""
        return sum(cost for _, cost in items - self.paid)


@dataclass(frozen=True, slots=True, eq=False)
class Decided:
    """The picks, what is held after them, and the selections (or parts of them) that no node answers."""

    held: Held
    picks: tuple[Pick, ...]
    rest: tuple[Selection, ...]
