"""Break glass: in an emergency a role may open what a contract lists and withholds, for at most an hour, and never unseen.

In: a caller's declaration. Out: an `Emergency`, under which `opened(mask)` decides; it waits for a second person's review.
"""

from authz.break_glass.emergency import HEADER, LONGEST, Emergency, Review, may_declare, opened
from authz.break_glass.errors import EmergencyRefused, LedgerUnavailable, ReviewRefused
from authz.break_glass.ledger import EmergencyLedger

__all__ = [
    "HEADER",
    "LONGEST",
    "Emergency",
    "EmergencyLedger",
    "EmergencyRefused",
    "LedgerUnavailable",
    "Review",
    "ReviewRefused",
    "may_declare",
    "opened",
]
