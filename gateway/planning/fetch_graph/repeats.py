"""The same solution at places that differ in one type condition is emitted once.

    nodes { ... on A { next { … } }  ... on B { next { … } } }     next leads to one and the same solution, through two requests

The requests below are shared: their place is widened, and they wait for both. What is selected on the objects themselves is
copied, since each request around it is still to be merged in its own way. Without this, a wide interface whose members are in
many subgraphs would be emitted once per way through the subgraphs, at every level.

Only what has all requests below it to itself is shared: a request that serves another place too could not be widened with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from gateway.planning.budget import Budget
from gateway.planning.fetch_graph.place import Place, joined_path
from gateway.planning.fetch_graph.step import Entry, FetchGraph, Step, StepPath, Tree
from gateway.planning.walk.solution import Solution


@dataclass(slots=True)
class _Emitted:
    """What was emitted: the objects' tree in its step, and the steps `first` up to `end` made below."""

    place: Place
    path: StepPath
    home: Step
    tree: Tree
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Start:
    """What there was when emitting a solution began: so many steps, so many reuses."""

    steps: int
    reuses: int


class Repeats:
    """What was emitted so far, by solution and place."""

    def __init__(self, made: FetchGraph, budget: Budget) -> None:
        self._made = made
        self._budget = budget
        self._emitted: dict[object, list[_Emitted]] = {}
        self._reused: list[_Emitted] = []

    def start(self) -> Start:
        """To be handed to `note` when the solution that is emitted now is done."""
        return Start(len(self._made.steps), len(self._reused))

    def note(self, solution: Solution, place: Place, depth: int, home: Step, tree: Tree, start: Start) -> None:
        """Remembers what was emitted for a solution since `start`, unless some of its requests are those of other places."""
        if any(one.first < start.steps for one in self._reused[start.reuses :] if one.first < one.end):
            return
        one = _Emitted(place, place.path, home, tree, start.steps, len(self._made.steps))
        self._emitted.setdefault(_key(solution, place, depth, home), []).append(one)

    def reuse(self, solution: Solution, place: Place, depth: int, home: Step, tree: Tree) -> bool:
        """Fills `tree` of the step `home` with what was emitted for the solution before; False when nothing fits.

        Only at one depth: then no chain gets longer, and no request can come to wait for itself.
        """
        for one in self._emitted.get(_key(solution, place, depth, home), ()):
            path = joined_path(one.path, place.path)
            if path is not None and self._is_alone(one):
                self._reused.append(one)
                self._widen(one, path)
                self._copy(one, home, tree)
                return True
        return False

    def _is_alone(self, one: _Emitted) -> bool:
        """False once a request below serves another place too."""
        length = len(one.path)
        return all(self._made.steps[number].path[:length] == one.path for number in range(one.first, one.end))

    def _widen(self, one: _Emitted, path: StepPath) -> None:
        """The new place for everything below; places remembered further down are inside it."""
        old = one.path
        for number in range(one.first, one.end):
            step = self._made.steps[number]
            step.path = path + step.path[len(old) :]
        for others in self._emitted.values():
            for other in others:
                if one.first <= other.first and other.end <= one.end and other.path[: len(old)] == old:
                    other.path = path + other.path[len(old) :]
        one.path = path

    def _copy(self, one: _Emitted, home: Step, tree: Tree) -> None:
        copies: dict[Tree, Tree] = {one.tree: tree}
        entries: dict[Entry, Entry] = {}
        self._fill(one.tree, tree, copies, entries)
        for number in range(one.first, one.end):
            step = self._made.steps[number]
            if one.home.id in step.waits_for:
                step.waits_for.add(home.id)
            step.needs += [(copies[of], entries[entry]) for of, entry in step.needs if entry in entries]

    def _fill(self, source: Tree, copy: Tree, copies: dict[Tree, Tree], entries: dict[Entry, Entry]) -> None:
        self._budget.spend_entry()
        for entry in source.entries.values():
            known = None if entry.child is None else copies.get(entry.child)
            child = known or (None if entry.child is None else Tree(entry.child.node))
            entries[entry] = copy.add(replace(entry, child=child))
            if entry.child is not None and child is not None and known is None:
                copies[entry.child] = child
                self._fill(entry.child, child, copies, entries)


def _key(solution: Solution, place: Place, depth: int, home: Step) -> object:
    return (solution, place.keys, place.conditions, depth, home.group)
