"""The candidate paths of every leaf: all ways on which the walk could answer it, with what each costs, and the chosen one.

In: what `stages.walk` found. Out: a `Leaf` per leaf of the operation (and per group of object types that have the same paths).

    candidates(place)                       from every candidate path that reaches the place, for every object type there
        for each selection
            find_options, take              the walk's own: which nodes have the field, by which jumps
            a leaf                          one candidate path each
            an object                       goes on from there, at most `limit` cheapest paths

A path is costed alone: what another leaf pays anyway is not taken off. The chosen path is that of the solution, in which
leaves share their jumps; it may be dearer than another when looked at alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from gateway.planning.choose.decide import hold
from gateway.planning.walk.options import find_options, take
from gateway.planning.walk.reach import gather, have, make_jump
from gateway.planning.walk.solution import FETCH, Held, Jump, Pick, Solution
from gateway.query_graph.graph import Node, NodeKind, QueryGraph
from gateway.query_graph.selection_text import selection_line
from gateway.query_graph.selections import Selection, SelectionSet
from saite.cli.dev.stages import Walked, parts_of

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hop:
    """One move: a field asked in `subgraph`, or (with a `key`) the object looked up there; `key` is empty at a root type.

    `requires` is what the look-up carries beside the key, for a field with `@requires`.
    """

    subgraph: str
    field: str = ""
    key: str | None = None
    requires: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One way to a leaf. `requests`: how many it takes; `cost` is the planner's own number for them."""

    hops: tuple[Hop, ...]
    cost: int

    @property
    def requests(self) -> int:
        return self.cost // FETCH


@dataclass(frozen=True, slots=True)
class Leaf:
    """`place`: response keys from the root. `types`: the object types that have the field there.

    `chosen` and `paths` tell for each path which of the types it serves. `left_out`: paths beyond the limit, at this place or
    on the way to it.
    """

    place: Place
    field: str
    types: tuple[str, ...]
    chosen: Mapping[Path, tuple[str, ...]]
    paths: Mapping[Path, tuple[str, ...]]
    left_out: int


@dataclass(frozen=True, slots=True)
class _Way:
    """A path that has reached an object at `node`."""

    node: Node
    path: Path


@dataclass(slots=True)
class _Found:
    chosen: dict[Path, set[str]] = field(default_factory=dict)
    paths: dict[Path, set[str]] = field(default_factory=dict)
    left_out: int = 0

    def leaf(self, place: Place, name: str) -> Leaf:
        types = set().union(*self.chosen.values(), *self.paths.values())
        chosen, paths = ({path: tuple(sorted(names)) for path, names in one.items()} for one in (self.chosen, self.paths))
        return Leaf(place, name, tuple(sorted(types)), chosen, paths, self.left_out)


def leaves(walked: Walked, limit: int) -> list[Leaf]:
    """Every leaf of the operation, in its order. `limit` bounds the paths kept per place.

    A leaf that is asked only for types which nothing on the way can be is not among them: it is never asked.
    """
    search = _Search(walked, limit)
    for part, solution in zip(parts_of(walked.operation), walked.solutions, strict=True):
        start = _Way(walked.context.graph.roots[walked.operation.kind], Path((), 0))
        search.candidates([start], part, (), 0)
        search.choose(solution, (), Path((), 0))
    return [one.leaf(place, name) for (place, name), one in search.found.items()]


