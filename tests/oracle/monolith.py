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
    SelectionSetNode,
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


@dataclass(frozen=True, slots=True)
class Placed:
    """An object in an answer, and the one it was found in."""

    ref: Ref
    above: Placed | None


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
        store, coordinate = self._store, (type_name, name)
        root = Placed(Ref(type_name, 0), None)

        def resolve(source: Placed | None, _info: object, **arguments: object) -> Any:
            place = source or root
            wanted = store.contextual.get(coordinate)
            inputs = {one: _from_context(store, place, *read) for one, read in wanted.items()} if wanted else None
            return _placed(store.value(place.ref, name, arguments, inputs), place)

        return resolve

    def answer(self, document: DocumentNode, variables: Mapping[str, object]) -> Answer:
        """Execute a valid operation from a fresh state."""
        self._store.mutations = 0
        result = execute_sync(
            self.schema, document, variable_values=dict(variables), type_resolver=lambda placed, _info, _type: placed.ref.type
        )
        return Answer(_encode(result.data), tuple(_said(error) for error in result.errors or ()))


def _placed(value: object, above: Placed) -> Any:
    if isinstance(value, list | tuple):
        return [_placed(item, above) for item in value]
    return Placed(value, above) if isinstance(value, Ref) else value


def _from_context(store: Store, place: Placed, context: str, wanted: SelectionSetNode) -> Any:
    """What the nearest ancestor that sets the context has."""
    holder = place.above
    while holder is not None and holder.ref.type not in store.holders[context]:
        holder = holder.above
    found: Any = store.evaluate(holder.ref, wanted) if holder is not None else None
    while isinstance(found, dict) and len(found) == 1:
        found = next(iter(found.values()))
    return found


def _said(error: GraphQLError) -> dict[str, Any]:
    return {"message": error.message, "path": error.path}
