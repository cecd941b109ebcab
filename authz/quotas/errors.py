"""Errors of quotas.

ClientError
  └─ QuotaExceeded (429)   a contract's quota would be exceeded; `extensions` say which and when it frees
InternalError
  └─ QuotasUnusable (503)  it cannot be counted, so nothing that is to be counted is given
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from kernel.errors import ClientError, InternalError


class QuotaExceeded(ClientError):
    """Raised when an answer would take a counter over its limit: nothing of the answer is given, and nothing is charged."""

    code: ClassVar[str] = "QUOTA_EXCEEDED"
    status: ClassVar[int] = 429

    def __init__(self, message: str, *, extensions: Mapping[str, Any], retry_after: int | None = None) -> None:
        super().__init__(message, extensions=extensions)
        self.retry_after = retry_after


class QuotasUnusable(InternalError):
    """Raised when the ledger cannot be read or written."""

    code: ClassVar[str] = "QUOTAS_UNUSABLE"
    status: ClassVar[int] = 503
