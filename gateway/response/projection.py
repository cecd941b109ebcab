"""The client's operation as a form to be filled: raw data → exactly the shape that was asked for.

In (once per operation and set of Boolean variables): the client's schema, its document, what is withheld. In (per request):
`Raw`. Out: the `data` of the answer, with null propagation, and the errors that filling the form brought up.

A form is compiled as far as data has needed it: fields of a type that never came are never looked at. For each field there
is one small function made of its type: non-null → list → object or leaf.
Source: GraphQL specification, 6.4.3 "Value Completion", 6.4.4 "Handling Execution Errors".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
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
    print_ast,
)

from gateway.execution.raw import Json, Place
from gateway.response.collect import Collector
from gateway.response.complete import (
    Complete,
    ValueFilter,
    checked_list,
    constant,
    introspected,
    list_of,
    non_null,
    nullable,
    shown_in_part,
)
from gateway.response.filling import AbsentHere, Filling, NullHere
from gateway.response.leaves import NotOfType, coercion_of

INTROSPECTION: Final = frozenset({"__schema", "__type"})


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that the contract withholds: response keys without indices, and the concrete `Type.field`."""

    path: tuple[str, ...]
    field: str


@dataclass(frozen=True, slots=True)
class Absence:
    """Which objects are as good as not there: `entities` when their id did not come, `unreadable` always (names of types)."""

    entities: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fields:
    """What an object of one type shows, in order; and for the audit: under which raw key its id stands, and `given`, the fields
    (`Type.field`) that are shown with it (None when nothing is audited).

    `needs_id`: without an id there is no object, whatever else the data holds.
    """

    typename: str
    completers: tuple[tuple[str, Complete], ...]
    forms: Mapping[str, Form]
    names: Mapping[str, str]
    id_key: str | None
    needs_id: bool
    given: frozenset[str] | None


