"""A leaf of a fetch that is asked for all types need not be asked again for some, nor under a condition."""

from __future__ import annotations

from gateway.planning.fetch_graph.step import Entry, FetchGraph, Tree
from gateway.query_graph.graph import QueryGraph


def drop_repeats(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Never asks for another round: nothing that it drops lets another pass do more."""
    del graph
    for step in fetch_graph.steps.values():
        for tree in step.outputs.values():
            _drop(tree)
    return False


def _drop(tree: Tree) -> None:
    by_key: dict[str, list[Entry]] = {}
    for entry in tree.entries.values():
        by_key.setdefault(entry.key, []).append(entry)
        if entry.child is not None:
            _drop(entry.child)
    for same in by_key.values():
        for entry in same if len(same) > 1 else ():
            if entry.child is None and any(_covers(tree, other, entry) for other in same):
                del tree.entries[entry.types, entry.conditions, entry.key]


def _covers(tree: Tree, other: Entry, entry: Entry) -> bool:
    if other is entry or other.child is not None or (other.name, other.arguments) != (entry.name, entry.arguments):
        return False
    wide, narrow = other.types or tree.node.mask, entry.types or tree.node.mask
    if wide & narrow != narrow or not set(other.conditions) <= set(entry.conditions):
        return False
    return (other.types, other.conditions, other.key) in tree.entries
