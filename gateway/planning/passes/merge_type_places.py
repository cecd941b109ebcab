"""Steps that ask the same at places which differ only in a type condition become one step for all these types.

items.@|[PaperBook].product + items.@|[DigitalBook].product   →   items.@.product   (when there are no other types)
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from gateway.planning.fetch_graph.fragments import Writer
from gateway.planning.fetch_graph.place import joined_path
from gateway.planning.fetch_graph.step import FetchGraph, OnMask, Step
from gateway.planning.passes.merge_siblings import can_merge
from gateway.query_graph.graph import QueryGraph


def merge_type_places(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """True when something was merged."""
    crowded = [steps for steps in _by_place(fetch_graph) if len(steps) > 1]
    if not crowded:
        return False
    writer = Writer(graph)
    alike = [steps for group in crowded for steps in _that_ask_the_same(group, writer)]
    depths = fetch_graph.depths()
    if fetch_graph.fold([pair for steps in alike for pair in _equally_deep(steps, depths)]):
        return True
    merged = [_merge_unequally_deep(fetch_graph, steps, graph) for steps in alike]
    return any(merged)


def _merge_unequally_deep(fetch_graph: FetchGraph, steps: list[Step], graph: QueryGraph) -> bool:
    """Merges what asks the same, pair by pair; True when something was merged."""
    merged = False
    pairs = combinations(steps, 2)
    while pair := next((pair for pair in pairs if _can_join(fetch_graph, *pair, graph)), None):
        first, second = pair
        joined = joined_path(first.path, second.path)
        assert joined is not None
        first.path = joined
        merged |= fetch_graph.fold([pair])
        pairs = combinations([step for step in steps if step.id in fetch_graph.steps], 2)
    return merged


def _can_join(fetch_graph: FetchGraph, first: Step, second: Step, graph: QueryGraph) -> bool:
    return joined_path(first.path, second.path) is not None and can_merge(fetch_graph, first, second, graph)


def _by_place(fetch_graph: FetchGraph) -> list[list[Step]]:
    """Steps of one subgraph whose places differ in type conditions at most."""
    groups: dict[object, list[Step]] = {}
    for step in fetch_graph.steps.values():
        if any(isinstance(one, OnMask) for one in step.path) and not step.supplies:
            plain = tuple(one for one in step.path if not isinstance(one, OnMask))
            groups.setdefault((step.graph, plain, len(step.path), step.kind, step.group), []).append(step)
    return list(groups.values())


def _that_ask_the_same(steps: list[Step], writer: Writer) -> list[list[Step]]:
    groups: dict[object, list[Step]] = {}
    for step in steps:
        inputs = tuple(sorted((name, one.possible_types, one.fields) for name, one in step.inputs.items()))
        renamed = tuple(sorted((name, tuple(sorted(types))) for name, types in step.renamed.items()))
        groups.setdefault((inputs, renamed, writer.add(step)), []).append(step)
    return [group for group in groups.values() if len(group) > 1]


def _equally_deep(steps: list[Step], depths: dict[int, int]) -> Iterator[tuple[Step, Step]]:
    """Pairs at the same depth: neither can wait for the other, and no chain gets longer."""
    kept: dict[int, list[Step]] = {}
    for step in steps:
        kept.setdefault(depths[step.id], []).append(step)
    for left in kept.values():
        yield from _joined(left)


def _joined(steps: list[Step]) -> Iterator[tuple[Step, Step]]:
    """Joins places as long as two of them differ in one type condition."""
    found = True
    while found:
        found = False
        homes: list[Step] = []
        for step in steps:
            for home in homes:
                path = joined_path(home.path, step.path)
                if path is not None:
                    home.path = path
                    found = True
                    yield home, step
                    break
            else:
                homes.append(step)
        steps = homes
