"""A leaf of a fetch that is asked for all types need not be asked again for some, nor under a condition."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import Entry, FetchGraph, Tree
from gateway.query_graph.graph import QueryGraph


def drop_repeats(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Never asks for another round: nothing that it drops lets another pass do more."""
    del graph
    done: set[Tree] = set()
    for step in fetch_graph.steps.values():
        for tree in step.outputs.values():
            _drop(tree, done)
    return False


def _drop(tree: Tree, done: set[Tree]) -> None:
    if tree in done:
        return  # entries of several types may share what is below them
    done.add(tree)
    by_key: dict[str, list[Entry]] = {}
    for entry in tree.entries.values():
        by_key.setdefault(entry.key, []).append(entry)
        if entry.child is not None:
            _drop(entry.child, done)
    for same in by_key.values():
        if len(same) > 1 and same[0].child is None and _overlap(tree, same):
            _drop_covered(tree, same)


def _overlap(tree: Tree, entries: list[Entry]) -> bool:
    """True when two of them are asked for one type."""
    met = 0
    for entry in entries:
        types = entry.types or tree.node.mask
        if met & types:
            return True
        met |= types
    return False


def _drop_covered(tree: Tree, same: list[Entry]) -> None:
    wide = [entry for entry in same if not entry.types or entry.types & (entry.types - 1)]
    narrow: dict[int, list[Entry]] = {}
    for entry in same:
        narrow.setdefault(entry.types, []).append(entry)
    for entry in same:
        near = [*wide, *narrow[entry.types]]
        if entry.child is None and any(_covers(tree, other, entry) for other in near):
            del tree.entries[entry.types, entry.conditions, entry.key]


def _covers(tree: Tree, other: Entry, entry: Entry) -> bool:
    if other is entry or other.child is not None or (other.name, other.arguments) != (entry.name, entry.arguments):
        return False
    wide, narrow = other.types or tree.node.mask, entry.types or tree.node.mask
    if wide & narrow != narrow or not set(other.conditions) <= set(entry.conditions):
        return False
    return (other.types, other.conditions, other.key) in tree.entries
