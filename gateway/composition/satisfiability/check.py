"""Satisfiability: every query that the supergraph's schema allows can be answered by the subgraphs.

In: the merged supergraph. Out: one error per field that some path reaches in positions from which nobody can resolve it.

Walks all fields that clients see, breadth first from the root types, together with the set of positions that execution can
hold there and the contexts that are set on the way. A type that was already walked from a subset of the present positions,
under the same contexts, need not be walked again: what fewer positions could answer, more can.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.satisfiability.moves import NO_CONTEXTS, Moves
from gateway.composition.satisfiability.positions import Contexts, Ground, Position, Positions
from gateway.composition.satisfiability.reasons import Step, unsatisfiable
from gateway.schema.subgraph import named_type

_ROOTS = (("query", "Query"), ("mutation", "Mutation"), ("subscription", "Subscription"))


_Known = dict[str, list[tuple[Positions, Contexts]]]


@dataclass(frozen=True, slots=True)
class _Visit:
    """A type to walk, the positions held there, the way to it, and the contexts that are set on the way."""

    type: str
    positions: Positions
    path: tuple[Step, ...]
    operation: str
    contexts: Contexts = NO_CONTEXTS


@dataclass(slots=True)
class _Walk:
    """A walk in progress: what is left to visit, what was visited, and what was already reported."""

    moves: Moves
    pending: deque[_Visit] = field(default_factory=deque)
    visited: _Known = field(default_factory=dict)
    walked: _Known = field(default_factory=dict)
    reported: set[tuple[Step, Positions]] = field(default_factory=set)
    answered: set[tuple[str, str]] = field(default_factory=set)
    unset: list[tuple[tuple[str, str], CompositionError]] = field(default_factory=list)
    """Fields for which some way sets no context. A planner refuses such ways; it is an error when all ways are like that."""

    def add(self, visit: _Visit) -> None:
        if _is_news(self.visited, visit, visit.positions):
            self.pending.append(visit)

    def error(self, path: tuple[Step, ...], reached: Positions, visit: _Visit) -> Iterator[CompositionError]:
        if (path[-1], reached) not in self.reported:
            self.reported.add((path[-1], reached))
            yield unsatisfiable(self.moves, path, reached, visit.operation, visit.contexts)


def _is_news(known: _Known, visit: _Visit, positions: Positions) -> bool:
    """Whether no subset of these positions, under the same contexts, is known for the type yet; they are from now on."""
    found = known.setdefault(visit.type, [])
    if any(fewer <= positions and contexts == visit.contexts for fewer, contexts in found):
        return False
    found.append((positions, visit.contexts))
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
    yield from (error for coordinate, error in walk.unset if coordinate not in walk.answered)


def _walk_abstract(walk: _Walk, visit: _Visit) -> Iterator[CompositionError]:
    moves, merged = walk.moves, walk.moves.ground.merged
    reached = moves.reach(visit.type, visit.positions)
    if not _is_news(walk.walked, visit, reached):
        return
    for concrete in moves.concrete_types(visit.type):
        positions = moves.ground.narrowed(reached, concrete)
        if not positions or _is_hidden(merged, concrete) or not moves.ground.may_be(visit.positions, concrete):
            continue
        path = (*visit.path, Step(concrete, None))
        if all(_stands_for_interface(moves, position) for position in positions):
            yield from walk.error(path, reached, visit)
        else:
            walk.add(_Visit(concrete, positions, path, visit.operation, visit.contexts))


def _stands_for_interface(moves: Moves, position: Position) -> bool:
    owner = moves.owner_at(position)
    return owner is not None and owner.interface_object


def _walk_object(walk: _Walk, visit: _Visit) -> Iterator[CompositionError]:
    merged = walk.moves.ground.merged
    owner = merged.composite(visit.type)
    if owner is None:
        return
    reached = walk.moves.reach(visit.type, visit.positions)
    if not _is_news(walk.walked, visit, reached):
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
        positions = walk.moves.step(owner.name, one.name, reached, excluded, visit.contexts)
        if positions:
            walk.answered.add((owner.name, one.name))
        elif walk.moves.step(owner.name, one.name, reached, excluded):
            walk.unset += [((owner.name, one.name), error) for error in walk.error(path, reached, visit)]
            continue
        else:
            yield from walk.error(path, reached, visit)
            continue
        if walk.moves.ground.merged.composite(target) is not None or walk.moves.is_abstract(target):
            below = visit.contexts | walk.moves.ground.supplied(owner.name)
            walk.add(_Visit(target, positions, path, visit.operation, below))


def _is_hidden(merged: Merged, name: str) -> bool:
    one = merged.types.get(name)
    return one is not None and one.marks.inaccessible
