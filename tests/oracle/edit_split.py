"""Breaks a split a little: removes something from one subgraph, at random, or marks a field.

In: the SDL of each subgraph. Out: the same with one edit. Most of what comes out is no valid split any more, which is the
point: composition must say so then, and must go on composing when it does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    NameNode,
    Node,
    ObjectTypeDefinitionNode,
    UnionTypeDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)
from graphql.language import REMOVE

_REMOVABLE = (
    "object_type_definition",
    "interface_type_definition",
    "union_type_definition",
    "field_definition",
    "directive",
    "argument",
    "input_value_definition",
    "enum_value_definition",
)


def edit_split(random: Random, sdls: Mapping[str, str]) -> dict[str, str]:
    """One edit of one subgraph."""
    name = random.choice(sorted(sdls))
    document = parse(sdls[name], no_location=True)
    counted = _Edit(-1)
    visit(document, counted)
    changed = visit(document, _Edit(random.randrange(counted.count)))
    return {**sdls, name: print_ast(changed)}


class _Edit(Visitor):
    """Carries out the edit with number `wanted`; counts them all. A @link is left alone."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted = wanted
        self.count = 0

    def _is_next(self) -> bool:
        self.count += 1
        return self.count - 1 == self.wanted

    def enter(self, node: Node, *_: object) -> object:
        if isinstance(node, DirectiveNode) and node.name.value == "link":
            return False
        if node.kind in _REMOVABLE and self._is_next():
            return REMOVE
        if isinstance(node, UnionTypeDefinitionNode) and len(node.types or ()) > 1 and self._is_next():
            return UnionTypeDefinitionNode(name=node.name, types=(node.types or ())[1:], directives=node.directives)
        if isinstance(node, ObjectTypeDefinitionNode) and node.interfaces and self._is_next():
            return _rebuilt(node, interfaces=node.interfaces[1:])
        if isinstance(node, FieldDefinitionNode):
            return self._marked(node)
        return None

    def _marked(self, node: FieldDefinitionNode) -> object:
        """A field with a mark that it did not have."""
        names = {one.name.value for one in node.directives or ()}
        for mark in ("external", "shareable", "inaccessible"):
            if mark not in names and self._is_next():
                added = DirectiveNode(name=NameNode(value=mark), arguments=())
                return _rebuilt(node, directives=(*(node.directives or ()), added))
        return None


def _rebuilt(node: Node, **changes: object) -> Node:
    """The node with some attributes replaced."""
    return type(node)(**{**{key: getattr(node, key) for key in node.keys if key != "loc"}, **changes})
