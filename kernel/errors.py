"""The one error tree.

    SaiteError
      ├─ ClientError     its message derives only from what the client sent: shown as it is
      └─ InternalError   masked for clients; the log holds the message under an error id

Every stage and room has its own `errors.py` with leaves of these two. A leaf sets `code` (SCREAMING_SNAKE, stable: clients
branch on it) and, when the default does not fit, `status` (the HTTP status when the whole request fails with it).
Messages say what is wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class SaiteError(Exception):
    """Root of every error that we raise on purpose."""

    code: ClassVar[str] = "INTERNAL_ERROR"
    status: ClassVar[int] = 500
    retry_after: int | None = None
    """After how many seconds the same request may succeed, where that is known."""

    def __init__(self, message: str, *, extensions: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.extensions: dict[str, Any] = dict(extensions or {})


class ClientError(SaiteError):
    """Raised when the caller can mend it; safe to show."""

    code: ClassVar[str] = "BAD_REQUEST"
    status: ClassVar[int] = 400


class InternalError(SaiteError):
    """Raised when the fault is ours or a subgraph's; the client sees an id, the log the message."""
