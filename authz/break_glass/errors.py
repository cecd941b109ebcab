"""What goes wrong with an emergency.

ClientError
  ├─ NotAllowed (403)
  │    └─ EmergencyRefused    the contract, the role or an open review forbids it
  └─ ReviewRefused            not by this person, not twice, not this one
InternalError
  └─ LedgerUnavailable (503)  what cannot be written down cannot be opened
"""

from __future__ import annotations

from typing import ClassVar

from authz.errors import NotAllowed
from kernel.errors import ClientError, InternalError


class EmergencyRefused(NotAllowed):
    """Raised when an emergency is declared that may not be."""

    code: ClassVar[str] = "EMERGENCY_REFUSED"


class ReviewRefused(ClientError):
    """Raised when a review cannot be taken."""

    code: ClassVar[str] = "REVIEW_REFUSED"


class LedgerUnavailable(InternalError):
    """Raised when the ledger of emergencies cannot be read or written."""

    code: ClassVar[str] = "EMERGENCY_LEDGER_UNAVAILABLE"
    status: ClassVar[int] = 503
