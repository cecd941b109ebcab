"""Steps that ask the same at places which differ only in a type condition become one step for all these types.

items.@|[PaperBook].product + items.@|[DigitalBook].product   →   items.@.product   (when there are no other types)
"""

from __future__ import annotations

from itertools import combinations

from gateway.planning.fetch_graph.step import FetchGraph, OnMask, Step, StepPath
from gateway.planning.fetch_graph.write import write_outputs
from gateway.planning.passes.merge_siblings import can_merge
from gateway.query_graph.graph import QueryGraph


def merge_type_places(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """True when something was merged."""
    groups: dict[object, list[Step]] = {}
    for step in fetch_graph.steps.values():
        if any(isinstance(one, OnMask) for one in step.path) and not step.supplies:
            plain = tuple(one for one in step.path if not isinstance(one, OnMask))
            groups.setdefault((step.graph, plain, len(step.path), step.kind, step.group), []).append(step)
    for steps in groups.values():
        for first, second in combinations(steps, 2):
            path = _joined_path(first.path, second.path)
            if path is None or not can_merge(fetch_graph, first, second, graph):
                continue
            if first.inputs != second.inputs or write_outputs(first, graph) != write_outputs(second, graph):
                continue
            first.path = path
            return fetch_graph.fold([(first, second)])
    return False


def _joined_path(first: StepPath, second: StepPath) -> StepPath | None:
    """The path to the objects of both, when they differ in one type condition."""
    different = [number for number, (one, other) in enumerate(zip(first, second, strict=True)) if one != other]
    if len(different) != 1:
        return None
    at = different[0]
    one, other = first[at], second[at]
    if not isinstance(one, OnMask) or not isinstance(other, OnMask) or one.whole != other.whole:
        return None
    mask = one.mask | other.mask
    middle: StepPath = () if mask == one.whole else (OnMask(mask, one.whole),)
    return (*first[:at], *middle, *first[at + 1 :])
