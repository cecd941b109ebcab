"""The tables of registration, beside those of the register and written in its transactions.

idempotency_key      (agency, key) → the digest of what was asked, and what came of it: the inbox of mutations
registration_counter (institution, year) → the last number given
event_change         each change: who did what, when, under which contract and for what; the audit joins it by `txn`
event_outbox         what the outbox of every room (`subgraphs.room.outbox`) stands in for: written by the release before alone
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from subgraphs.events.tables import METADATA
from subgraphs.room.register import TEXT

IDEMPOTENCY: Final = sa.Table(
    "idempotency_key",
    METADATA,
    sa.Column("agency", TEXT, primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("request", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("event_id", TEXT),
    sa.Column("version", sa.Integer),
    sa.Index("idempotency_key_by_at", "at"),
)

COUNTER: Final = sa.Table(
    "registration_counter",
    METADATA,
    sa.Column("institution", TEXT, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)

CHANGE: Final = sa.Table(
    "event_change",
    METADATA,
    sa.Column("event_id", TEXT, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("operation", TEXT, nullable=False),
    sa.Column("agency", TEXT, nullable=False),
    sa.Column("official", TEXT, nullable=False),
    sa.Column("purpose", TEXT),
    sa.Column("case_reference", TEXT),
    sa.Column("reason", TEXT),
    sa.Column("contract", TEXT, nullable=False),
    sa.Column("txn", TEXT, nullable=False),
    sa.Index("event_change_by_txn", "txn"),
)

OUTBOX: Final = sa.Table(
    "event_outbox",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("event_id", TEXT, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice, so a reader may remember where it was
)
