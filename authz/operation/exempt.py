"""Fields that need no right inside a room, because the gateway fetches them to join and never shows them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
)

from authz.vocabulary import text_argument


def exempt_of(schema: GraphQLSchema) -> frozenset[str]:
    """The key fields of a room's schema (`@key`, and `id` of every Node), with `_entities` and `_service`."""
    found = {"Query._entities", "Query._service", "_Service.sdl"}
    for name, candidate in schema.type_map.items():
        if isinstance(candidate, GraphQLObjectType):
            if any(interface.name == "Node" for interface in candidate.interfaces):
                found.add(f"{name}.id")
            for key in _keys(candidate):
                found.update(_coordinates(candidate, key))
    return frozenset(found)


def _keys(object_type: GraphQLObjectType) -> Iterator[SelectionSetNode]:
    for node in (object_type.ast_node, *object_type.extension_ast_nodes):
        for directive in (node.directives if node is not None else ()) or ():
            fields = text_argument(directive, "fields")
            if directive.name.value in ("key", "federation__key") and fields is not None:
                operation = parse(f"{{ {fields} }}", no_location=True).definitions[0]
                assert isinstance(operation, OperationDefinitionNode)
                yield operation.selection_set


def _coordinates(parent: GraphQLObjectType | GraphQLInterfaceType, selections: SelectionSetNode) -> Iterator[str]:
    for node in selections.selections:
        if isinstance(node, FieldNode) and node.name.value in parent.fields:
            yield f"{parent.name}.{node.name.value}"
            named = get_named_type(parent.fields[node.name.value].type)
            if node.selection_set is not None and isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
                yield from _coordinates(named, node.selection_set)
