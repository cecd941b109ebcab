"""Definitions and extensions of a document → typed types.

In: a document without federation's machinery, and the names. Out: one `Type` per type name, definitions and extensions put
together in the order they were written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from graphql import (
    ArgumentNode,
    BooleanValueNode,
    ConstDirectiveNode,
    DirectiveDefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    EnumTypeExtensionNode,
    EnumValueNode,
    FieldDefinitionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InputObjectTypeExtensionNode,
    InputValueDefinitionNode,
    InterfaceTypeDefinitionNode,
    InterfaceTypeExtensionNode,
    ListValueNode,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    ScalarTypeDefinitionNode,
    ScalarTypeExtensionNode,
    SchemaDefinitionNode,
    SchemaExtensionNode,
    StringValueNode,
    TypeDefinitionNode,
    TypeExtensionNode,
    UnionTypeDefinitionNode,
    UnionTypeExtensionNode,
    print_ast,
)

from gateway.schema.field_sets import FieldSet, parse_field_set
from gateway.schema.marks import read_marks
from gateway.schema.names import Names
from gateway.schema.subgraph import (
    Applied,
    CompositeType,
    Directive,
    EnumType,
    EnumValue,
    Field,
    InputObjectType,
    InputValue,
    Key,
    Kind,
    Marks,
    Override,
    ScalarType,
    Type,
    UnionType,
)
from gateway.schema.versions import FEDERATION_1

TypeNode = TypeDefinitionNode | TypeExtensionNode
CompositeNode = ObjectTypeDefinitionNode | ObjectTypeExtensionNode | InterfaceTypeDefinitionNode | InterfaceTypeExtensionNode
_ROOT_NAMES = frozenset({"Query", "Mutation", "Subscription"})


def read_types(document: DocumentNode, names: Names) -> dict[str, Type]:
    """Every type of the document except those of the federation and link specifications."""
    nodes: dict[str, list[TypeNode]] = defaultdict(list)
    for node in document.definitions:
        if isinstance(node, TypeDefinitionNode | TypeExtensionNode):
            nodes[node.name.value].append(node)
    found: dict[str, Type] = {}
    for name, group in nodes.items():
        if name not in names.types and not name.startswith("link__"):
            found[name] = _read_type(name, group, names)
    return found


def _read_type(name: str, nodes: list[TypeNode], names: Names) -> Type:
    # A kind that changes between definition and extension is reported by plain validation; the first one counts here.
    marks = _marks(nodes, names)
    if not isinstance(nodes[0], InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode):
        marks = replace(marks, one_of=False)  # a directive of the subgraph's own
    match nodes[0]:
        case ScalarTypeDefinitionNode() | ScalarTypeExtensionNode():
            return ScalarType(name, marks, nodes[0])
        case UnionTypeDefinitionNode() | UnionTypeExtensionNode():
            unions = [node for node in nodes if isinstance(node, UnionTypeDefinitionNode | UnionTypeExtensionNode)]
            members = dict.fromkeys(member.name.value for node in unions for member in node.types or ())
            return UnionType(name, tuple(members), marks, nodes[0], _contexts(marks))
        case EnumTypeDefinitionNode() | EnumTypeExtensionNode():
            enums = [node for node in nodes if isinstance(node, EnumTypeDefinitionNode | EnumTypeExtensionNode)]
            values = {
                value.name.value: EnumValue(
                    value.name.value, read_marks(value.directives or (), value.description, names), value
                )
                for node in enums
                for value in node.values or ()
            }
            return EnumType(name, values, marks, nodes[0])
        case InputObjectTypeDefinitionNode() | InputObjectTypeExtensionNode():
            inputs = [node for node in nodes if isinstance(node, InputObjectTypeDefinitionNode | InputObjectTypeExtensionNode)]
            fields = {field.name.value: read_input_value(field, names) for node in inputs for field in node.fields or ()}
            return InputObjectType(name, fields, marks, nodes[0])
        case _:
            return _read_composite(name, nodes, marks, names)


def _marks(nodes: Iterable[TypeNode], names: Names) -> Marks:
    nodes = tuple(nodes)
    directives = [directive for node in nodes for directive in node.directives or ()]
    described = (node.description for node in nodes if isinstance(node, TypeDefinitionNode) and node.description)
    return read_marks(directives, next(described, None), names)


def _contexts(marks: Marks) -> tuple[str, ...]:
    given = (one.value("name") for one in marks.all("context"))
    return tuple(value.value for value in given if isinstance(value, StringValueNode))


def _read_composite(name: str, nodes: list[TypeNode], marks: Marks, names: Names) -> CompositeType:
    composites = [node for node in nodes if isinstance(node, CompositeNode)]
    is_object = isinstance(composites[0], ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
    extends = marks.has("extends")
    written = any(isinstance(node, TypeDefinitionNode) for node in nodes)
    federation_1 = names.version == FEDERATION_1
    fields: dict[str, Field] = {}
    for node in composites:
        for field in _read_fields(name, node, names):
            fields.setdefault(field.name, field)
    return CompositeType(
        kind=Kind.OBJECT if is_object else Kind.INTERFACE,
        name=name,
        fields=fields,
        interfaces=tuple(dict.fromkeys(one.name.value for node in composites for one in node.interfaces or ())),
        keys=tuple(_read_keys(marks, federation_1=federation_1)),
        marks=marks,
        node=nodes[0],
        defined=written and not (federation_1 and extends),
        extended=extends or any(isinstance(node, TypeExtensionNode) for node in nodes),
        extends_directive=extends,
        interface_object=is_object and marks.has("interfaceObject"),
        external=marks.has("external"),
        shareable=marks.has("shareable"),
        contexts=_contexts(marks),
    )


def _read_fields(owner: str, node: CompositeNode, names: Names) -> Iterator[Field]:
    local = {names.directives.get(one.name.value) for one in node.directives or ()}
    is_object = isinstance(node, ObjectTypeDefinitionNode | ObjectTypeExtensionNode)
    federation_1 = names.version == FEDERATION_1
    # Federation 1 knew no @shareable: what a definition (and any root type) holds could be resolved anywhere.
    implied = federation_1 and (isinstance(node, ObjectTypeDefinitionNode) or owner in _ROOT_NAMES)
    for one in node.fields or ():
        field = read_field(one, names)
        yield replace(
            field,
            external=is_object and (field.external or ("external" in local and not federation_1)),
            shareable=is_object and (field.shareable or "shareable" in local or implied),
            extension=isinstance(node, ObjectTypeExtensionNode | InterfaceTypeExtensionNode),
        )


def read_field(node: FieldDefinitionNode, names: Names) -> Field:
    """One field definition."""
    marks = read_marks(node.directives or (), node.description, names)
    return Field(
        name=node.name.value,
        type=print_ast(node.type),
        arguments={one.name.value: read_input_value(one, names) for one in node.arguments or ()},
        marks=marks,
        node=node,
        external=marks.has("external"),
        shareable=marks.has("shareable"),
        requires=_field_set(marks.all("requires")),
        provides=_field_set(marks.all("provides")),
        override=_override(marks.all("override")),
    )


def read_input_value(node: InputValueDefinitionNode, names: Names) -> InputValue:
    """One argument or input field."""
    marks = read_marks(node.directives or (), node.description, names)
    context = next((one.value("field") for one in marks.all("fromContext")), None)
    text = context.value if isinstance(context, StringValueNode) else None
    return InputValue(node.name.value, print_ast(node.type), node.default_value, marks, node, text)


def fields_text(applied: Applied, *, lists: bool = False) -> str | None:
    """The text of `fields:`; with `lists` also a list of strings, which federation 1 took. None: not a text."""
    match applied.value("fields"):
        case StringValueNode() as value:
            return value.value
        case EnumValueNode() as value if applied.name == "requires":
            return value.value
        case ListValueNode() as value if lists and all(isinstance(one, StringValueNode) for one in value.values):
            return " ".join(one.value for one in value.values if isinstance(one, StringValueNode))
        case _:
            return None


def _field_set(applications: tuple[Applied, ...]) -> FieldSet | None:
    text = fields_text(applications[0]) if applications else None
    return _parsed(text)


def _parsed(text: str | None) -> FieldSet | None:
    if text is None:
        return None
    try:
        return parse_field_set(text)
    except GraphQLError:
        return None  # reported by the rule for invalid field sets


def _read_keys(marks: Marks, *, federation_1: bool) -> Iterator[Key]:
    for one in marks.all("key"):
        fields = _parsed(fields_text(one, lists=federation_1))
        resolvable = one.value("resolvable")
        if fields is not None:
            yield Key(fields, not (isinstance(resolvable, BooleanValueNode) and not resolvable.value))


def _override(applications: tuple[Applied, ...]) -> Override | None:
    if not applications:
        return None
    source, label = applications[0].value("from"), applications[0].value("label")
    if not isinstance(source, StringValueNode):
        return None
    return Override(source.value, label.value if isinstance(label, StringValueNode) else None)


def read_directives(document: DocumentNode, names: Names) -> dict[str, Directive]:
    """The directives the subgraph defines itself; copies of federation's own and of @link are left out."""
    found: dict[str, Directive] = {}
    for node in document.definitions:
        if not isinstance(node, DirectiveDefinitionNode):
            continue
        if node.name.value in names.directives or node.name.value == "link":
            continue
        found[node.name.value] = Directive(
            name=node.name.value,
            locations=tuple(location.value for location in node.locations),
            repeatable=node.repeatable,
            arguments={one.name.value: read_input_value(one, names) for one in node.arguments or ()},
            node=node,
        )
    return found


def schema_directives(document: DocumentNode) -> tuple[ConstDirectiveNode, ...]:
    """The directives on the schema definition and its extensions."""
    return tuple(
        directive
        for node in document.definitions
        if isinstance(node, SchemaDefinitionNode | SchemaExtensionNode)
        for directive in node.directives or ()
    )


def fields_argument(node: ConstDirectiveNode) -> ArgumentNode | None:
    """The `fields` argument as written."""
    return next((one for one in node.arguments or () if one.name.value == "fields"), None)
