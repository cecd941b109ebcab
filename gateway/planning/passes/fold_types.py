"""Equal selections on several types of one object become one entry for all of them.

nodes { ... on Book { id } ... on Film { id } }   →   nodes { id }     (when these are all types, and the interface has id)
"""

from __future__ import annotations

from gateway.planning.fetch_graph.fragments import Writer
from gateway.planning.fetch_graph.step import Entry, FetchGraph, Tree, is_same_on
from gateway.query_graph.graph import NodeKind, QueryGraph


def fold_types(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Never asks for another round: it makes requests smaller, not fewer."""
    writer = Writer(graph)
    done: set[Tree] = set()
    for step in fetch_graph.steps.values():
        for tree in step.outputs.values():
            _fold(tree, writer, done)
    return False


def _fold(tree: Tree, writer: Writer, done: set[Tree]) -> None:
    """Folds what is below first, so that it can be compared; entries of several types may share what is below them."""
    if tree in done:
        return
    done.add(tree)
    alike: dict[object, list[Entry]] = {}
    for entry in tree.entries.values():
        if entry.child is not None:
            _fold(entry.child, writer, done)
        if entry.types and tree.node.kind is NodeKind.ABSTRACT:
            child = (entry.child.node, writer.refer(entry.child)) if entry.child is not None else None
            alike.setdefault((entry.key, entry.name, entry.arguments, entry.conditions, child), []).append(entry)
    folds = {id(entries[0]): entries for entries in alike.values() if len(entries) > 1}
    if not folds:
        return
    gone = {id(entry) for entries in folds.values() for entry in entries[1:]}
    kept = [entry for entry in tree.entries.values() if id(entry) not in gone]
    tree.entries.clear()
    for entry in kept:
        if id(entry) in folds:
            types = 0
            for one in folds[id(entry)]:
                types |= one.types
            target = entry.child.node if entry.child is not None else None
            entry.types = 0 if types == tree.node.mask and is_same_on(tree.node, entry.name, target) else types
        tree.put_back(entry)
