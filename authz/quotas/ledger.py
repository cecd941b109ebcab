"""What a ledger of quotas promises, wherever it is kept.

A charge is written whole or not at all, and no interleaving of processes ever takes a counter over its limit.

    entities   amounts add up; each leaves the window some time after it was charged (`leaves_at`)
    marks      different values; one that is seen again stays longer, and is counted once
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

PARTS: Final = 24
"""A window moves on by this part of itself: what was charged counts for the window and at most one part more."""


SWEEP: Final = 300.0
"""So often, in seconds, a ledger removes what has left every window."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What is to be added to a counter: an amount, or the marks of values. `window` is in seconds."""

    counter: str
    limit: int
    window: float
    amount: int = 0
    marks: frozenset[str] = frozenset()

    def leaves_at(self, now: float) -> float:
        """When what is charged now no longer counts (Unix seconds)."""
        part = self.window / PARTS
        return (now // part + 1) * part + self.window


@dataclass(frozen=True, slots=True)
class Balance:
    """How a counter stands: before, and after the charge (would it be written). `frees_at` is when the charge would fit, None
    when it never does.
    """

    charge: Charge
    before: int
    after: int
    frees_at: float | None

    @property
    def fits(self) -> bool:
        """Whether the charge keeps the counter within its limit."""
        return self.after <= self.charge.limit or self.after == self.before


@dataclass(frozen=True, slots=True)
class Settled:
    """The balances of charges that belong together; written only when all fit."""

    balances: tuple[Balance, ...]

    @property
    def fits(self) -> bool:
        """Whether all fitted, and so were written."""
        return all(balance.fits for balance in self.balances)


class QuotaLedger(Protocol):
    """A ledger. Calls block; they are made on worker threads."""

    def settle(self, charges: Sequence[Charge], now: float) -> Settled:
        """Write all charges if all fit, at `now` (Unix seconds). Raises QuotasUnusable."""
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...


def balance_of_marks(charge: Charge, known: Mapping[str, float], now: float) -> Balance:
    """How a counter of values stands that holds `known`: mark → when it leaves."""
    parts = sorted((leaves_at, 1) for mark, leaves_at in known.items() if mark not in charge.marks)
    after = len(known.keys() | charge.marks)
    return Balance(charge, len(known), after, _frees_at(parts, after - charge.limit, now))


def balance_of_amount(charge: Charge, parts: Sequence[tuple[float, int]], now: float) -> Balance:
    """How a counter of amounts stands that holds `parts`: (when it leaves, amount), the earliest first."""
    before = sum(amount for _, amount in parts)
    after = before + charge.amount
    return Balance(charge, before, after, _frees_at(parts, after - charge.limit, now))


def _frees_at(parts: Sequence[tuple[float, int]], over: int, now: float) -> float | None:
    """When enough has left for what is `over` the limit to fit; `now` when it fits already, None when it never will."""
    if over <= 0:
        return now
    for leaves_at, amount in parts:
        over -= amount
        if over <= 0:
            return leaves_at
    return None
