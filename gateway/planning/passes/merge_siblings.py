"""Steps to one subgraph for the same place become one request, where that makes no chain longer.

Flatten(products.@) → reviews { ... on Book … }  +  Flatten(products.@) → reviews { ... on Magazine … }   →   one step
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from gateway.planning.fetch_graph.step import FetchGraph, Step
from gateway.planning.fetch_graph.write import write_tree
from gateway.planning.plan import RequiredField, RequiredFragment
from gateway.query_graph.graph import QueryGraph


def merge_siblings(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """True when something was merged."""
    groups: dict[object, list[Step]] = {}
    for step in fetch_graph.steps.values():
        supplies = tuple(step.supplies.values())  # one request is sent per value that an ancestor supplies
        groups.setdefault((step.graph, step.path, step.kind, step.group, bool(step.inputs), supplies), []).append(step)
    crowded = [steps for steps in groups.values() if len(steps) > 1]
    if not crowded:
        return False
    depths = fetch_graph.depths()
    if fetch_graph.fold([pair for steps in crowded for pair in _equally_deep(steps, depths, graph)]):
        return True
    for steps in crowded:
        for first, second in combinations(steps, 2):
            if can_merge(fetch_graph, first, second, graph):
                return fetch_graph.fold([(first, second)])
    return False


def _equally_deep(steps: list[Step], depths: dict[int, int], graph: QueryGraph) -> Iterator[tuple[Step, Step]]:
    """Pairs at the same depth: neither can wait for the other, and no chain gets longer."""
    homes: dict[int, list[list[Step]]] = {}
    for step in steps:
        others = homes.setdefault(depths[step.id], [])
        home = next((members for members in others if all(can_share(member, step, graph) for member in members)), None)
        if home is None:
            others.append([step])
        else:
            home.append(step)
            yield home[0], step


def can_merge(fetch_graph: FetchGraph, first: Step, second: Step, graph: QueryGraph) -> bool:
    """True when two steps may be one request: they can share it, neither waits for the other, no chain gets longer."""
    if not can_share(first, second, graph):
        return False
    if second.id in fetch_graph.ancestors(first.id) or first.id in fetch_graph.ancestors(second.id):
        return False
    return not _makes_longer(fetch_graph, first, second)


def can_share(first: Step, second: Step, graph: QueryGraph) -> bool:
    """True when one request can ask for both and gets the same answer for each of its objects."""
    return _inputs_agree(first, second) and all(
        _sources(first, name) == _sources(second, name)
        or write_tree(first.outputs[name], graph) == write_tree(second.outputs[name], graph)
        for name in first.outputs.keys() & second.outputs.keys()
    )


def _sources(step: Step, name: str) -> set[str]:
    """The types of the objects for which `name` is asked: an interface object stands for several."""
    return step.renamed.get(name, {name})


def _inputs_agree(first: Step, second: Step) -> bool:
    """True when no field of a representation would have to carry two values, nor an object go by two type names."""
    names, others = _sent_as(first), _sent_as(second)
    return all(names[true] == others[true] for true in names.keys() & others.keys()) and all(
        _agree(first.inputs[name].fields, second.inputs[name].fields) for name in first.inputs.keys() & second.inputs.keys()
    )


def _sent_as(step: Step) -> dict[str, str]:
    """True type → the interface object's name that its representations carry."""
    return {true: name for name, types in step.renamed.items() for true in types}


def _agree(first: Iterable[RequiredField | RequiredFragment], second: Iterable[RequiredField | RequiredFragment]) -> bool:
    known = {_name(one): one for one in first}
    for one in second:
        other = known.get(_name(one))
        if isinstance(one, RequiredField) and isinstance(other, RequiredField) and one.source != other.source:
            return False
        if other is not None and not _agree(other.selections, one.selections):
            return False
    return True


def _name(one: RequiredField | RequiredFragment) -> tuple[str, str]:
    return ("field", one.name) if isinstance(one, RequiredField) else ("on", one.type_condition)


def _makes_longer(fetch_graph: FetchGraph, first: Step, second: Step) -> bool:
    """Would the longest chain grow, if both waited for what each waits for?"""
    depths = fetch_graph.depths()
    if depths[first.id] == depths[second.id]:
        return False
    early = first if depths[first.id] < depths[second.id] else second
    late = second if early is first else first
    below = _height(fetch_graph, early.id)
    return depths[late.id] + below > max(depths.values())


def _height(fetch_graph: FetchGraph, number: int) -> int:
    followers = [step.id for step in fetch_graph.steps.values() if number in step.waits_for]
    return max((1 + _height(fetch_graph, follower) for follower in followers), default=0)
