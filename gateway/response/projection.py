"""The client's operation as a form to be filled: raw data → exactly the shape that was asked for.

In (once per operation and set of Boolean variables): the client's schema, its document, what is withheld. In (per request):
`Raw`. Out: the `data` of the answer, with null propagation, and the errors that filling the form brought up.

A form is compiled as far as data has needed it: fields of a type that never came are never looked at. For each field there
is one small function made of its type: non-null → list → object or leaf.
Source: GraphQL specification, 6.4.3 "Value Completion", 6.4.4 "Handling Execution Errors".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLCompositeType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from gateway.execution.raw import Json
from gateway.response.collect import Collector
from gateway.response.filling import Filling, NullHere, Place
from gateway.response.leaves import Coerce, NotOfType, coercion_of
from kernel.errors import SaiteError

Complete = Callable[[Json, Place, Filling], Json]
ValueFilter = Callable[[Json], Json]

INTROSPECTION: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that the contract withholds: response keys without indices, and the concrete `Type.field`."""

    path: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Fields:
    """What an object of one type shows, in order; and under which raw key its id stands, for the audit."""

    typename: str
    completers: tuple[tuple[str, Complete], ...]
    forms: Mapping[str, Form]
    names: Mapping[str, str]
    id_key: str | None


class Form:
    """One selection set of the client at one place. `audited` is the same place in the operation that was executed."""

    __slots__ = ("_audited", "_by_type", "_path", "_projection", "_selections")

    def __init__(
        self,
        projection: Projection,
        selections: tuple[SelectionSetNode, ...],
        audited: tuple[SelectionSetNode, ...],
        path: tuple[str, ...],
    ) -> None:
        self._projection = projection
        self._selections = selections
        self._audited = audited
        self._path = path
        self._by_type: dict[str, Fields] = {}

    def of(self, kind: GraphQLNamedType) -> Fields:
        """The fields for objects of `kind`."""
        fields = self._by_type.get(kind.name)
        if fields is None:
            fields = self._by_type[kind.name] = self._compile(kind)
        return fields

    def is_certain(self, kind: GraphQLNamedType) -> bool:
        """Whether the fields are the same for every possible type of the abstract `kind`."""
        return self._projection.collector.is_certain(self._selections, kind)

    def _compile(self, kind: GraphQLNamedType) -> Fields:
        projection = self._projection
        collected = projection.collector.collect(self._selections, kind)
        audited = projection.audited.collect(self._audited, kind) if projection.audited is not None else {}
        completers: list[tuple[str, Complete]] = []
        forms: dict[str, Form] = {}
        for key, nodes in collected.items():
            below = Form(projection, _sub_selections(nodes), _sub_selections(audited.get(key, ())), (*self._path, key))
            forms[key] = below
            completers.append((key, projection.completer(kind, nodes[0], below, (*self._path, key))))
        id_key = next((key for key, nodes in audited.items() if nodes[0].name.value == "id"), None)
        names = {key: nodes[0].name.value for key, nodes in collected.items()}
        return Fields(kind.name, tuple(completers), forms, names, id_key)


