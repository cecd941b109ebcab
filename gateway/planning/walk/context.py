"""What one planning run carries: the graph, the active override labels, memory and budgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gateway.planning.budget import Budget
from gateway.planning.walk.solution import Decided, Held, Solution
from gateway.query_graph.graph import FieldMove, Labels, Node, QueryGraph
from gateway.query_graph.selections import Selection, SelectionSet

Solve = Callable[["Context", Node, SelectionSet, bool], Solution]
Decide = Callable[["Context", Held, Iterable[Selection], bool], Decided]


@dataclass(slots=True)
class Context:
    """State of one run. `solve` and `decide` are the choosing stage's: walking calls them for what is required on the way.

    `active` holds the `@requires` fields being derived, `solving` the (node, set) pairs being solved: meeting one again is a
    circle, which answers nothing. `cuts` counts such meetings, so that what was found on the way is not remembered.
    `situations` and `numbers` tell which types of an interface have in common what is asked of them, `plain` which fields need
    nothing but a key.
    """

    graph: QueryGraph
    labels: Labels
    solve: Solve
    decide: Decide
    budget: Budget
    active: set[FieldMove] = field(default_factory=set)
    solving: set[tuple[Node, SelectionSet]] = field(default_factory=set)
    solved: dict[tuple[Node, SelectionSet, bool, frozenset[FieldMove]], Solution] = field(default_factory=dict)
    situations: dict[tuple[str, frozenset[str]], int | None] = field(default_factory=dict)
    numbers: dict[object, int] = field(default_factory=dict)
    plain: dict[tuple[str, str, bool], tuple[Node, ...]] = field(default_factory=dict)
    cuts: int = 0
    exhausted: int = 0

    def usable(self, move: FieldMove | None, for_inputs: bool) -> bool:
        """True when the field is answered there, for a client or as an input.

        A field whose arguments come from an ancestor (`@fromContext`) is no input: field sets have no ancestors.
        """
        if move is None or (move.contexts and for_inputs) or (move.for_inputs and not for_inputs):
            return False
        return move.label is None or (move.label[0] in self.labels) is move.label[1]
