"""What a plan's requests bring, place by place, and what of it the client asked for.

In: the plan's deliveries, the normalised operation. Out: `Answers`: for each delivery its fields at their final response
keys, each the client's or not, and an index: response keys → who brings a value there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.planning.check.delivery import Delivery
from gateway.planning.explain.explanation import Keys
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import Key, Path
from gateway.query_graph.definitions import named_type
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.selections import SelectionSet


@dataclass(frozen=True, slots=True)
class Answer:
    """A field that a delivery asks: its final response keys from the root, on which type, for which object types."""

    keys: Keys
    name: str
    type_name: str
    mask: int
    node: FieldNode
    depth: int
    is_leaf: bool
    is_clients: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    node: SelectionSetNode
    type_name: str
    mask: int
    raw: Keys
    keys: Keys
    wanted: tuple[SelectionSet, ...]


class Answers:
    """The answers of all deliveries."""

    def __init__(self, graph: QueryGraph, operation: Operation, deliveries: Sequence[Delivery]) -> None:
        self._graph = graph
        self._operation = operation
        self._sources: dict[Keys, dict[int, int]] = {}
        self.of: dict[int, tuple[Answer, ...]] = {}
        for one in deliveries:
            self.of[one.rank] = tuple(self._read(one))
            for answer in self.of[one.rank]:
                sources = self._sources.setdefault(answer.keys, {})
                sources[one.id] = sources.get(one.id, 0) | answer.mask

    def sources(self, keys: Keys, mask: int) -> Iterator[int]:
        """The requests that bring a value under `keys` for some of the types `mask` (0: whatever type)."""
        return (request for request, types in self._sources.get(keys, {}).items() if not mask or types & mask)

    def _read(self, delivery: Delivery) -> Iterator[Answer]:
        base = keys_of(delivery.path)
        renames = {(keys_of(one.path), one.source): one.name for one in delivery.output_rewrites}
        home = self._operation.type_name
        pending = [_Frame(delivery.selections, home, 0, (), base, self._wanted_at(base))]
        while pending:
            frame = pending.pop(0)
            for node in frame.node.selections:
                if isinstance(node, InlineFragmentNode):
                    pending.append(self._inside(frame, node))
                elif isinstance(node, FieldNode):
                    answer, below = self._field(delivery, frame, node, renames)
                    yield answer
                    if below is not None:
                        pending.append(below)

    def _inside(self, frame: _Frame, node: InlineFragmentNode) -> _Frame:
        name = node.type_condition.name.value if node.type_condition else frame.type_name
        mask = self._graph.supergraph.possible(name)
        mask = mask & frame.mask if frame.mask else mask
        return _Frame(node.selection_set, name, mask, frame.raw, frame.keys, frame.wanted)

    def _field(
        self, delivery: Delivery, frame: _Frame, node: FieldNode, renames: dict[tuple[Keys, str], str]
    ) -> tuple[Answer, _Frame | None]:
        supergraph = self._graph.supergraph
        raw = node.alias.value if node.alias else node.name.value
        key = renames.get((frame.raw, raw), raw)
        mask = frame.mask or supergraph.possible(frame.type_name)
        same = (one for wanted in frame.wanted for one in wanted.selections if one.key == key and one.name == node.name.value)
        asked = [one for one in same if one.types & mask and not one.supplies]
        depth = len(frame.keys) - len(keys_of(delivery.path))
        is_leaf = node.selection_set is None
        keys = (*frame.keys, key)
        answer = Answer(keys, node.name.value, frame.type_name, mask, node, depth, is_leaf, bool(asked))
        if node.selection_set is None:
            return answer, None
        inner = self._type_of(delivery, frame.type_name, node.name.value)
        wanted = tuple(dict.fromkeys(one.children for one in asked if one.children is not None))
        return answer, _Frame(node.selection_set, inner, supergraph.possible(inner), (*frame.raw, raw), keys, wanted)

    def _type_of(self, delivery: Delivery, type_name: str, field: str) -> str:
        supergraph = self._graph.supergraph
        definition = supergraph.types[type_name].fields[field]
        graph = supergraph.subgraphs[delivery.request.service].graph
        join = definition.joins.get(graph)
        return named_type(join.type if join is not None and join.type is not None else definition.type)

    def _wanted_at(self, keys: Keys) -> tuple[SelectionSet, ...]:
        wanted: tuple[SelectionSet, ...] = (self._operation.selections,)
        for key in keys:
            inner = (one.children for one_set in wanted for one in one_set.selections if one.key == key)
            wanted = tuple(dict.fromkeys(children for children in inner if children is not None))
        return wanted


def keys_of(path: Path) -> Keys:
    """The response keys of a path."""
    return tuple(step.name for step in path if isinstance(step, Key))
