"""Whether a value can be given for an argument: what an ancestor supplies was never coerced by anyone.

In: a JSON value that is not null, the type of the argument as text. Out: yes or no. Of enums and custom scalars only their own
subgraph can tell.
Source: GraphQL specification, 3.5 "Scalars" and 3.11 "List" (input coercion).
"""

from __future__ import annotations

from functools import lru_cache

from graphql import GraphQLError, ListTypeNode, NamedTypeNode, NonNullTypeNode, TypeNode, parse_type, specified_scalar_types

from gateway.execution.raw import Json


@lru_cache(maxsize=4096)
def kind_of(text: str) -> TypeNode:
    """The type that `text` writes."""
    return parse_type(text, no_location=True)


def is_input(value: Json, kind: TypeNode) -> bool:
    """Whether `value`, which is no list where `kind` is one, can be given for it. One value stands for a list of itself."""
    while isinstance(kind, ListTypeNode | NonNullTypeNode):
        kind = kind.type
    scalar = specified_scalar_types.get(kind.name.value) if isinstance(kind, NamedTypeNode) else None
    if scalar is None:
        return True
    try:
        scalar.coerce_input_value(value)
    except (GraphQLError, TypeError, ValueError, OverflowError):
        return False
    return True
