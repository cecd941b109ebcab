"""Errors of every room.

ClientError
  ├─ BadFilter        a `where` that cannot be meant
  ├─ BadRequestBody   a body that is no GraphQL request
  ├─ BodyTooLarge     (413) a body beyond the room's limit
  └─ BadOperation     a document that this room's schema does not know
InternalError
  └─ StoreFailed      the database could not answer; every room has a leaf of its own
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class BadFilter(ClientError):
    """Raised when a `where` has an empty operator, too many values or too much nesting."""

    code: ClassVar[str] = "BAD_FILTER"


class BadRequestBody(ClientError):
    """Raised when the body is no JSON object with `query` (and `variables`, `operationName`)."""

    code: ClassVar[str] = "BAD_REQUEST"


class BodyTooLarge(ClientError):
    """Raised when the body is larger than the room reads."""

    code: ClassVar[str] = "BODY_TOO_LARGE"
    status: ClassVar[int] = 413


class BadOperation(ClientError):
    """Raised when the document cannot be parsed or does not fit the room's schema."""

    code: ClassVar[str] = "GRAPHQL_VALIDATION_FAILED"


class StoreFailed(InternalError):
    """Raised when a room's database could not answer; the message says which one and why."""

    code: ClassVar[str] = "STORE_FAILED"


class StoreNotMigrated(StoreFailed):
    """Raised when a room's database lacks the tables that this version works with; the message says how to make them."""

    code: ClassVar[str] = "STORE_NOT_MIGRATED"
