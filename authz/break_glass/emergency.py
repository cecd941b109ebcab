"""What an emergency is, who may declare one, and what it opens.

In: a mask and its contract. Out: the mask that decides in the emergency. It opens the fields that the contract lists and
withholds for this purpose (`Mask.emergency`) for reading, and nothing else: no search, no order, no other row, nothing that the
contract denies in words or hides. Gateway and rooms compute the same mask by themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from authz.break_glass.errors import EmergencyRefused
from authz.document import Contract
from authz.document.duration import duration_of
from authz.mask import Mask

HEADER: Final = "saite-emergency"
LONGEST: Final = timedelta(hours=1)
SHORTEST_REASON: Final = 10


@dataclass(frozen=True, slots=True)
class Review:
    """What a second person found."""

    by: str
    at: datetime
    verdict: Literal["justified", "unjustified"]
    note: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """One emergency of one user, under one contract and purpose, from `opened_at` up to, not including, `ends_at`."""

    id: str
    agency: str
    user: str
    contract_id: str
    purpose: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    review: Review | None = None


def may_declare(contract: Contract, roles: Collection[str], purpose: str, reason: str) -> timedelta:
    """How long an emergency may last. Raises EmergencyRefused, unless the contract has `break_glass` for role and purpose."""
    glass = contract.break_glass
    if glass is None or purpose not in glass.purposes or not set(glass.roles) & set(roles):
        raise EmergencyRefused("Your contract does not let you declare an emergency for this purpose.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise EmergencyRefused(
            f"Say in the header {HEADER.title()} why this is an emergency, in {SHORTEST_REASON} characters or more."
        )
    return min(duration_of(glass.longest), LONGEST)


def opened(mask: Mask) -> Mask:
    """The mask that decides while the glass is broken."""
    return replace(
        mask,
        read=mask.read | mask.emergency,
        listed=mask.listed - mask.emergency,
        emergency=frozenset(),
        digest="sha256:" + sha256(f"break-glass/1 {mask.digest}".encode()).hexdigest(),
    )
