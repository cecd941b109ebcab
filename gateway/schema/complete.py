"""The complete schema document of a subgraph: what it wrote plus the definitions it may use without writing them.

In: a subgraph with its document. Out: a document that plain GraphQL validation understands: federation's directives under
their local names, link's definitions, and orphan extensions (`extend type User` without a `type User`) as definitions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListTypeNode,
    NamedTypeNode,
    NameNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    parse,
)

from gateway.schema.names import Names
from gateway.schema.specification import LINK_SDL, specification
from gateway.schema.subgraph import Subgraph
from gateway.schema.versions import NEWEST_FEDERATION

_LINK_DEFINITIONS = parse(LINK_SDL, no_location=True).definitions


def complete_document(subgraph: Subgraph) -> DocumentNode:
    """The subgraph's document with every definition that it leaves to the gateway."""
    own = subgraph.document.definitions
    types = {node.name.value for node in own if isinstance(node, TypeDefinitionNode)}
    directives = {node.name.value for node in own if isinstance(node, DirectiveDefinitionNode)}
    added = [*federation_directives(subgraph.names), *_federation_types(subgraph.names), *_LINK_DEFINITIONS]
    needed = (
        node
        for node in added
        if isinstance(node, TypeDefinitionNode | DirectiveDefinitionNode)
        and node.name.value not in (types if isinstance(node, TypeDefinitionNode) else directives)
    )
    return DocumentNode(definitions=(*needed, *_with_bases(own, types)))


def federation_directives(names: Names) -> Iterator[DirectiveDefinitionNode]:
    """The definitions of federation's directives as this subgraph must see them."""
    own = specification(names.version).directives
    newest = specification(NEWEST_FEDERATION).directives
    for local, name in names.directives.items():
        node = own.get(name) or newest[name]
        arguments = tuple(replace(one, type=_local_type(one.type, names)) for one in node.arguments or ())
        yield replace(node, name=NameNode(value=local), arguments=arguments)


def _federation_types(names: Names) -> Iterator[ScalarTypeDefinitionNode]:
    # The plain names are there too: subgraphs that bring their own copy of @key name FieldSet without importing it.
    known = dict.fromkeys([*names.types, *names.types.values(), "_FieldSet"])
    known |= dict.fromkeys(specification(NEWEST_FEDERATION).types)
    return (ScalarTypeDefinitionNode(name=NameNode(value=name)) for name in known)


def _local_type(node: TypeNode, names: Names) -> TypeNode:
    match node:
        case NonNullTypeNode():
            inner = _local_type(node.type, names)
            assert isinstance(inner, NamedTypeNode | ListTypeNode)
            return replace(node, type=inner)
        case ListTypeNode():
            return replace(node, type=_local_type(node.type, names))
        case NamedTypeNode():
            local = next((here for here, there in names.types.items() if there == node.name.value), node.name.value)
            return replace(node, name=NameNode(value=local))
        case _:
            return node


def _with_bases(definitions: tuple[DefinitionNode, ...], defined: set[str]) -> Iterator[DefinitionNode]:
    based = set(defined)
    for node in definitions:
        if isinstance(node, TypeExtensionNode) and node.name.value not in based:
            based.add(node.name.value)
            yield _definition(node)
        else:
            yield node


def _definition(node: TypeExtensionNode) -> TypeDefinitionNode:
    match node:
        case ObjectTypeExtensionNode():
            return ObjectTypeDefinitionNode(
                name=node.name, interfaces=node.interfaces, directives=node.directives, fields=node.fields, loc=node.loc
            )
        case InterfaceTypeExtensionNode():
            return InterfaceTypeDefinitionNode(
                name=node.name, interfaces=node.interfaces, directives=node.directives, fields=node.fields, loc=node.loc
            )
        case UnionTypeExtensionNode():
            return UnionTypeDefinitionNode(name=node.name, directives=node.directives, types=node.types, loc=node.loc)
        case EnumTypeExtensionNode():
            return EnumTypeDefinitionNode(name=node.name, directives=node.directives, values=node.values, loc=node.loc)
        case InputObjectTypeExtensionNode():
            return InputObjectTypeDefinitionNode(name=node.name, directives=node.directives, fields=node.fields, loc=node.loc)
        case ScalarTypeExtensionNode():
            return ScalarTypeDefinitionNode(name=node.name, directives=node.directives, loc=node.loc)
        case _:
            raise TypeError(f"unknown extension {node.kind}")
