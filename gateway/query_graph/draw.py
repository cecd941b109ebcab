"""The query graph for people: as a drawing and as JSON values.

In: a `QueryGraph`, perhaps the name of one type. Out: its nodes (a type in a subgraph) and moves, with what each move asks
for. Entity moves are drawn through one round box per type, since they start wherever the key can be had.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gateway.query_graph.drawing import Arrow, Box, Drawing
from gateway.query_graph.graph import EntityMove, FieldMove, Node, NodeKind, QueryGraph
from gateway.query_graph.selection_text import selection_line

Json = dict[str, Any]


def nodes_of(graph: QueryGraph, type_name: str | None = None) -> tuple[Node, ...]:
    """The nodes before and in subgraphs, of one type or of all, `@provides` views included."""
    return tuple(node for node in graph.nodes if type_name is None or node.type_name == type_name)


def entity_moves_of(graph: QueryGraph, type_name: str) -> tuple[EntityMove, ...]:
    """Every move by which an object of the type is found again, those that tell an interface object's type last."""
    return (*graph.entity_moves.get(type_name, ()), *graph.reveals.get(type_name, ()))


def draw_query_graph(graph: QueryGraph, type_name: str | None = None) -> Drawing:
    """The drawing of the whole graph, or of what concerns one type."""
    shown = nodes_of(graph, type_name)
    boxes: dict[str, Box] = {}
    arrows: list[Arrow] = []
    for node in shown:
        boxes[_name(node)] = _box(graph, node)
        for target, label in _edges(graph, node):
            boxes.setdefault(_name(target), Box(_name(target), (_title(target),), _group(graph, target)))
            arrows.append(Arrow(_name(node), _name(target), label))
    for owner in dict.fromkeys(node.type_name for node in shown):
        moves = entity_moves_of(graph, owner)
        if not moves:
            continue
        hub = f"find_{owner}"
        boxes[hub] = Box(hub, (f"find {owner}",), "", round=True)
        arrows += [Arrow(_name(node), hub, dashed=True) for node in shown if node.type_name == owner]
        for move in moves:
            boxes.setdefault(_name(move.target), Box(_name(move.target), (_title(move.target),), _group(graph, move.target)))
            arrows.append(Arrow(hub, _name(move.target), f"key {move.key_text}" if move.key is not None else "root"))
    return Drawing(tuple(boxes.values()), tuple(arrows))


def query_graph_json(graph: QueryGraph, type_name: str | None = None) -> Json:
    """Nodes by number, and entity moves by the type whose objects are found."""
    shown = nodes_of(graph, type_name)
    owners = dict.fromkeys(node.type_name for node in shown)
    return {
        "nodes": [_node_json(graph, node) for node in shown],
        "entityMoves": [
            {"type": owner, "target": move.target.number, "subgraph": _group(graph, move.target), "key": move.key_text or None}
            for owner in owners
            for move in entity_moves_of(graph, owner)
        ],
        "roots": {kind: node.number for kind, node in graph.roots.items() if type_name in (None, node.type_name)},
    }


def requirement(graph: QueryGraph, move: FieldMove) -> str:
    """What a move asks for or depends on, in words; empty when it is free."""
    parts = []
    if move.requires is not None:
        parts.append(f"requires {{ {selection_line(graph.supergraph, move.requires)} }}")
    if move.label is not None:
        parts.append(f"while the label {move.label[0]!r} is {'on' if move.label[1] else 'off'}")
    if move.for_inputs:
        parts.append("overridden: only for keys and requirements")
    parts += [f"argument {one.name} from the context {one.context} {one.selection}" for one in move.contexts]
    return ", ".join(parts)


def _node_json(graph: QueryGraph, node: Node) -> Json:
    return {
        "number": node.number,
        "type": node.type_name,
        "subgraph": _group(graph, node) or None,
        "kind": node.kind.value,
        "view": node.view or None,
        "possibleTypes": list(graph.supergraph.names(node.mask)),
        "fields": [
            {
                "name": move.name,
                "type": move.shape,
                "target": None if move.target is None else move.target.number,
                "requirement": requirement(graph, move) or None,
            }
            for move in node.fields.values()
        ],
        "members": [member.number for member in node.members.values()],
    }


def _box(graph: QueryGraph, node: Node) -> Box:
    kind = {NodeKind.CONCRETE: "", NodeKind.ABSTRACT: " (abstract)", NodeKind.OPAQUE: " (interface object)"}[node.kind]
    leaves = [
        f"{move.name}: {move.shape}{f' {text}' if (text := requirement(graph, move)) else ''}"
        for move in node.fields.values()
        if move.target is None
    ]
    return Box(_name(node), (_title(node) + kind, *leaves), _group(graph, node), round=not node.graph)


def _title(node: Node) -> str:
    return node.type_name + (f" in the view {node.view}" if node.view else "")


def _edges(graph: QueryGraph, node: Node) -> Iterator[tuple[Node, str]]:
    for move in node.fields.values():
        if move.target is not None:
            text = requirement(graph, move)
            yield move.target, f"{move.name} {text}".strip()
    for bit, member in node.members.items():
        yield member, f"... on {' | '.join(graph.supergraph.names(bit))}"


def _group(graph: QueryGraph, node: Node) -> str:
    return graph.supergraph.graphs[node.graph].name if node.graph else ""


def _name(node: Node) -> str:
    return f"n{node.number}"
