"""Fields of one response key whose types differ between members of one selection get keys of their own, and are renamed back.

    accounts { ... on User { id } ... on Admin { id } }     with  User.id: ID!,  Admin.id: ID
    accounts { ... on User { id } ... on Admin { _id_0: id } }    then rename _id_0 → id

GraphQL refuses a request in which one key would have two shapes (SameResponseShape), even on types that exclude each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gateway.planning.fetch_graph.step import FetchGraph, Tree
from gateway.planning.fetch_graph.write import Unit, units_of
from gateway.query_graph.graph import QueryGraph


def alias_conflicts(fetch_graph: FetchGraph, graph: QueryGraph) -> bool:
    """Splits entries of conflicting shapes in every step."""
    for step in fetch_graph.steps.values():
        _separate(list(step.outputs.values()), graph)
    return False


def _separate(trees: list[Tree], graph: QueryGraph) -> None:
    """Gives each shape under one key its own key, then does the same among the children that share a key."""
    by_key: dict[str, list[tuple[Tree, Unit]]] = {}
    for tree in trees:
        for unit in units_of(tree, graph):
            by_key.setdefault(unit.entry.key, []).append((tree, unit))
    taken = set(by_key)
    for key, units in sorted(by_key.items()):
        shapes = list(dict.fromkeys(_wrapping(unit) for _, unit in units))
        for number, shape in enumerate(shapes):
            own = [(tree, unit) for tree, unit in units if _wrapping(unit) == shape]
            if number:
                own = _rename(own, _free(key, taken))
            children = list(dict.fromkeys(unit.entry.child for _, unit in own if unit.entry.child is not None))
            if children:
                _separate(children, graph)


def _wrapping(unit: Unit) -> str:
    """What must be equal: the whole type of a leaf, lists and `!` of an object."""
    if unit.entry.child is None:
        return unit.shape
    return "".join(letter for letter in unit.shape if letter in "[]!")


def _free(key: str, taken: set[str]) -> str:
    number = 0
    while f"_{key}_{number}" in taken:
        number += 1
    taken.add(f"_{key}_{number}")
    return f"_{key}_{number}"


def _rename(units: Iterable[tuple[Tree, Unit]], alias: str) -> list[tuple[Tree, Unit]]:
    """Moves these units under an alias, out of the entries that hold them."""
    renamed = []
    for tree, unit in units:
        entry = unit.entry
        place = (entry.types, entry.conditions, entry.key)
        left = (entry.types or tree.node.mask) & ~unit.mask
        if place in tree.entries:
            del tree.entries[place]
        else:  # an earlier unit of the same entry was moved: what was left is under the types left then
            place = next(key for key in tree.entries if key[0] & unit.mask and key[1:] == (entry.conditions, entry.key))
            left = tree.entries.pop(place).types & ~unit.mask
        if left and unit.on:
            tree.add(replace(entry, types=left))
        moved = replace(entry, key=alias, rename_to=entry.key, types=unit.mask if unit.on else 0, child=_copy(entry.child))
        renamed.append((tree, unit._replace(entry=tree.add(moved))))
    return renamed


def _copy(tree: Tree | None) -> Tree | None:
    if tree is None:
        return None
    return Tree(tree.node, {key: replace(entry, child=_copy(entry.child)) for key, entry in tree.entries.items()})
