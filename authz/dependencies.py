"""Which fields a field's value is made from: `@requires` of a supergraph, so that a readable field cannot echo a denied one.

In: the supergraph (or a subgraph) as SDL. Out: `Type.field` → the fields that it requires, with the fields on the way to
nested ones. A field marked `@declassifies` is reviewed to reveal nothing of what it requires, and has no entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DirectiveNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
)

from authz.errors import SchemaNotProtected
from authz.vocabulary import text_argument

_Fields = dict[str, dict[str, FieldDefinitionNode]]


def dependencies_of(sdl: str) -> dict[str, frozenset[str]]:
    """The dependencies of every field with `@requires` or `@join__field(requires:)`. Raises SchemaNotProtected for
    unreadable SDL.
    """
    try:
        document = parse(sdl, no_location=True)
    except GraphQLError as error:
        raise SchemaNotProtected(
            f"The schema cannot be read, so what its fields require is unknown: {error.message}"
        ) from error
    fields: _Fields = {}
    members: dict[str, list[str]] = {}
    for node in document.definitions:
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode):
            fields.setdefault(node.name.value, {}).update((field.name.value, field) for field in node.fields or ())
            for interface in node.interfaces or ():
                members.setdefault(interface.name.value, []).append(node.name.value)
        elif isinstance(node, UnionTypeDefinitionNode):
            members.setdefault(node.name.value, []).extend(member.name.value for member in node.types or ())
    found: dict[str, frozenset[str]] = {}
    for type_name, definitions in fields.items():
        for name, definition in definitions.items():
            needed = frozenset(_needed(type_name, definition, fields, members))
            if needed:
                found[f"{type_name}.{name}"] = needed
    return found


def _needed(type_name: str, definition: FieldDefinitionNode, fields: _Fields, members: dict[str, list[str]]) -> Iterator[str]:
    directives = definition.directives or ()
    if any(directive.name.value.split("__")[-1] == "declassifies" for directive in directives):
        return
    for directive in directives:
        required = _required(directive)
        if required is not None:
            operation = parse(f"{{ {required} }}", no_location=True).definitions[0]
            assert isinstance(operation, OperationDefinitionNode)
            yield from _coordinates(type_name, operation.selection_set, fields, members)


def _required(directive: DirectiveNode) -> str | None:
    match directive.name.value:
        case "join__field":
            return text_argument(directive, "requires")
        case "requires" | "federation__requires":
            return text_argument(directive, "fields")
        case _:
            return None


def _coordinates(type_name: str, selections: SelectionSetNode, fields: _Fields, members: dict[str, list[str]]) -> Iterator[str]:
    for selection in selections.selections:
        if isinstance(selection, InlineFragmentNode):
            inner = selection.type_condition.name.value if selection.type_condition else type_name
            yield from _coordinates(inner, selection.selection_set, fields, members)
        elif isinstance(selection, FieldNode) and selection.name.value != "__typename":
            for concrete in members.get(type_name, [type_name]):
                yield f"{concrete}.{selection.name.value}"
            definition = fields.get(type_name, {}).get(selection.name.value)
            if selection.selection_set is not None and definition is not None:
                yield from _coordinates(_named(definition.type), selection.selection_set, fields, members)


def _named(node: TypeNode) -> str:
    while isinstance(node, NonNullTypeNode | ListTypeNode):
        node = node.type
    return str(node.name.value)  # type: ignore[attr-defined]  # only a NamedTypeNode is left
