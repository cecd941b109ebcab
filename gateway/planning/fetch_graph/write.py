"""Trees → the text of a request.

A selection for some types of an abstract node is written inside fragments that the subgraph's schema accepts: one on an
interface that means exactly these types there and has the field, else one per object type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from gateway.planning.fetch_graph.step import Entry, Step, Tree, is_same_on
from gateway.query_graph.definitions import Kind
from gateway.query_graph.graph import Node, NodeKind, QueryGraph
from gateway.query_graph.selections import Conditions

Written = dict[Tree, str]


class Unit(NamedTuple):
    """An entry as it is written: inside a fragment on `on` (empty: directly), for objects of `mask`, with that shape."""

    on: str
    mask: int
    entry: Entry
    shape: str


def write_outputs(step: Step, graph: QueryGraph) -> str:
    """The selections of a step, without what surrounds them."""
    written: Written = {}
    if not step.inputs:
        return "".join(write_tree(tree, graph, written) for tree in step.outputs.values())
    parts = (f"... on {name} {write_tree(tree, graph, written)}" for name, tree in sorted(step.outputs.items()))
    return f"{{ {' '.join(parts)} }}"


def write_tree(tree: Tree, graph: QueryGraph, written: Written | None = None) -> str:
    """A selection set in braces. `written`: what was written before, for trees that several entries share."""
    known: Written = {} if written is None else written
    text = known.get(tree)
    if text is None:
        text = known[tree] = write_selections(tree, graph, lambda child: write_tree(child, graph, known))
    return text


def write_selections(tree: Tree, graph: QueryGraph, write_child: Callable[[Tree], str]) -> str:
    """A selection set in braces; `write_child` writes those inside it."""
    fragments: dict[str, list[str]] = {}
    for unit in units_of(tree, graph):
        fragments.setdefault(unit.on, []).append(_write_entry(unit.entry, write_child))
    parts = fragments.pop("", [])
    parts += [f"... on {name} {{ {' '.join(entries)} }}" for name, entries in fragments.items()]
    return f"{{ {' '.join(parts) or '__typename'} }}"


def _write_entry(entry: Entry, write_child: Callable[[Tree], str]) -> str:
    name = entry.name if entry.key == entry.name else f"{entry.key}: {entry.name}"
    child = f" {write_child(entry.child)}" if entry.child is not None else ""
    near, outer = _directives(entry.conditions)
    text = f"{name}{entry.arguments.text}{near}{child}"
    for directive in outer:
        text = f"...{directive} {{ {text} }}"
    return text


def _directives(conditions: Conditions) -> tuple[str, list[str]]:
    """Directives for the field itself and, since each may stand there only once, for fragments around it."""
    near: dict[bool, str] = {}
    outer = []
    for one in conditions:
        text = f" @{'include' if one.value else 'skip'}(if: ${one.variable})"
        if near.setdefault(one.value, text) != text:
            outer.append(text)
    return "".join(near.values()), outer


def units_of(tree: Tree, graph: QueryGraph) -> Iterator[Unit]:
    """Every entry of a tree with the fragment it is written in."""
    for entry in tree.entries.values():
        yield from _units(tree.node, entry, graph)


def _units(node: Node, entry: Entry, graph: QueryGraph) -> Iterator[Unit]:
    direct = entry.name == "__typename" or (entry.name in node.fields and _is_same_on(node, entry))
    if node.kind is not NodeKind.ABSTRACT or (entry.types == 0 and direct):
        yield Unit("", node.mask, entry, _shape(node, entry))
        return
    mask = entry.types or node.mask
    wide = None if mask & (mask - 1) == 0 else _interface_for(graph, node, mask, entry)
    if wide is not None:
        yield Unit(wide.type_name, mask, entry, _shape(wide, entry))
        return
    for name in graph.supergraph.names(mask):
        bit = graph.supergraph.possible(name)
        yield Unit(name, bit, entry, _shape(node.members[bit], entry))


def _shape(node: Node, entry: Entry) -> str:
    move = node.fields.get(entry.name)
    return entry.shape if move is None else move.shape


def _is_same_on(node: Node, entry: Entry) -> bool:
    return is_same_on(node, entry.name, entry.child.node if entry.child is not None else None)


def _interface_for(graph: QueryGraph, node: Node, mask: int, entry: Entry) -> Node | None:
    """An interface of the node's subgraph that has the field and, among the node's types, means exactly `mask`."""
    for other in _interfaces(graph, node.graph):
        if other.mask & node.mask != mask:
            continue
        if entry.name == "__typename" or (entry.name in other.fields and _is_same_on(other, entry)):
            return other
    return None


def _interfaces(graph: QueryGraph, name: str) -> tuple[Node, ...]:
    known: tuple[Node, ...] | None = graph.memory.get(("interfaces", name))
    if known is None:
        kinds = graph.supergraph.types
        found = [node for node in graph.at.values() if node.graph == name and node.kind is NodeKind.ABSTRACT]
        interfaces = (node for node in found if kinds[node.type_name].kind is Kind.INTERFACE)
        known = graph.memory["interfaces", name] = tuple(sorted(interfaces, key=lambda node: node.type_name))
    return known
