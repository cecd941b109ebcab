"""Why a request is refused before anything is fetched.

ClientError
  └─ RequestRefused        carries one GraphQL error entry per finding
       ├─ NotParsed            GRAPHQL_PARSE_FAILED
       ├─ NotValid             GRAPHQL_VALIDATION_FAILED
       ├─ LimitExceeded        OPERATION_LIMIT_EXCEEDED
       ├─ OperationNotFound    OPERATION_RESOLUTION_FAILURE
       ├─ KindNotServed        OPERATION_KIND_NOT_SERVED
       └─ BadVariables         BAD_VARIABLES
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from graphql import GraphQLError

from kernel.errors import ClientError


class RequestRefused(ClientError):
    """Raised when the request cannot be executed; `findings` are (message, locations as line and column)."""

    def __init__(self, message: str, findings: Iterable[GraphQLError] = ()) -> None:
        super().__init__(message)
        self.findings: tuple[GraphQLError, ...] = tuple(findings)

    def entries(self) -> list[dict[str, object]]:
        """The items of `errors`."""
        if not self.findings:
            return [{"message": self.message, "extensions": {"code": self.code}}]
        return [
            {
                "message": finding.message,
                **({"locations": [location.formatted for location in finding.locations]} if finding.locations else {}),
                "extensions": {"code": self.code},
            }
            for finding in self.findings
        ]


class NotParsed(RequestRefused):
    """Raised when the document is not GraphQL."""

    code: ClassVar[str] = "GRAPHQL_PARSE_FAILED"


class NotValid(RequestRefused):
    """Raised when the document does not fit the client's schema."""

    code: ClassVar[str] = "GRAPHQL_VALIDATION_FAILED"


class LimitExceeded(RequestRefused):
    """Raised when the document is larger, deeper or wider than is served."""

    code: ClassVar[str] = "OPERATION_LIMIT_EXCEEDED"


class OperationNotFound(RequestRefused):
    """Raised when the document does not tell which operation is meant."""

    code: ClassVar[str] = "OPERATION_RESOLUTION_FAILURE"


class KindNotServed(RequestRefused):
    """Raised for an operation that this transport does not serve (a subscription over plain HTTP, a mutation by GET)."""

    code: ClassVar[str] = "OPERATION_KIND_NOT_SERVED"


class BadVariables(RequestRefused):
    """Raised when a variable is missing or does not have its type."""

    code: ClassVar[str] = "BAD_VARIABLES"