class Projection:
    """The form of one operation under fixed values of its Boolean variables. Raises nothing once made."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, object],
        *,
        executed: DocumentNode | None = None,
        withheld: Iterable[Withheld] = (),
        values: Mapping[str, ValueFilter] | None = None,
    ) -> None:
        root = schema.get_root_type(operation.operation)
        assert root is not None, "a validated operation has a root type"
        self.schema = schema
        self.root_type: GraphQLObjectType = root
        self.collector = Collector(schema, document, variables)
        self.audited = Collector(schema, executed, variables) if executed is not None else None
        self._withheld = frozenset((entry.path, entry.field) for entry in withheld)
        self._values = values or {}
        self.root = Form(self, (operation.selection_set,), _roots(executed, operation), ())

    def fill(self, data: Mapping[str, Json] | None, filling: Filling) -> dict[str, Json] | None:
        """The client's `data`; None when a null reached the root."""
        try:
            return _filled(self.root.of(self.root_type), dict(data or {}), (), filling)
        except NullHere:
            return None

    def completer(self, parent: GraphQLNamedType, node: FieldNode, form: Form, path: tuple[str, ...]) -> Complete:
        """The function that completes the field `node` of `parent`."""
        name = node.name.value
        if name == "__typename":
            return _constant(parent.name)
        if name in INTROSPECTION and parent is self.root_type:
            return _introspected(path[0])
        if (path, f"{parent.name}.{name}") in self._withheld:
            return _constant(None)
        assert not is_leaf_type(parent)
        definition = self.schema.get_field(parent, name)  # type: ignore[arg-type]  # parent is composite
        if definition is None:
            return _constant(None)
        return self._of_type(definition.type, form, f"{parent.name}.{name}")

    def types_under(self, parent: GraphQLNamedType, fields: Fields, key: str) -> tuple[GraphQLNamedType, ...]:
        """The object types (and the abstract type itself) that objects under `key` may have."""
        definition = self.schema.get_field(parent, fields.names[key])  # type: ignore[arg-type]  # parent is composite
        kind = get_named_type(definition.type) if definition is not None else None
        if kind is None or not is_composite_type(kind):
            return ()
        if is_object_type(kind):
            return (kind,)
        return (kind, *self.schema.get_possible_types(kind))  # type: ignore[arg-type]  # abstract

    def _of_type(self, kind: GraphQLOutputType, form: Form, field: str) -> Complete:
        if is_non_null_type(kind):
            return _non_null(self._not_null(kind.of_type, form, field), field)
        return _nullable(self._not_null(kind, form, field))

    def _not_null(self, kind: GraphQLOutputType, form: Form, field: str) -> Complete:
        if is_list_type(kind):
            return _list(self._of_type(kind.of_type, form, field), field)
        if is_leaf_type(kind):
            coerce = _shown_in_part(coercion_of(kind), self._values.get(field))

            def leaf(value: Json, place: Place, filling: Filling) -> Json:
                try:
                    return coerce(value)
                except NotOfType:
                    filling.report(place, f"The value of {field} is not a valid {kind.name}.", "INVALID_VALUE")
                    raise NullHere from None

            return leaf
        assert is_composite_type(kind)
        if is_object_type(kind):
            return _object(kind, form, field)
        return self._abstract(kind, form, field)

    def _abstract(self, kind: GraphQLCompositeType, form: Form, field: str) -> Complete:
        possible = {member.name: member for member in self.schema.get_possible_types(kind)}  # type: ignore[arg-type]  # abstract
        everywhere = form.is_certain(kind)

        def abstract(value: Json, place: Place, filling: Filling) -> Json:
            if type(value) is not dict:
                filling.report(place, f"The value of {field} is not an object.", "INVALID_VALUE")
                raise NullHere
            member = possible.get(value.get("__typename"))  # type: ignore[arg-type]  # any value may be looked up
            if member is not None:
                return _filled(form.of(member), value, place, filling)
            if everywhere and not _is_other_object(self.schema, value.get("__typename")):
                return _filled(form.of(kind), value, place, filling)
            filling.report(place, f"The type of {field} could not be told, or is none of {kind.name}.", "INVALID_VALUE")
            raise NullHere

        return abstract


def _is_other_object(schema: GraphQLSchema, name: Json) -> bool:
    """Whether `name` is a type the client must not see here, rather than unknown or an interface object's name."""
    return isinstance(name, str) and not is_composite_abstract(schema, name)


def is_composite_abstract(schema: GraphQLSchema, name: str) -> bool:
    """Whether `name` is an interface or union of the schema."""
    kind = schema.get_type(name)
    return kind is not None and is_composite_type(kind) and not is_object_type(kind)


def _filled(fields: Fields, value: dict[str, Json], place: Place, filling: Filling) -> dict[str, Json]:
    if fields.id_key is not None:
        filling.saw(fields.typename, value.get(fields.id_key))
    get = value.get
    return {key: complete(get(key), (place, key), filling) for key, complete in fields.completers}


def _object(kind: GraphQLObjectType, form: Form, field: str) -> Complete:
    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if type(value) is not dict:
            filling.report(place, f"The value of {field} is not an object.", "INVALID_VALUE")
            raise NullHere
        return _filled(form.of(kind), value, place, filling)

    return complete


def _list(item: Complete, field: str) -> Complete:
    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if type(value) is not list:
            filling.report(place, f"The value of {field} is not a list.", "INVALID_VALUE")
            raise NullHere
        return [item(element, (place, index), filling) for index, element in enumerate(value)]

    return complete


def _nullable(inner: Complete) -> Complete:
    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if value is None:
            return None
        try:
            return inner(value, place, filling)
        except NullHere:
            return None

    return complete


def _non_null(inner: Complete, field: str) -> Complete:
    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if value is None:
            filling.report_null(place, f"Cannot return null for non-nullable field {field}.")
            raise NullHere
        return inner(value, place, filling)

    return complete


def _shown_in_part(coerce: Coerce, value_filter: ValueFilter | None) -> Coerce:
    """A contract may show a value in part. What its mask does not fit is not shown at all."""
    if value_filter is None:
        return coerce

    def shown(value: Json) -> Json:
        try:
            return value_filter(coerce(value))
        except SaiteError as error:
            raise NotOfType from error

    return shown


def _constant(value: str | None) -> Complete:
    def complete(_value: Json, _place: Place, _filling: Filling) -> Json:
        return value

    return complete


def _introspected(key: str) -> Complete:
    def complete(_value: Json, _place: Place, filling: Filling) -> Json:
        return filling.introspected.get(key)

    return complete


def _sub_selections(nodes: Iterable[FieldNode]) -> tuple[SelectionSetNode, ...]:
    return tuple(node.selection_set for node in nodes if node.selection_set is not None)


def _roots(executed: DocumentNode | None, operation: OperationDefinitionNode) -> tuple[SelectionSetNode, ...]:
    if executed is None:
        return ()
    name = operation.name.value if operation.name is not None else None
    operations = [node for node in executed.definitions if isinstance(node, OperationDefinitionNode)]
    for node in operations:
        if (node.name.value if node.name is not None else None) == name:
            return (node.selection_set,)
    return ()
