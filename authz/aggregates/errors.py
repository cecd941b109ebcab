"""Errors of aggregates.

ClientError
  └─ Suppressed        a count that would tell of too few
InternalError
  └─ CountsUnusable    it cannot be told what was counted before, so nothing is
"""

from __future__ import annotations

from typing import ClassVar

from kernel.errors import ClientError, InternalError


class Suppressed(ClientError):
    """Raised where a count is kept back: the field is null, and this says why (never how many there are)."""

    code: ClassVar[str] = "SUPPRESSED"


class CountsUnusable(InternalError):
    """Raised when the ledger of published counts cannot be read or written."""

    code: ClassVar[str] = "COUNTS_UNUSABLE"
