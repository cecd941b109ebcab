"""The open mode: everybody may ask everything. For foreign supergraphs on a developer's machine.

In: the API schema. Out: an `Access` that grants each operation as it is, signs nothing and records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLSchema

from gateway.access.port import Access, Asked, Grant, Outcome
from gateway.execution.transport import HeadersFor, Witness, no_headers
from gateway.operation import Operation
from gateway.response import ValueFilter, Withheld, open_mask
from gateway.response.masking import Mask


@dataclass(frozen=True, slots=True)
class WholeGrant:
    """The operation as it was asked."""

    document: DocumentNode
    withheld: tuple[Withheld, ...] = ()
    refused: tuple[dict[str, object], ...] = ()
    entities: frozenset[str] = frozenset()
    unreadable: frozenset[str] = frozenset()

    @property
    def values(self) -> Mapping[str, ValueFilter]:
        return {}

    def check(self, _variables: Mapping[str, object]) -> frozenset[str]:
        """Nothing is forbidden."""
        return frozenset()


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """Anybody."""

    schema: GraphQLSchema
    digest: str = "open"
    hide_suggestions: bool = False
    audits: bool = False
    headers_for: HeadersFor = no_headers
    witness: Witness | None = None

    def authorise(self, operation: Operation) -> Grant:
        return WholeGrant(operation.document)

    def mask(self) -> Mask:
        return open_mask()

    async def afford(self, _grant: Grant, _variables: Mapping[str, object]) -> None:
        """Nothing is counted."""

    async def record(self, _outcome: Outcome) -> Mapping[str, object]:
        return {}


class OpenGate:
    """Admits every request."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._access: Access = OpenAccess(schema)

    async def identify(self, _asked: Asked) -> Access:
        return self._access

    async def close(self) -> None:
        """Nothing was opened."""
