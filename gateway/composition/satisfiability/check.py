"""Satisfiability: every query that the supergraph's schema allows can be answered by the subgraphs.

In: the merged supergraph. Out: one error per field that some path reaches in positions from which nobody can resolve it.

Walks all fields that clients see, breadth first from the root types, together with the set of positions that execution can
hold there. A type that was already walked from a subset of the present positions need not be walked again: what fewer
positions could answer, more can.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.satisfiability.moves import Moves
from gateway.composition.satisfiability.positions import Ground, Position, Positions
from gateway.composition.satisfiability.reasons import Step, unsatisfiable
from gateway.schema.subgraph import named_type

_ROOTS = (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))


@dataclass(frozen=True, slots=True)
class _Visit:
    """A type to walk, the positions held there, and the way to it."""

    type: str
    positions: Positions
    path: tuple[Step, ...]
    operation: str


@dataclass(slots=True)
class _Walk:
    """A walk in progress: what is left to visit, what was visited, and what was already reported."""

    moves: Moves
    pending: deque[_Visit] = field(default_factory=deque)
    visited: dict[str, list[Positions]] = field(default_factory=dict)
    walked: dict[str, list[Positions]] = field(default_factory=dict)
    reported: set[tuple[Step, Positions]] = field(default_factory=set)

    def add(self, visit: _Visit) -> None:
        if _is_news(self.visited, visit.type, visit.positions):
            self.pending.append(visit)

    def error(self, path: tuple[Step, ...], reached: Positions, operation: str) -> Iterator[CompositionError]:
        if (path[-1], reached) not in self.reported:
            self.reported.add((path[-1], reached))
            yield unsatisfiable(self.moves, path, reached, operation)


def _is_news(known: dict[str, list[Positions]], type_name: str, positions: Positions) -> bool:
    """Whether no subset of these positions is known for the type yet; they are from now on."""
    found = known.setdefault(type_name, [])
    if any(fewer <= positions for fewer in found):
        return False
    found.append(positions)
    return True


def check(merged: Merged) -> Iterator[CompositionError]:
    """Walk the supergraph from its roots and tell every field that cannot be satisfied."""
    walk = _Walk(Moves(Ground(merged)))
    for operation, root in _ROOTS:
        graphs = merged.gathered.composites(root)
        if root in merged.types:
            walk.add(_Visit(root, frozenset(Position(graph, root) for graph in graphs), (), operation))
    while walk.pending:
        visit = walk.pending.popleft()
        if walk.moves.is_abstract(visit.type):
            yield from _walk_abstract(walk, visit)
        else:
            yield from _walk_object(walk, visit)


def _walk_abstract(walk: _Walk, visit: _Visit) -> Iterator[CompositionError]:
    moves, merged = walk.moves, walk.moves.ground.merged
    reached = moves.reach(visit.type, visit.positions)
    if not _is_news(walk.walked, visit.type, reached):
        return
    for concrete in moves.concrete_types(visit.type):
        positions = moves.ground.narrowed(reached, concrete)
        if not positions or _is_hidden(merged, concrete):
            continue
        path = (*visit.path, Step(concrete, None))
        if all(_stands_for_interface(moves, position) for position in positions):
            yield from walk.error(path, reached, visit.operation)
        else:
            walk.add(_Visit(concrete, positions, path, visit.operation))


def _stands_for_interface(moves: Moves, position: Position) -> bool:
    owner = moves.owner_at(position)
    return owner is not None and owner.interface_object


def _walk_object(walk: _Walk, visit: _Visit) -> Iterator[CompositionError]:
    merged = walk.moves.ground.merged
    owner = merged.composite(visit.type)
    if owner is None:
        return
    reached = walk.moves.reach(visit.type, visit.positions)
    if not _is_news(walk.walked, visit.type, reached):
        return
    for one in owner.fields.values():
        if not one.marks.inaccessible and not _is_hidden(merged, named_type(one.type)):
            yield from _walk_field(walk, visit, owner, one, reached)


def _walk_field(
    walk: _Walk, visit: _Visit, owner: MergedComposite, one: MergedField, reached: Positions
) -> Iterator[CompositionError]:
    path = (*visit.path, Step(owner.name, one.name))
    target = named_type(one.type)
    for excluded in walk.moves.ground.worlds(owner.name, one.name):
        positions = walk.moves.step(owner.name, one.name, reached, excluded)
        if not positions:
            yield from walk.error(path, reached, visit.operation)
        elif walk.moves.ground.merged.composite(target) is not None or walk.moves.is_abstract(target):
            walk.add(_Visit(target, positions, path, visit.operation))


def _is_hidden(merged: Merged, name: str) -> bool:
    one = merged.types.get(name)
    return one is not None and one.marks.inaccessible
