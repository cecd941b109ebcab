"""Which fields a field's value is made from: `@requires` and contexts of a supergraph, so that a readable field cannot echo a
denied one.

In: the supergraph (or a subgraph), SDL or parsed. Out: `Type.field` → the fields that it requires, with the fields on the way
to nested ones. A field marked `@declassifies` is reviewed to reveal nothing of what it requires, and has no entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLError,
    InlineFragmentNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeNode,
    UnionTypeDefinitionNode,
    parse,
)

from authz.errors import SchemaNotProtected
from authz.vocabulary import text_argument

_Fields = dict[str, dict[str, FieldDefinitionNode]]
_Contexts = dict[str, list[str]]
"""The types that set each context."""


def dependencies_of(supergraph: str | DocumentNode) -> dict[str, frozenset[str]]:
    """The dependencies of every field with `@requires` or `@join__field(requires:, contextArguments:)`. Raises
    SchemaNotProtected for unreadable SDL.
    """
    try:
        document = parse(supergraph, no_location=True) if isinstance(supergraph, str) else supergraph
    except GraphQLError as error:
        raise SchemaNotProtected(
            f"The schema cannot be read, so what its fields require is unknown: {error.message}"
        ) from error
    fields: _Fields = {}
    members: dict[str, list[str]] = {}
    contexts: _Contexts = {}
    for node in document.definitions:
        for directive in getattr(node, "directives", None) or ():
            if directive.name.value == "context":
                contexts.setdefault(text_argument(directive, "name") or "", []).append(node.name.value)  # type: ignore[attr-defined]  # a type's
        if isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode):
            fields.setdefault(node.name.value, {}).update((field.name.value, field) for field in node.fields or ())
            for interface in node.interfaces or ():
                members.setdefault(interface.name.value, []).append(node.name.value)
        elif isinstance(node, UnionTypeDefinitionNode):
            members.setdefault(node.name.value, []).extend(member.name.value for member in node.types or ())
    found: dict[str, frozenset[str]] = {}
    for type_name, definitions in fields.items():
        for name, definition in definitions.items():
            needed = frozenset(
                (*_needed(type_name, definition, fields, members), *_from_context(definition, contexts, fields, members))
            )
            if needed:
                found[f"{type_name}.{name}"] = needed
    return found


def _needed(type_name: str, definition: FieldDefinitionNode, fields: _Fields, members: dict[str, list[str]]) -> Iterator[str]:
    if _declassifies(definition):
        return
    for directive in definition.directives or ():
        required = _required(directive)
        if required is not None:
            yield from _coordinates(type_name, _selections(required), fields, members)


def _from_context(
    definition: FieldDefinitionNode, contexts: _Contexts, fields: _Fields, members: dict[str, list[str]]
) -> Iterator[str]:
    """What the field's arguments are filled with: selected on each type that sets the context."""
    if _declassifies(definition):
        return
    for context, selection in _context_arguments(definition):
        selections = _selections(selection)
        for type_name in contexts.get(context, ()):
            yield from _coordinates(type_name, selections, fields, members)


def _context_arguments(definition: FieldDefinitionNode) -> Iterator[tuple[str, str]]:
    """(context, selection) of every `contextArguments` of the field."""
    given = (argument for directive in definition.directives or () for argument in directive.arguments or ())
    lists = (one.value for one in given if one.name.value == "contextArguments" and isinstance(one.value, ListValueNode))
    for item in (item for one in lists for item in one.values if isinstance(item, ObjectValueNode)):
        said = {part.name.value: part.value.value for part in item.fields if isinstance(part.value, StringValueNode)}
        yield said.get("context", ""), said.get("selection", "")


def _declassifies(definition: FieldDefinitionNode) -> bool:
    return any(directive.name.value.split("__")[-1] == "declassifies" for directive in definition.directives or ())


def _selections(text: str) -> SelectionSetNode:
    """A field set or the selection of a context, which may stand in braces of its own."""
    operation = parse(text if text.strip().startswith("{") else f"{{ {text} }}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set


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
