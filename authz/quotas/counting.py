"""What a request costs under a contract's quotas, and what is said when they run low.

    before execution   the different values that it looks up by (`distinct_filter_values`): asking counts, found or not
    before the answer  the entities that it is about to give

In: the mask, who asks, the values or the number of entities. Out: what to say in the answer (`extensions.quota`), or
QuotaExceeded. Counters outlive versions of a contract.
"""

from __future__ import annotations

import asyncio
import logging
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from authz.document.duration import duration_of
from authz.document.model import Quota
from authz.mask import Mask
from authz.quotas.errors import QuotaExceeded
from authz.quotas.ledger import Balance, Charge, QuotaLedger

ALERT_AT: Final = 0.8
_log: Final = logging.getLogger(__name__)

Json = object
Lookups = frozenset[tuple[str, str]]
"""(`Type.field`, value) of what is looked up by."""


@dataclass(frozen=True, slots=True)
class Spending:
    """Who spends: the mask that the request runs under, and the user, as the identity provider names them."""

    mask: Mask
    user: str


@dataclass(frozen=True, slots=True)
class _Counted:
    """A charge and the words of its quota."""

    quota: Quota
    what: str
    charge: Charge


class Counting:
    """Charges quotas. `mark` makes a keyed hash of a value, so that the ledger does not know what was looked up."""

    def __init__(self, ledger: QuotaLedger, mark: Callable[[str], str]) -> None:
        self._ledger = ledger
        self._mark = mark
        self._lock = threading.Lock()
        self._told: Counter[str] = Counter()

    async def look_up(self, spending: Spending, lookups: Lookups, now: datetime) -> None:
        """Charge the values that a request looks up by. Raises QuotaExceeded, QuotasUnusable."""
        counted = [
            _Counted(quota, field, self._charge(spending, quota, field, limit, marks=values))
            for quota in spending.mask.quotas
            for field, limit in quota.distinct_filter_values.items()
            if (values := frozenset(self._mark(value) for named, value in lookups if named == field))
        ]
        await self._settle(spending, counted, now)

    async def give(self, spending: Spending, entities: int, now: datetime) -> Sequence[Mapping[str, Json]]:
        """Charge entities that are about to be given; the quotas that run low, in words for the answer.

        Raises QuotaExceeded, QuotasUnusable: then nothing is to be given.
        """
        counted = [
            _Counted(quota, "entities", self._charge(spending, quota, "entities", quota.entities, amount=entities))
            for quota in spending.mask.quotas
            if quota.entities is not None
        ]
        return await self._settle(spending, counted, now)

    def snapshot(self) -> Mapping[str, int]:
        """How often quotas ran low (`low`) and were exceeded (`exceeded`) in this process."""
        with self._lock:
            return dict(self._told)

    async def close(self) -> None:
        """Close the ledger."""
        await asyncio.to_thread(self._ledger.close)

    def _charge(
        self,
        spending: Spending,
        quota: Quota,
        what: str,
        limit: int,
        *,
        amount: int = 0,
        marks: frozenset[str] = frozenset(),
    ) -> Charge:
        whose = spending.user if quota.per == "user" else ""
        parts = (spending.mask.contract_id, quota.per, whose, quota.window, what)
        counter = sha256("\x00".join(parts).encode()).hexdigest()
        return Charge(counter, limit, duration_of(quota.window).total_seconds(), amount, marks)

    async def _settle(self, spending: Spending, counted: Sequence[_Counted], now: datetime) -> Sequence[Mapping[str, Json]]:
        if not counted:
            return ()
        settled = await asyncio.to_thread(self._ledger.settle, [each.charge for each in counted], now.timestamp())
        pairs = tuple(zip(counted, settled.balances, strict=True))
        for each, balance in pairs:
            if not balance.fits:
                self._tell("exceeded", spending, each, balance.before)
                raise _exceeded(each, balance, now)
        low = [(each, balance) for each, balance in pairs if balance.after >= _alert_at(each.quota) * balance.charge.limit]
        for each, balance in low:
            if balance.before < _alert_at(each.quota) * balance.charge.limit:
                self._tell("low", spending, each, balance.after)
        return [_said(each, balance) for each, balance in low]

    def _tell(self, event: str, spending: Spending, each: _Counted, used: int) -> None:
        with self._lock:
            self._told[event] += 1
        extra = {
            "contract": spending.mask.contract_id,
            "per": each.quota.per,
            "user": spending.user,
            "what": each.what,
            "limit": each.charge.limit,
            "used": used,
        }
        _log.warning("a quota runs low" if event == "low" else "a quota is exceeded", extra=extra)


def _alert_at(quota: Quota) -> float:
    return ALERT_AT if quota.alert_at is None else quota.alert_at


def _said(each: _Counted, balance: Balance) -> Mapping[str, Json]:
    return {
        "per": each.quota.per,
        "what": each.what,
        "window": each.quota.window,
        "limit": balance.charge.limit,
        "used": balance.after,
    }


def _exceeded(each: _Counted, balance: Balance, now: datetime) -> QuotaExceeded:
    quota, limit = each.quota, balance.charge.limit
    whose = "You have" if quota.per == "user" else "Your agency has"
    what = "entities" if each.what == "entities" else f"different values of {each.what}"
    said: dict[str, Json] = {**_said(each, balance), "used": balance.before}
    if balance.frees_at is None:
        return QuotaExceeded(
            f"This request is for more than the {limit} {what} that the contract allows in {quota.window}: ask for fewer.",
            extensions={"quota": said},
        )
    frees = datetime.fromtimestamp(math.ceil(balance.frees_at), UTC)
    seconds = max(1, math.ceil((frees - now).total_seconds()))
    said |= {"freesAt": frees.isoformat().replace("+00:00", "Z"), "retryAfter": seconds}
    return QuotaExceeded(
        f"{whose} used {balance.before} of {limit} {what} in {quota.window}, and this request is for more than what is left: "
        f"ask for fewer, or again at {said['freesAt']}.",
        extensions={"quota": said},
        retry_after=seconds,
    )


def lookups_of(found: Iterator[tuple[str, object]]) -> Lookups:
    """The values looked up by, as texts; each item of a list is a value of its own."""
    return frozenset((field, text) for field, value in found for text in _texts(value))


def _texts(value: object) -> Iterator[str]:
    match value:
        case None:
            return
        case list() | tuple():
            for item in value:
                yield from _texts(item)
        case _:
            yield str(value)
