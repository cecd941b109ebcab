"""The oracle: one graphql-core schema over all the data, executed as the specification says.

In: the store. Out: data as bytes, and errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    execute_sync,
)

from tests.oracle.values import Store
from tests.oracle.world import Ref

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is JSON text, key order and all."""

    data: bytes
    errors: tuple[Any, ...] = ()


class Monolith:
    """Executes operations over the whole data. `schema` is what clients see."""

    def __init__(self, schema: GraphQLSchema, store: Store) -> None:
        self.schema = schema
        self._store = store
        for type_ in schema.type_map.values():
            if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
                for name, field in type_.fields.items():
                    field.resolve = self._resolver(type_.name, name)

    def _resolver(self, type_name: str, name: str) -> Callable[..., Any]:
        value = self._store.value
        root = Ref(type_name, 0)

        def resolve(source: Ref | None, _info: object, **arguments: object) -> Any:
            return value(source or root, name, arguments)

        return resolve

    def answer(self, document: DocumentNode, variables: Mapping[str, object]) -> Answer:
        """Execute a valid operation from a fresh state."""
        self._store.mutations = 0
        result = execute_sync(
            self.schema, document, variable_values=dict(variables), type_resolver=lambda ref, _info, _type: ref.type
        )
        return Answer(_encode(result.data), tuple(_said(error) for error in result.errors or ()))


def _said(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "path": error.path}
