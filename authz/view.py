"""The schema as one contract may know it: for validation, introspection and SDL download.

In: the API schema and a mask. Out: a valid GraphQL schema in which hidden fields, arguments, input fields, order values and
types do not exist; `listed` fields are there and nullable. Of the rights directives only `@classified` stays. The caller
keeps the view by `mask.digest`; making one costs some milliseconds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final, cast

from graphql import (
    FieldDefinitionNode,
    GraphQLArgument,
    GraphQLDefaultInput,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLType,
    GraphQLUnionType,
    get_named_type,
    is_specified_directive,
)

from authz.errors import ContractRefused
from authz.mask import Mask
from authz.visibility import Visible, visible_of
from authz.vocabulary import words_of

_SHOWN_DIRECTIVES: Final = frozenset(("deprecated", "specifiedBy"))


def view_of(schema: GraphQLSchema, mask: Mask) -> GraphQLSchema:
    """The contract's own schema. Raises ContractRefused when the mask opens no query at all."""
    visible = visible_of(schema, mask)
    query = schema.query_type
    if query is None or query.name not in visible.fields:
        raise ContractRefused(
            f"Contract {mask.contract_id} opens no query for the purpose {mask.purpose}, so it has no schema."
        )
    return _View(schema, visible).made()


class _View:
    """Rebuilds types by name; fields are made lazily, because types refer to each other in circles."""

    def __init__(self, schema: GraphQLSchema, visible: Visible) -> None:
        self._schema = schema
        self._visible = visible
        self._classified = words_of(schema).classified
        self._types: dict[str, GraphQLNamedType] = {}

    def made(self) -> GraphQLSchema:
        reachable = self._reachable()
        directives = [d for d in self._schema.directives if is_specified_directive(d) or d.name == self._classified]
        return GraphQLSchema(
            query=self._root(self._schema.query_type),
            mutation=self._root(self._schema.mutation_type),
            subscription=self._root(self._schema.subscription_type),
            types=[self._type(name) for name in sorted(reachable)],
            directives=[self._directive(directive) for directive in directives],
            description=self._schema.description,
        )

    def _root(self, root: GraphQLObjectType | None) -> GraphQLObjectType | None:
        if root is None or root.name not in self._visible.fields:
            return None
        return cast("GraphQLObjectType", self._type(root.name))

    def _reachable(self) -> set[str]:
        """The types that the roots lead to; implementers of reachable interfaces too, as values can be of them."""
        waiting = [
            root.name for root in (self._schema.query_type, self._schema.mutation_type, self._schema.subscription_type) if root
        ]
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in reached or (name in self._schema.type_map and not self._exists(self._schema.type_map[name])):
                continue
            reached.add(name)
            waiting.extend(self._next(self._schema.type_map[name]))
        return reached

    def _exists(self, named: GraphQLNamedType) -> bool:
        match named:
            case GraphQLObjectType() | GraphQLInterfaceType():
                return named.name in self._visible.fields
            case GraphQLInputObjectType():
                return named.name in self._visible.inputs
            case GraphQLUnionType():
                return bool(self._visible.members[named.name])
            case _:
                return True

    def _next(self, named: GraphQLNamedType) -> list[str]:
        match named:
            case GraphQLObjectType() | GraphQLInterfaceType():
                found: list[str] = []
                for key in self._visible.fields[named.name]:
                    field = named.fields[key]
                    found.append(get_named_type(field.type).name)
                    found.extend(
                        get_named_type(field.args[a].type).name for a in self._visible.arguments[f"{named.name}.{key}"]
                    )
                found.extend(self._visible.implements.get(named.name, ()))
                if isinstance(named, GraphQLInterfaceType):
                    found.extend(name for name, of in self._visible.implements.items() if named.name in of)
                return found
            case GraphQLUnionType():
                return list(self._visible.members[named.name])
            case GraphQLInputObjectType():
                return [get_named_type(named.fields[key].type).name for key in self._visible.inputs[named.name]]
            case _:
                return []

    # types

    def _type(self, name: str) -> GraphQLNamedType:
        known = self._types.get(name)
        if known is None:
            known = self._types[name] = self._rebuilt(self._schema.type_map[name])
        return known

    def _rebuilt(self, named: GraphQLNamedType) -> GraphQLNamedType:
        match named:
            case GraphQLObjectType():
                return GraphQLObjectType(
                    named.name,
                    fields=partial(self._fields, named),
                    interfaces=partial(self._interfaces, named),
                    description=named.description,
                )
            case GraphQLInterfaceType():
                return GraphQLInterfaceType(
                    named.name,
                    fields=partial(self._fields, named),
                    interfaces=partial(self._interfaces, named),
                    description=named.description,
                )
            case GraphQLUnionType():
                return GraphQLUnionType(named.name, types=partial(self._members, named), description=named.description)
            case GraphQLInputObjectType():
                return GraphQLInputObjectType(
                    named.name,
                    fields=partial(self._input_fields, named),
                    description=named.description,
                    is_one_of=named.is_one_of,
                )
            case GraphQLEnumType():
                return GraphQLEnumType(named.name, values=self._values(named), description=named.description)
            case GraphQLScalarType():
                return named
            case _:
                raise AssertionError(f"{named} is of a kind that GraphQL does not have")

    def _values(self, named: GraphQLEnumType) -> dict[str, GraphQLEnumValue]:
        return {
            name: GraphQLEnumValue(value.value, value.description, value.deprecation_reason)
            for name, value in named.values.items()
            if name in self._visible.values[named.name]
        }

    def _interfaces(self, named: GraphQLObjectType | GraphQLInterfaceType) -> list[GraphQLInterfaceType]:
        kept = self._visible.implements.get(named.name, set())
        return [cast("GraphQLInterfaceType", self._type(parent.name)) for parent in named.interfaces if parent.name in kept]

    def _members(self, named: GraphQLUnionType) -> list[GraphQLObjectType]:
        kept = self._visible.members[named.name]
        return [cast("GraphQLObjectType", self._type(member.name)) for member in named.types if member.name in kept]

    def _fields(self, named: GraphQLObjectType | GraphQLInterfaceType) -> dict[str, GraphQLField]:
        kept = self._visible.fields[named.name]
        return {name: self._field(f"{named.name}.{name}", field) for name, field in named.fields.items() if name in kept}

    def _field(self, coordinate: str, field: GraphQLField) -> GraphQLField:
        returns = field.type
        if coordinate in self._visible.nullable and isinstance(returns, GraphQLNonNull):
            returns = returns.of_type
        kept = self._visible.arguments[coordinate]
        return GraphQLField(
            cast("GraphQLOutputType", self._retyped(returns)),
            args={name: self._argument(argument) for name, argument in field.args.items() if name in kept},
            description=field.description,
            deprecation_reason=field.deprecation_reason,
            ast_node=None if field.ast_node is None else self._shown_node(field.ast_node),
        )

    def _shown_node(self, node: FieldDefinitionNode) -> FieldDefinitionNode:
        """The field's syntax with its class and nothing else: the other directives name fields that may be hidden."""
        directives = tuple(
            d for d in node.directives or () if d.name.value in _SHOWN_DIRECTIVES or d.name.value == self._classified
        )
        return replace(node, arguments=(), directives=directives)

    def _argument(self, argument: GraphQLArgument) -> GraphQLArgument:
        return GraphQLArgument(
            self._taken(argument),
            default=self._default(argument),
            description=argument.description,
            deprecation_reason=argument.deprecation_reason,
        )

    def _input_fields(self, named: GraphQLInputObjectType) -> dict[str, GraphQLInputField]:
        kept = self._visible.inputs[named.name]
        return {
            name: GraphQLInputField(
                self._taken(field),
                default=self._default(field),
                description=field.description,
                deprecation_reason=field.deprecation_reason,
            )
            for name, field in named.fields.items()
            if name in kept
        }

    def _taken(self, definition: GraphQLArgument | GraphQLInputField) -> GraphQLInputType:
        taken = definition.type
        if isinstance(taken, GraphQLNonNull) and definition.default is not None and self._default(definition) is None:
            taken = taken.of_type
        return cast("GraphQLInputType", self._retyped(taken))

    def _default(self, definition: GraphQLArgument | GraphQLInputField) -> GraphQLDefaultInput | None:
        """The default, unless it could name something hidden (an order value, an input field)."""
        named = get_named_type(definition.type)
        is_whole = not isinstance(named, GraphQLEnumType) or self._visible.values[named.name] == set(named.values)
        return definition.default if is_whole and not isinstance(named, GraphQLInputObjectType) else None

    def _directive(self, directive: GraphQLDirective) -> GraphQLDirective:
        if is_specified_directive(directive):
            return directive
        return GraphQLDirective(
            directive.name,
            directive.locations,
            args={name: self._argument(argument) for name, argument in directive.args.items()},
            is_repeatable=directive.is_repeatable,
            description=directive.description,
        )

    def _retyped(self, taken: GraphQLType) -> GraphQLType:
        match taken:
            case GraphQLNonNull():
                return GraphQLNonNull(self._retyped(taken.of_type))  # type: ignore[type-var]  # what was nullable stays so
            case GraphQLList():
                return GraphQLList(self._retyped(taken.of_type))
            case _:
                return self._type(cast("GraphQLNamedType", taken).name)
