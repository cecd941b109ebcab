"""A validation rule: the response key `__typename` is for the type name alone.

In: a document under validation. Out: an error for each other field under that key.

GraphQL itself lets a client write `__typename: name`. Here each object's `__typename` tells, while answers are joined, which
type it has; another value in its place would choose wrong fragments, entities and rights. Such an alias is refused, because
an answer that is silently wrong is worse.
"""

from __future__ import annotations

from typing import Final

from graphql import FieldNode, GraphQLError, ValidationRule

_TYPENAME: Final = "__typename"


class TypenameKeyRule(ValidationRule):
    """Refuses the alias `__typename` on any field but `__typename`."""

    def enter_field(self, node: FieldNode, *_: object) -> None:
        if node.alias is not None and node.alias.value == _TYPENAME and node.name.value != _TYPENAME:
            words = f"The alias '__typename' of field {node.name.value!r} is reserved for the name of the object's type."
            self.report_error(GraphQLError(f"{words} Choose another alias.", node))
