"""What goes wrong with the audit log.

SaiteError
  ├─ InternalError
  │    └─ AuditUnavailable   503: nothing was recorded, so nothing may be answered
  └─ ClientError
       └─ UnreadableLog      a log cannot be opened for reading: for the people who verify it
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class AuditUnavailable(InternalError):
    """Raised when a record could not be made durable. The caller answers 503 and gives no data, not even in part."""

    code: ClassVar[str] = "AUDIT_UNAVAILABLE"
    status: ClassVar[int] = 503


class UnreadableLog(ClientError):
    """Raised when a log is absent, not an audit log, or cannot be opened for reading."""

    code: ClassVar[str] = "UNREADABLE_LOG"


class UnrecordableVariables(ClientError):
    """Raised when a request's variables cannot be recorded, so that the request cannot be answered either."""

    code: ClassVar[str] = "UNRECORDABLE_VARIABLES"