class _Search:
    def __init__(self, walked: Walked, limit: int) -> None:
        self.found: dict[tuple[Place, str], _Found] = {}
        self._context = walked.context
        self._graph: QueryGraph = walked.context.graph
        self._limit = limit

    def candidates(self, ways: Sequence[_Way], wanted: SelectionSet, place: Place, left_out: int) -> None:
        for selection in wanted.selections:
            if selection.name == "__typename":
                continue  # answered wherever the object is: nothing is chosen
            here = (*place, selection.key)
            reached: dict[_Way, set[str]] = {}
            for way in ways:
                for names, end in self._ends(way, selection):
                    reached.setdefault(end, set()).update(names)
            kept = sorted(reached, key=lambda one: (one.path.cost, len(one.path.hops)))
            lost = left_out + max(0, len(kept) - self._limit)
            if selection.children is not None:
                self.candidates(kept[: self._limit], selection.children, here, lost)
            elif reached:
                entry = self.found.setdefault((here, selection.name), _Found())
                entry.left_out += lost
                for end in kept[: self._limit]:
                    entry.paths.setdefault(end.path, set()).update(reached[end])

    def _ends(self, way: _Way, selection: Selection) -> Iterator[tuple[tuple[str, ...], _Way]]:
        for held, path in self._starts(way, selection):
            names = self._graph.supergraph.names(held.mask & selection.types)
            for option in find_options(self._context, held, selection, False):
                taken = take(self._context, held, selection, option)
                if taken is None:
                    continue
                _, pick, added = taken
                child = option.child.cost if option.child else 0
                hops = (*path.hops, *self._jumps(pick.holding), self._hop(pick.node, selection.name))
                target = option.move.target or way.node  # of a leaf, the path alone counts
                yield names, _Way(target, Path(hops, path.cost + added - child))

    def _starts(self, way: _Way, selection: Selection) -> Iterator[tuple[Held, Path]]:
        """The objects that a way has reached: one for each object type, or an interface object, perhaps revealed."""
        node = way.node
        if node.kind is NodeKind.ABSTRACT:
            for bit, member in node.members.items():
                if bit & selection.types:
                    yield hold(self._context, member, member.type_name, bit), way.path
            return
        if not node.mask & selection.types:
            return
        held = hold(self._context, node, node.type_name, node.mask)
        yield held, way.path
        if node.kind is NodeKind.OPAQUE:
            for jump in self._reveals(held):
                cost = way.path.cost + held.added(jump.items)
                revealed = _Way(jump.target, Path((*way.path.hops, *self._jumps(jump)), cost))
                yield from self._starts(revealed, selection)

    def _reveals(self, held: Held) -> Iterator[Jump]:
        for move in self._graph.reveals.get(held.type_name, ()):
            if move.key is None or move.target.kind is not NodeKind.ABSTRACT:
                continue
            inputs = have(self._context, held, held.nodes, move.key)
            if inputs is None:
                gathered = gather(self._context, held, move.key)
                inputs = gathered[1] if gathered else None
            if inputs is not None:
                yield make_jump(held, move, inputs)

    def choose(self, solution: Solution, place: Place, path: Path) -> None:
        """Notes the path of every leaf in the solution."""
        for pick in solution.picks:
            self._choose_pick(pick, place, path)
        for jump, inner in solution.reveals:
            self.choose(inner, place, Path((*path.hops, *self._jumps(jump)), path.cost + _cost(jump)))

    def _choose_pick(self, pick: Pick, place: Place, path: Path) -> None:
        selection = pick.selection
        if selection.name == "__typename":
            return
        here = (*place, selection.key)
        hops = (*path.hops, *self._jumps(pick.holding), self._hop(pick.node, selection.name))
        reached = Path(hops, path.cost + _cost(pick.holding))
        if pick.child is not None:
            self.choose(pick.child, here, reached)
            return
        entry = self.found.setdefault((here, selection.name), _Found())
        entry.chosen.setdefault(reached, set()).update(self._graph.supergraph.names(pick.types))

    def _jumps(self, jump: Jump | None) -> list[Hop]:
        if jump is None:
            return []
        return [self._jump(one) for one in jump.chain()]

    def _jump(self, jump: Jump) -> Hop:
        required = jump.field.requires if jump.field is not None else None
        text = selection_line(self._graph.supergraph, required) if required is not None else ""
        return Hop(self._subgraph(jump.target), key=jump.move.key_text if jump.move.key is not None else "", requires=text)

    def _hop(self, node: Node, name: str) -> Hop:
        return Hop(self._subgraph(node), field=name)

    def _subgraph(self, node: Node) -> str:
        return self._graph.supergraph.graphs[node.graph].name if node.graph else ""


def _cost(jump: Jump | None) -> int:
    return sum(cost for _, cost in jump.items) if jump else 0
