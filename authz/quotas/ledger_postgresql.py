"""The ledger in PostgreSQL (schema `quotas`): one for the gateways of all machines.

    transaction: lock the counters, in their order → read them → all fit? write

The locks are advisory and end with the transaction, so no two processes decide by the same balance. Each process has one
connection, on which its charges take turns. Counters are digests of whom they count: it names nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from authz.postgresql import Database, DatabaseGone, founding, shown
from authz.quotas.errors import QuotasUnusable
from authz.quotas.ledger import SWEEP, Balance, Charge, Settled, balance_of_amount, balance_of_marks

_FOUNDING: Final = 7_146_211_908
_SCHEMA: Final = """
CREATE SCHEMA IF NOT EXISTS quotas;
CREATE TABLE quotas.spent (
  counter text, leaves_at double precision, amount bigint NOT NULL, PRIMARY KEY (counter, leaves_at)
);
CREATE TABLE quotas.seen (counter text, mark text, leaves_at double precision NOT NULL, PRIMARY KEY (counter, mark));
CREATE INDEX spent_leaves ON quotas.spent (leaves_at);
CREATE INDEX seen_leaves ON quotas.seen (leaves_at);
"""
_MARKER: Final = "quotas.seen"
_LOCK: Final = (
    "SELECT pg_advisory_xact_lock(hashtextextended('saite-quotas/' || counter, 0)) FROM unnest($1::text[]) AS counter"
)
_READ: Final = """
SELECT counter, NULL AS mark, leaves_at, amount FROM quotas.spent WHERE counter = ANY ($1) AND leaves_at > $2
UNION ALL
SELECT counter, mark, leaves_at, 1 FROM quotas.seen WHERE counter = ANY ($1) AND leaves_at > $2
ORDER BY leaves_at
"""
_SPEND: Final = """
INSERT INTO quotas.spent VALUES ($1, $2, $3)
ON CONFLICT (counter, leaves_at) DO UPDATE SET amount = spent.amount + excluded.amount
"""
_SEE: Final = """
INSERT INTO quotas.seen VALUES ($1, $2, $3) ON CONFLICT (counter, mark) DO UPDATE SET leaves_at = excluded.leaves_at
"""


class PostgresqlQuotaLedger:
    """See `QuotaLedger`. Its tables are made when absent."""

    def __init__(self, address: str) -> None:
        self._address = shown(address)
        self._lock = threading.Lock()
        self._swept_at = float("-inf")
        # A charge that is lost with the server's power was of an answer that few will have got.
        relaxed = {"synchronous_commit": "off"}
        self._database = Database(address, founding(_FOUNDING, _MARKER, _SCHEMA), name="saite quotas", settings=relaxed)

    def settle(self, charges: Sequence[Charge], now: float) -> Settled:
        """See `QuotaLedger.settle`."""
        counters = sorted({charge.counter for charge in charges})

        async def settled(connection: Any) -> Settled:
            await connection.fetch(_LOCK, counters)
            rows = await connection.fetch(_READ, counters, now)
            found = Settled(tuple(_balance(charge, rows, now) for charge in charges))
            if found.fits:
                await _write(connection, charges, now)
            return found

        try:
            self._sweep(now)
            return self._database.transaction(settled)
        except DatabaseGone as error:
            raise QuotasUnusable(f"Quotas cannot be counted in {self._address}: {error}.") from error

    def close(self) -> None:
        """See `QuotaLedger.close`."""
        self._database.close()

    def _sweep(self, now: float) -> None:
        with self._lock:
            if self._swept_at <= now < self._swept_at + SWEEP:
                return
            self._swept_at = now
        for table in ("spent", "seen"):
            with suppress(DatabaseGone):  # what is not removed now is removed at the next time, and counts for nobody
                self._database.rows(f"DELETE FROM quotas.{table} WHERE leaves_at <= $1", now)  # noqa: S608  # our own two names


def _balance(charge: Charge, rows: Sequence[Any], now: float) -> Balance:
    own = [(mark, leaves_at, amount) for counter, mark, leaves_at, amount in rows if counter == charge.counter]
    if charge.marks:
        return balance_of_marks(charge, {mark: leaves_at for mark, leaves_at, _ in own if mark is not None}, now)
    return balance_of_amount(charge, [(leaves_at, int(amount)) for mark, leaves_at, amount in own if mark is None], now)


async def _write(connection: Any, charges: Sequence[Charge], now: float) -> None:
    spent = [(charge.counter, charge.leaves_at(now), charge.amount) for charge in charges if charge.amount]
    seen = [(charge.counter, mark, charge.leaves_at(now)) for charge in charges for mark in sorted(charge.marks)]
    if spent:
        await connection.executemany(_SPEND, spent)
    if seen:
        await connection.executemany(_SEE, seen)
