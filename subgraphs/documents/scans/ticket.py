"""A ticket for the bytes of one scan: short-lived, sealed by the room, good for what its holder might see when it was given.

What comes in: the scan that an authorised query came to, and for whom the query was asked. What goes out: a text that only this
room reads, with a nonce of its own. It says no less than the signed context of that query, so that whoever brings it is checked
again as that caller: the contract in force, the same mask, the row rules, the record for the audit.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from authz.signed_context import SignedContext
from kernel.paging import BadPage, CursorSealer
from subgraphs.documents.errors import ScanNotFound

LIFETIME: Final = timedelta(seconds=60)
_SCOPE: Final = "scan/1"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may have which scan of which document, until when."""

    nonce: str
    expires_at: datetime
    document_id: str
    scan_id: str
    context: SignedContext


def issued(sealer: CursorSealer, context: SignedContext, document_id: str, scan_id: str, now: datetime) -> tuple[str, datetime]:
    """A new ticket, and when it ends."""
    expires_at = (now + LIFETIME).replace(microsecond=0)
    said = [secrets.token_hex(16), int(expires_at.timestamp()), document_id, scan_id, asdict(context)]
    return sealer.seal(said, _SCOPE), expires_at


def read(sealer: CursorSealer, text: str, now: datetime) -> Ticket:
    """The ticket in `text`. Raises ScanNotFound when it is none of ours or has ended."""
    try:
        nonce, until, document_id, scan_id, context = sealer.open(text, _SCOPE)
    except BadPage:
        raise _unknown() from None
    ticket = Ticket(nonce, datetime.fromtimestamp(until, UTC), document_id, scan_id, SignedContext(**context))
    if ticket.expires_at <= now:
        raise _unknown()
    return ticket


def _unknown() -> ScanNotFound:
    return ScanNotFound(
        "No scan is behind this address: addresses hold for a minute and for one download. Ask for `Scan.download` again."
    )
