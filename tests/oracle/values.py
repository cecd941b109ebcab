"""What a field's value is, for the monolith and for subgraphs alike.

A value in a table is varied by the field's arguments and by what the field @requires, so that a wrong argument or a wrong
representation gives a wrong value. The monolith reads the required values from the tables (`evaluate`); a subgraph has nothing
but the representation (`project`). Both give the same form, or something is wrong.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    parse,
)
from graphql.execution.values import get_argument_values

from tests.oracle.world import Clock, Failing, Ref, Tables


class NotResolvable(Exception):
    """Raised when a resolver is asked for what it cannot know, or is made to fail."""


@lru_cache(maxsize=10_000)
def field_set(text: str) -> SelectionSetNode:
    """The selection set of a `@key`, `@requires` or `@provides` text."""
    operation = parse(f"{{ {text} }}", no_location=True).definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    return operation.selection_set


class Store:
    """The data of a world under its whole schema."""

    def __init__(self, schema: GraphQLSchema, tables: Tables, failing: Failing) -> None:
        self.schema = schema
        self.tables = tables
        self.failing = failing
        self.mutations = 0
        self.requires: dict[tuple[str, str], SelectionSetNode] = {}
        self.contextual: dict[tuple[str, str], dict[str, tuple[str, SelectionSetNode]]] = {}
        """Field → its argument → the context and what is read of it."""
        self.holders: dict[str, set[str]] = {}
        """Context → the types that set it."""
        self._arguments = {
            (type_.name, name): frozenset(definition.args)
            for type_ in schema.type_map.values()
            if isinstance(type_, GraphQLObjectType)
            for name, definition in type_.fields.items()
        }

    def value(self, ref: Ref, name: str, arguments: Mapping[str, object], inputs: object = None) -> Any:
        """The value of a field. `inputs` are what it requires; they are read from the tables when they are not given."""
        if (ref.type, name, ref.row) in self.failing:
            raise NotResolvable(f"{ref.type}.{name} fails")
        required = self.requires.get((ref.type, name))
        if required is not None and inputs is None:
            inputs = self.evaluate(ref, required)
        base = self.tables[ref.type][ref.row].get(name)
        known = self._arguments.get((ref.type, name), frozenset())
        given = {key: value for key, value in arguments.items() if key in known}
        salt: object = [given, inputs]
        if ref.type == "Mutation":
            self.mutations += 1
            salt = [given, inputs, self.mutations]
        elif not given and inputs is None:
            return self.mutations if isinstance(base, Clock) else base
        return self._varied(base, zlib.crc32(json.dumps(salt, sort_keys=True).encode()))

    def _varied(self, base: object, salt: int) -> object:
        match base:
            case None | bool():
                return base if base is None else base ^ bool(salt & 1)
            case Clock():
                return self.mutations
            case int():
                return base + salt % 100_000
            case float():
                return base + salt % 100_000
            case str():
                return base if base.isupper() else f"{base}#{salt:08x}"  # enum values are in capitals
            case Ref():
                return Ref(base.type, (base.row + salt) % len(self.tables[base.type]))
            case list() | tuple():
                return [self._varied(item, salt) for item in base]
            case _:
                return {"value": base, "salt": salt}

    def is_a(self, type_name: str, condition: str) -> bool:
        """True when objects of `type_name` pass the type condition."""
        kind = self.schema.type_map.get(condition)
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return any(one.name == type_name for one in self.schema.get_possible_types(kind))
        return type_name == condition

    def possible(self, type_name: str) -> list[str]:
        """The object types under a type's name."""
        kind = self.schema.type_map[type_name]
        if isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return sorted(one.name for one in self.schema.get_possible_types(kind))
        return [type_name]

    def evaluate(self, ref: Ref, wanted: SelectionSetNode) -> dict[str, Any]:
        """The values of a field set, from the tables."""
        found: dict[str, Any] = {}
        for one in wanted.selections:
            if isinstance(one, InlineFragmentNode):
                found["__typename"] = ref.type
                assert one.type_condition is not None
                if self.is_a(ref.type, one.type_condition.name.value):
                    found.update(self.evaluate(ref, one.selection_set))
            elif isinstance(one, FieldNode) and one.name.value != "__typename":
                kind = self.schema.type_map[ref.type]
                assert isinstance(kind, GraphQLObjectType)
                definition = kind.fields[one.name.value]
                value = self.value(ref, one.name.value, get_argument_values(definition, one))
                found[one.name.value] = self._evaluated(value, one.selection_set)
        return found

    def _evaluated(self, value: object, inner: SelectionSetNode | None) -> Any:
        if isinstance(value, list | tuple):
            return [self._evaluated(item, inner) for item in value]
        if isinstance(value, Ref) and inner is not None:
            return self.evaluate(value, inner)
        return value

    def project(self, source: object, wanted: SelectionSetNode) -> Any:
        """The values of a field set, from a representation. Raises NotResolvable when it lacks one."""
        if not isinstance(source, Mapping):
            raise NotResolvable(f"an object is expected in the representation, not {source!r}")
        found: dict[str, Any] = {}
        for one in wanted.selections:
            if isinstance(one, InlineFragmentNode):
                type_name = source.get("__typename")
                if not isinstance(type_name, str):
                    raise NotResolvable(f"the representation does not say which type {dict(source)!r} is")
                found["__typename"] = type_name
                assert one.type_condition is not None
                if self.is_a(type_name, one.type_condition.name.value):
                    found.update(self.project(source, one.selection_set))
            elif isinstance(one, FieldNode) and one.name.value != "__typename":
                if one.name.value not in source:
                    raise NotResolvable(f"the representation lacks {one.name.value!r}: {dict(source)!r}")
                found[one.name.value] = self._projected(source[one.name.value], one.selection_set)
        return found

    def _projected(self, value: object, inner: SelectionSetNode | None) -> Any:
        if inner is None or value is None:
            return value
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [self._projected(item, inner) for item in value]
        return self.project(value, inner)

    def leaf_kind(self, type_name: str, name: str) -> str:
        """The named type of a field."""
        kind = self.schema.type_map[type_name]
        assert isinstance(kind, GraphQLObjectType)
        return str(get_named_type(kind.fields[name].type))
