"""What goes wrong with the audit log.

SaiteError
  ├─ InternalError
  │    └─ AuditUnavailable   503: nothing was recorded, so nothing may be answered
  └─ ClientError
       ├─ UnreadableLog      a log cannot be opened for reading: for the people who verify it
       ├─ NotProvable        no proof can be made, or what was given is none
       ├─ UnreadableRules    rules of misuse or relations that cannot be used
       ├─ NotArchived        the contracts of a day are not in the archive, or cannot be kept
       └─ Unrecordable       400: the request holds what no record can (a lone surrogate), so it is not executed
            └─ UnrecordableVariables
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


class NotProvable(ClientError):
    """Raised when something cannot be proven of a log, or a file is no proof."""

    code: ClassVar[str] = "NOT_PROVABLE"


class UnreadableRules(ClientError):
    """Raised when a file of rules of misuse, or of relations, cannot be used."""

    code: ClassVar[str] = "UNREADABLE_RULES"


class NotArchived(ClientError):
    """Raised when the rules of a day cannot be kept, or are not (or no longer) what was kept."""

    code: ClassVar[str] = "RULES_NOT_ARCHIVED"


class Unrecordable(ClientError):
    """Raised when a request holds what a record cannot: it cannot be answered either."""

    code: ClassVar[str] = "UNRECORDABLE_REQUEST"


class UnrecordableVariables(Unrecordable):
    """Raised when it is the variables."""

    code: ClassVar[str] = "UNRECORDABLE_VARIABLES"
