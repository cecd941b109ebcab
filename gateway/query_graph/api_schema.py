"""Supergraph document → the schema that clients see.

The machinery of link and join and everything `@inaccessible` is removed. Other directives, ours among them, stay defined and
stay on the definitions' `ast_node`s: the rights are read from there.
"""

from __future__ import annotations

from typing import TypeVar

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    GraphQLSchema,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
)

from gateway.query_graph.links import Links

_N = TypeVar("_N", bound=Node)


def build_api_schema(document: DocumentNode, links: Links) -> GraphQLSchema:
    """The API schema of a parsed supergraph."""
    stripper = _Stripper(document, links)
    definitions = tuple(kept for node in document.definitions if (kept := stripper.definition(node)) is not None)
    return build_ast_schema(DocumentNode(definitions=definitions), assume_valid=True, assume_valid_sdl=True)


class _Stripper:
    def __init__(self, document: DocumentNode, links: Links) -> None:
        self._links = links
        self._inaccessible = links.spelled("inaccessible") or "inaccessible"
        self._hidden = {
            node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode) and self._is_hidden(node)
        }

    def definition(self, node: DefinitionNode) -> DefinitionNode | None:
        match node:
            case DirectiveDefinitionNode():
                return None if self._links.machinery(node.name.value) else _copy(node, arguments=self._visible(node.arguments))
            case SchemaDefinitionNode():
                return _copy(node, directives=self._directives(node))
            case TypeDefinitionNode():
                if self._links.machinery(node.name.value) or node.name.value in self._hidden:
                    return None
                return self._type(node)
            case _:
                return None

    def _type(self, node: TypeDefinitionNode) -> TypeDefinitionNode:
        directives = self._directives(node)
        match node:
            case ObjectTypeDefinitionNode() | InterfaceTypeDefinitionNode():
                fields = tuple(_copy(one, arguments=self._visible(one.arguments)) for one in self._visible(node.fields))
                interfaces = tuple(one for one in node.interfaces or () if one.name.value not in self._hidden)
                return _copy(node, directives=directives, fields=fields, interfaces=interfaces)
            case InputObjectTypeDefinitionNode():
                return _copy(node, directives=directives, fields=self._visible(node.fields))
            case EnumTypeDefinitionNode():
                return _copy(node, directives=directives, values=self._visible(node.values))
            case UnionTypeDefinitionNode():
                types = tuple(one for one in node.types or () if one.name.value not in self._hidden)
                return _copy(node, directives=directives, types=types)
            case _:
                return _copy(node, directives=directives)

    def _visible(self, nodes: tuple[_N, ...] | None) -> tuple[_N, ...]:
        return tuple(_copy(node, directives=self._directives(node)) for node in nodes or () if not self._is_hidden(node))

    def _directives(self, node: Node) -> tuple[ConstDirectiveNode, ...]:
        found: tuple[ConstDirectiveNode, ...] = getattr(node, "directives", None) or ()
        return tuple(one for one in found if not self._links.machinery(one.name.value))

    def _is_hidden(self, node: Node) -> bool:
        found: tuple[ConstDirectiveNode, ...] = getattr(node, "directives", None) or ()
        return any(one.name.value == self._inaccessible for one in found)


def _copy(node: _N, **changed: object) -> _N:
    """A shallow copy with some attributes exchanged: the parsed supergraph itself stays as it was read."""
    values = {key: getattr(node, key, None) for key in node.keys}
    return type(node)(loc=node.loc, **{**{key: value for key, value in values.items() if key != "loc"}, **changed})
