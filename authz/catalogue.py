"""What there is to have rights on: the schema read once into look-up tables.

In: a schema whose definitions carry the rights directives (the API schema, or a room's own). Out: a `Catalogue`: marks of
every object field, argument, input field and order value, the filter operators of each field, the row attributes of each type.

Interfaces are not in it: rights are decided on concrete types only.
"""

from __future__ import annotations

import hashlib
import json
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
)

from authz.errors import SchemaNotProtected
from authz.vocabulary import UNMARKED, Mark, Words, mark_of, text_argument, words_of


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """An object type's field: what it says of itself and what it returns."""

    mark: Mark
    returns: str
    is_leaf: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Coordinates are `Type.field`; arguments `Type.field(name)`; input fields `Input.field`; order values `Enum.VALUE`.

    `rights` has every right that can be asked about a field: nothing else is ever granted.
    """

    fields: Mapping[str, FieldEntry]
    arguments: Mapping[str, Mark]
    inputs: Mapping[str, Mark]
    order_values: Mapping[str, Mark]
    order_enums: frozenset[str]
    where_types: frozenset[str]
    operators: Mapping[str, frozenset[str]]
    sortable: frozenset[str]
    row_attributes: Mapping[str, Mapping[str, str]]
    rights: Mapping[str, tuple[str, ...]]
    digest: str

    def readable_fields(self) -> tuple[str, ...]:
        """Every field that the right `read` is about."""
        return tuple(name for name, entry in self.fields.items() if entry.mark.classification is not None)

    def counting_fields(self) -> tuple[str, ...]:
        """Every field that the right `count` is about."""
        return tuple(name for name, entry in self.fields.items() if entry.mark.counts)


_CATALOGUES: Final[weakref.WeakKeyDictionary[GraphQLSchema, Catalogue]] = weakref.WeakKeyDictionary()


def catalogue_of(schema: GraphQLSchema) -> Catalogue:
    """The catalogue of a schema, made once per schema. Raises SchemaNotProtected when the schema has no rights directives at
    all.
    """
    known = _CATALOGUES.get(schema)
    if known is None:
        known = _CATALOGUES[schema] = _read(schema)
    return known


def _read(schema: GraphQLSchema) -> Catalogue:
    words = words_of(schema)
    objects = {name: t for name, t in schema.type_map.items() if isinstance(t, GraphQLObjectType) and not name.startswith("__")}
    inputs = {name: t for name, t in schema.type_map.items() if isinstance(t, GraphQLInputObjectType)}
    fields = {f"{name}.{key}": entry for name, t in objects.items() for key, entry in _field_entries(t, words).items()}
    if not any(entry.mark.classification is not None for entry in fields.values()):
        raise SchemaNotProtected(
            "The schema has no @classified field, so no right could be decided: compose it from rooms that carry the "
            "rights directives."
        )
    arguments = {
        f"{name}.{key}({arg})": _mark(argument.ast_node, words)
        for name, t in objects.items()
        for key, field in t.fields.items()
        for arg, argument in field.args.items()
    }
    input_marks = {f"{name}.{key}": _mark(f.ast_node, words) for name, t in inputs.items() for key, f in t.fields.items()}
    where = frozenset(name for name, t in inputs.items() if any(input_marks[f"{name}.{key}"].discloses for key in t.fields))
    order_enums = _order_enums(schema, objects, words)
    order_values = {
        f"{name}.{value}": _mark(definition.ast_node, words)
        for name, t in order_enums.items()
        for value, definition in t.values.items()
    }
    operators = _operators(objects, inputs, arguments, input_marks, where)
    sortable = frozenset(mark.discloses for mark in order_values.values() if mark.discloses)
    row_attributes = {name: attributes for name, t in objects.items() if (attributes := _row_attributes(t, words))}
    return Catalogue(
        fields=fields,
        arguments=arguments,
        inputs=input_marks,
        order_values=order_values,
        order_enums=frozenset(order_enums),
        where_types=where,
        operators=operators,
        sortable=sortable,
        row_attributes=row_attributes,
        rights={name: _rights(name, fields, operators, sortable) for name in sorted({*fields, *operators, *sortable})},
        digest=_digest(fields, operators, order_values, row_attributes),
    )


def _mark(node: object, words: Words) -> Mark:
    directives = getattr(node, "directives", None)
    return mark_of(directives, words) if directives else UNMARKED


def _field_entries(object_type: GraphQLObjectType, words: Words) -> dict[str, FieldEntry]:
    entries = {}
    for key, field in object_type.fields.items():
        named = get_named_type(field.type)
        entries[key] = FieldEntry(_mark(field.ast_node, words), named.name, is_leaf_type(named))
    return entries


def _order_enums(schema: GraphQLSchema, objects: Mapping[str, GraphQLObjectType], words: Words) -> dict[str, GraphQLEnumType]:
    """Enums whose values are rights: one value discloses, or an argument named `orderBy` takes it (then unmarked values are
    denied).
    """
    found = {
        name: candidate
        for name, candidate in schema.type_map.items()
        if isinstance(candidate, GraphQLEnumType) and any(_mark(v.ast_node, words).discloses for v in candidate.values.values())
    }
    for object_type in objects.values():
        for field in object_type.fields.values():
            named = get_named_type(field.args["orderBy"].type) if "orderBy" in field.args else None
            if isinstance(named, GraphQLEnumType):
                found[named.name] = named
    return found


def _operators(
    objects: Mapping[str, GraphQLObjectType],
    inputs: Mapping[str, GraphQLInputObjectType],
    arguments: Mapping[str, Mark],
    input_marks: Mapping[str, Mark],
    where: frozenset[str],
) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}

    def note(mark: Mark, taken: GraphQLInputType) -> None:
        if mark.discloses is not None:
            found.setdefault(mark.discloses, set()).update(operators_of(mark, taken, where))

    for name, object_type in objects.items():
        for key, field in object_type.fields.items():
            for arg, argument in field.args.items():
                note(arguments[f"{name}.{key}({arg})"], argument.type)
    for name, input_type in inputs.items():
        for key, input_field in input_type.fields.items():
            note(input_marks[f"{name}.{key}"], input_field.type)
    return {field: frozenset(operators) for field, operators in sorted(found.items())}


def operators_of(mark: Mark, taken: GraphQLInputType, where: frozenset[str]) -> frozenset[str]:
    """The operators that a disclosing argument or input field offers: `some` for a relation, the keys of an operator object,
    or one.
    """
    named = get_named_type(taken)
    if isinstance(named, GraphQLInputObjectType):
        return frozenset(("some",)) if named.name in where else frozenset(named.fields)
    return frozenset((mark.operator or "eq",))


def _rights(
    name: str, fields: Mapping[str, FieldEntry], operators: Mapping[str, frozenset[str]], sortable: frozenset[str]
) -> tuple[str, ...]:
    entry = fields.get(name)
    rights: list[str] = []
    if entry is not None and entry.mark.classification is not None:
        rights.extend(("read", "subscribe", "trigger"))
    if entry is not None and entry.mark.counts:
        rights.append("count")
    if name in sortable:
        rights.append("sort")
    rights.extend(f"filter:{operator}" for operator in sorted(operators.get(name, ())))
    return tuple(rights)


def _row_attributes(object_type: GraphQLObjectType, words: Words) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in (object_type.ast_node, *object_type.extension_ast_nodes):
        for directive in (node.directives if node is not None else ()) or ():
            if directive.name.value == words.rowattr:
                name, kind = text_argument(directive, "name"), text_argument(directive, "type")
                if name is not None and kind is not None:
                    found[name] = kind
    return found


def _digest(
    fields: Mapping[str, FieldEntry],
    operators: Mapping[str, frozenset[str]],
    order_values: Mapping[str, Mark],
    row_attributes: Mapping[str, Mapping[str, str]],
) -> str:
    content = {
        "fields": {
            name: [e.mark.classification, e.mark.public, e.mark.counts, e.returns] for name, e in sorted(fields.items())
        },
        "operators": {name: sorted(found) for name, found in operators.items()},
        "orders": {name: mark.discloses for name, mark in sorted(order_values.items())},
        "rows": {name: dict(sorted(attributes.items())) for name, attributes in sorted(row_attributes.items())},
    }
    return "sha256:" + hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
