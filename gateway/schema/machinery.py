"""Removes what servers print but composition adds by itself: `_service`, `_entities` and their types; renames root types.

In: the parsed document of a subgraph. Out: the same document without federation's machinery, with root types called Query,
Mutation and Subscription.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from graphql import (
    DefinitionNode,
    DocumentNode,
    NamedTypeNode,
    NameNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationType,
    OperationTypeDefinitionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    Visitor,
    visit,
)

_Named = TypeVar("_Named", NamedTypeNode, ObjectTypeDefinitionNode, ObjectTypeExtensionNode)
_MACHINERY_TYPES = frozenset({"_Any", "_Entity", "_Service"})
_MACHINERY_FIELDS = frozenset({"_service", "_entities"})
ROOTS: Mapping[OperationType, str] = {
    OperationType.QUERY: "Query",
    OperationType.MUTATION: "Mutation",
    OperationType.SUBSCRIPTION: "Subscription",
}


def root_types(document: DocumentNode) -> dict[OperationType, str]:
    """The names of the root types as the document's schema definition gives them, else the usual ones that exist."""
    declared = {
        operation.operation: operation.type.name.value
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for operation in node.operation_types or ()
    }
    has_definition = any(isinstance(node, SchemaDefinitionNode) for node in document.definitions)
    if has_definition:
        return declared
    names = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode)}
    return {operation: declared.get(operation, usual) for operation, usual in ROOTS.items() if usual in names} | declared


def without_machinery(document: DocumentNode) -> DocumentNode:
    """The document without `_service`, `_entities`, `_Any`, `_Entity` and `_Service`."""
    query = root_types(document).get(OperationType.QUERY, "Query")
    definitions = tuple(_cleaned(document.definitions, query))
    types = {node.name.value for node in definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode)}
    if query not in types:
        definitions = tuple(_without_root(node, query) for node in definitions)
    return DocumentNode(definitions=definitions, loc=document.loc)


def with_usual_roots(document: DocumentNode) -> DocumentNode:
    """The document with its root types called Query, Mutation and Subscription."""
    roots = root_types(document)
    renames = {name: ROOTS[operation] for operation, name in roots.items() if name != ROOTS[operation]}
    return visit(document, _Renamer(renames)) if renames else document


def _cleaned(definitions: tuple[DefinitionNode, ...], query: str) -> Iterator[DefinitionNode]:
    for node in definitions:
        match node:
            case TypeDefinitionNode() | TypeExtensionNode() if node.name.value in _MACHINERY_TYPES:
                continue
            case ObjectTypeDefinitionNode() | ObjectTypeExtensionNode() if node.name.value == query:
                kept = tuple(field for field in node.fields or () if field.name.value not in _MACHINERY_FIELDS)
                if len(kept) == len(node.fields or ()):
                    yield node
                elif kept:
                    yield replace(node, fields=kept)
            case _:
                yield node


def _without_root(node: DefinitionNode, query: str) -> DefinitionNode:
    """A schema definition that no longer names a query root of nothing but machinery."""
    if not isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
        return node
    return replace(node, operation_types=tuple(one for one in node.operation_types or () if one.type.name.value != query))


class _Renamer(Visitor):
    """Renames types wherever they are defined, extended or referenced."""

    def __init__(self, renames: Mapping[str, str]) -> None:
        super().__init__()
        self._renames = renames

    def enter_named_type(self, node: NamedTypeNode, *_: object) -> Node | None:
        return self._renamed(node)

    def leave_object_type_definition(self, node: ObjectTypeDefinitionNode, *_: object) -> Node | None:
        return self._renamed(node)

    def leave_object_type_extension(self, node: ObjectTypeExtensionNode, *_: object) -> Node | None:
        return self._renamed(node)

    def _renamed(self, node: _Named) -> _Named | None:
        new = self._renames.get(node.name.value)
        return replace(node, name=NameNode(value=new, loc=node.name.loc)) if new else None


def collisions(document: DocumentNode) -> Iterator[tuple[OperationType, OperationTypeDefinitionNode]]:
    """Root operations that go by another name while a type with the usual name (such as `Query`) exists too."""
    names = {node.name.value for node in document.definitions if isinstance(node, TypeDefinitionNode | TypeExtensionNode)}
    for node in document.definitions:
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode):
            for operation in node.operation_types or ():
                usual = ROOTS[operation.operation]
                if operation.type.name.value != usual and usual in names:
                    yield operation.operation, operation
