"""Result coercion of leaves: what a subgraph gave → what the client may see, or a refusal.

In: a scalar or enum type of the client's schema. Out: a function from a non-null JSON value to the value shown. It raises
`NotOfType` when the value cannot be one of that type.
Source: GraphQL specification, 3.5 "Scalars" (result coercion), 3.9 "Enums".
"""

from __future__ import annotations

from collections.abc import Callable

from graphql import GraphQLEnumType, GraphQLError, GraphQLLeafType, is_specified_scalar_type

from gateway.execution.raw import Json

Coerce = Callable[[Json], Json]


class NotOfType(Exception):
    """Raised when a value is none of its leaf type."""


def coercion_of(kind: GraphQLLeafType) -> Coerce:
    """The result coercion of `kind`. Custom scalars are shown as they come."""
    if isinstance(kind, GraphQLEnumType):
        return _enumeration(kind)
    if not is_specified_scalar_type(kind):
        return _as_it_is
    exact = {"String": str, "ID": str, "Int": int, "Float": float, "Boolean": bool}[kind.name]
    serialize = kind.coerce_output_value

    def coerce(value: Json) -> Json:
        if type(value) is exact and exact is not int:
            return value
        try:
            return serialize(value)
        except (GraphQLError, TypeError, ValueError, OverflowError) as error:
            raise NotOfType from error

    def integer(value: Json) -> Json:
        if type(value) is int and -2147483648 <= value <= 2147483647:
            return value
        return coerce(value)

    return integer if exact is int else coerce


def _enumeration(kind: GraphQLEnumType) -> Coerce:
    names = frozenset(kind.values)

    def coerce(value: Json) -> Json:
        # An @inaccessible or hidden value is not in the client's schema, so it is not one of the names either.
        if isinstance(value, str) and value in names:
            return value
        raise NotOfType

    return coerce


def _as_it_is(value: Json) -> Json:
    return value