class Form:
    """One selection set of the client at one place, inside a field (`Type.field`). `audited` is the same place in the operation
    that was executed.
    """

    __slots__ = ("_any", "_audited", "_by_type", "_inside", "_path", "_projection", "_selections")

    def __init__(
        self,
        projection: Projection,
        selections: tuple[SelectionSetNode, ...],
        audited: tuple[SelectionSetNode, ...],
        path: tuple[str, ...],
        inside: str | None = None,
    ) -> None:
        self._projection = projection
        self._inside = inside
        self._selections = selections
        self._audited = audited
        self._path = path
        self._by_type: dict[str, Fields] = {}
        self._any: dict[str, Fields | None] = {}

    def of(self, kind: GraphQLNamedType) -> Fields:
        """The fields for objects of `kind`."""
        fields = self._by_type.get(kind.name)
        if fields is None:
            fields = self._by_type[kind.name] = self._compile(kind)
        return fields

    def of_any(self, kind: GraphQLNamedType, possible: Collection[GraphQLObjectType]) -> Fields | None:
        """The fields for objects of the abstract `kind` whose own type is not told; None when they depend on it."""
        if kind.name not in self._any:
            self._any[kind.name] = self._same_for_all(kind, possible)
        return self._any[kind.name]

    def _same_for_all(self, kind: GraphQLNamedType, possible: Collection[GraphQLObjectType]) -> Fields | None:
        projection = self._projection
        if projection.collector.is_certain(self._selections, kind):
            return _of_each(self.of(kind), possible)
        shown = {self._shown(member) for member in possible}
        if len(shown) != 1 or (len(possible) > 1 and any(name == "__typename" for _, name, _ in shown.pop())):
            return None
        return _of_each(self.of(next(iter(possible))), possible)

    def _shown(self, member: GraphQLObjectType) -> frozenset[tuple[str, str, str]]:
        """(response key, field, arguments and selections) of what `member` shows; neither order nor repetition matters."""
        collected = self._projection.collector.collect(self._selections, member)
        return frozenset(
            (
                key,
                node.name.value,
                print_ast(FieldNode(name=node.name, arguments=node.arguments, selection_set=node.selection_set)),
            )
            for key, nodes in collected.items()
            for node in nodes
        )

    def _compile(self, kind: GraphQLNamedType) -> Fields:
        projection = self._projection
        collected = projection.collector.collect(self._selections, kind)
        audited = projection.audited.collect(self._audited, kind) if projection.audited is not None else {}
        completers: list[tuple[str, Complete]] = []
        forms: dict[str, Form] = {}
        for key, nodes in collected.items():
            path, inside = (*self._path, key), f"{kind.name}.{nodes[0].name.value}"
            below = Form(projection, _sub_selections(nodes), _sub_selections(audited.get(key, ())), path, inside)
            forms[key] = below
            completers.append((key, projection.completer(kind, nodes[0], below, path, self._inside)))
        # Of another type it is a value of the register and no name of an entity: `Source.id`.
        key_field = getattr(kind, "fields", {}).get("id")
        is_named = key_field is None or str(key_field.type).rstrip("!") == "ID"  # no such field: the caller's view hides it
        id_key = next((key for key, nodes in audited.items() if is_named and nodes[0].name.value == "id"), None)
        names = {key: nodes[0].name.value for key, nodes in collected.items()}
        needs_id = id_key is not None and kind.name in projection.absence.entities
        given = projection.given(kind, self._path, names) if projection.audited is not None else None
        return Fields(kind.name, tuple(completers), forms, names, id_key, needs_id, given)


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
        absence: Absence | None = None,
    ) -> None:
        root = schema.get_root_type(operation.operation)
        assert root is not None, "a validated operation has a root type"
        self.schema = schema
        self.root_type: GraphQLObjectType = root
        self.collector = Collector(schema, document, variables)
        self.audited = Collector(schema, executed, variables) if executed is not None else None
        self.absence = absence or Absence()
        self._withheld = frozenset((entry.path, entry.field) for entry in withheld)
        self._values = values or {}
        self.root = Form(self, (operation.selection_set,), _roots(executed, operation), ())

    def fill(self, data: Mapping[str, Json] | None, filling: Filling) -> dict[str, Json] | None:
        """The client's `data`; None when a null reached the root."""
        try:
            return _filled(self.root.of(self.root_type), dict(data or {}), (), filling)
        except NullHere:
            return None

    def given(self, parent: GraphQLNamedType, path: tuple[str, ...], names: Mapping[str, str]) -> frozenset[str]:
        """The fields that an object of `parent` at `path` shows: those under `names` that are not withheld."""
        fields = ((key, f"{parent.name}.{name}") for key, name in names.items() if not name.startswith("__"))
        return frozenset(field for key, field in fields if ((*path, key), field) not in self._withheld)

    def completer(
        self, parent: GraphQLNamedType, node: FieldNode, form: Form, path: tuple[str, ...], inside: str | None
    ) -> Complete:
        """The function that completes the field `node` of `parent`, which stands inside another field."""
        name = node.name.value
        if name == "__typename":
            return constant(parent.name)
        if name in INTROSPECTION and parent is self.root_type:
            return introspected(path[0])
        if (path, f"{parent.name}.{name}") in self._withheld:
            return constant(None)
        assert not is_leaf_type(parent)
        definition = self.schema.get_field(parent, name)  # type: ignore[arg-type]  # parent is composite
        if definition is None:
            return constant(None)
        field = f"{parent.name}.{name}"
        return self._of_type(definition.type, form, field, self._values.get(field) or self._values.get(f"{inside}.{name}"))

    def types_under(self, parent: GraphQLNamedType, fields: Fields, key: str) -> tuple[GraphQLNamedType, ...]:
        """The object types (and the abstract type itself) that objects under `key` may have."""
        definition = self.schema.get_field(parent, fields.names[key])  # type: ignore[arg-type]  # parent is composite
        kind = get_named_type(definition.type) if definition is not None else None
        if kind is None or not is_composite_type(kind):
            return ()
        if is_object_type(kind):
            return (kind,)
        return (kind, *self.schema.get_possible_types(kind))  # type: ignore[arg-type]  # abstract

    def _of_type(self, kind: GraphQLOutputType, form: Form, field: str, check: ValueFilter | None) -> Complete:
        if is_non_null_type(kind):
            return non_null(self._not_null(kind.of_type, form, field, check), field)
        return nullable(self._not_null(kind, form, field, check))

    def _not_null(self, kind: GraphQLOutputType, form: Form, field: str, check: ValueFilter | None) -> Complete:
        if is_list_type(kind):
            items = list_of(self._of_type(kind.of_type, form, field, check), field)
            return items if check is None else checked_list(items, check, field)
        if is_leaf_type(kind):
            coerce = shown_in_part(coercion_of(kind), check)

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

        def abstract(value: Json, place: Place, filling: Filling) -> Json:
            if type(value) is not dict:
                filling.report(place, f"The value of {field} is not an object.", "INVALID_VALUE")
                raise NullHere
            if self._is_absent(value):
                raise AbsentHere
            member = possible.get(value.get("__typename"))  # type: ignore[arg-type]  # any value may be looked up
            if member is not None:
                return _filled(form.of(member), value, place, filling)
            if not _is_other_object(self.schema, value.get("__typename")):
                fields = form.of_any(kind, possible.values())
                if fields is not None:
                    return _filled(fields, value, place, filling)
            filling.report(place, f"The type of {field} could not be told, or is none of {kind.name}.", "INVALID_VALUE")
            raise NullHere

        return abstract

    def _is_absent(self, value: dict[str, Json]) -> bool:
        """Whether an object at an abstract place is of a type of which nothing may be read: told, or nothing came of it."""
        if self.audited is None:
            return False
        return not value or value.get("__typename") in self.absence.unreadable


def _is_other_object(schema: GraphQLSchema, name: Json) -> bool:
    """Whether `name` is a type the client must not see here, rather than unknown or an interface object's name."""
    return isinstance(name, str) and not _is_abstract_name(schema, name)


def _is_abstract_name(schema: GraphQLSchema, name: str) -> bool:
    """Whether `name` is an interface or union of the schema."""
    kind = schema.get_type(name)
    return kind is not None and is_composite_type(kind) and not is_object_type(kind)


def _filled(fields: Fields, value: dict[str, Json], place: Place, filling: Filling) -> dict[str, Json]:
    get = value.get
    if fields.given is None:
        return {key: complete(get(key), (place, key), filling) for key, complete in fields.completers}
    if fields.id_key is not None:
        if fields.needs_id and get(fields.id_key) is None:
            raise AbsentHere
        filling.saw(fields.typename, get(fields.id_key))
    shown = {key: complete(get(key), (place, key), filling) for key, complete in fields.completers}
    filling.gave(fields.given)
    return shown


def _of_each(fields: Fields, possible: Collection[GraphQLObjectType]) -> Fields:
    """The same for objects that may be of any of these types: the audit then names the fields of each."""
    if fields.given is None:
        return fields
    names = {field.partition(".")[2] for field in fields.given}
    return replace(fields, given=frozenset(f"{member.name}.{name}" for member in possible for name in names))


def _object(kind: GraphQLObjectType, form: Form, field: str) -> Complete:
    def complete(value: Json, place: Place, filling: Filling) -> Json:
        if type(value) is not dict:
            filling.report(place, f"The value of {field} is not an object.", "INVALID_VALUE")
            raise NullHere
        return _filled(form.of(kind), value, place, filling)

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
