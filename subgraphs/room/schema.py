"""The schema of a room: Strawberry Federation, with entity look-ups that ask each type once.

What comes in: the room's root type, its types, and a finder of references for each entity. What goes out: a `RoomSchema`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from graphql import GraphQLSchema
from strawberry import federation
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.types.info import Info

from subgraphs.room.fields import read_attribute
from subgraphs.room.references import References, resolve
from subgraphs.room.scalars import SCALARS

FEDERATION_VERSION: Final[Literal["2.11"]] = "2.11"


class RoomSchema(federation.Schema):
    """A federation schema whose `_entities` looks up all representations of a type together."""

    def __init__(
        self, query: type, types: Iterable[type], references: Mapping[str, References], mutation: type | None = None
    ) -> None:
        self._references = references
        super().__init__(
            query=query,
            mutation=mutation,
            types=types,
            federation_version=FEDERATION_VERSION,
            config=StrawberryConfig(default_resolver=read_attribute, scalar_map=SCALARS),
        )

    @property
    def executable(self) -> GraphQLSchema:
        """The schema as graphql-core executes it, without Strawberry's own parsing and validation for every request."""
        return self._schema

    async def entities_resolver(  # type: ignore[override]  # the base is synchronous; graphql-core awaits either
        self, info: Info, representations: list[FederationAny]
    ) -> list[FederationAny]:
        """Resolve `_entities`, one look-up per type."""
        things: list[Any] = await resolve(info.context, representations, self._references)  # type: ignore[arg-type]  # JSON objects
        return things
