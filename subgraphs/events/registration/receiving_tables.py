"""The tables of receiving, beside those of the register and written in its transactions.

inbox          (source, message) → the digest of what it said, and the receipt that its source got; kept 90 days
source_event   (source, its number of the event) → our event, and the last message of it that was applied; kept for ever
held_message   messages that wait, came late, or are in quarantine
receipt_outbox receipts that are committed and not yet handed over

In PostgreSQL the first two are partitioned by source: not by time, as then no message could be unique for ever.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from subgraphs.events.tables import METADATA
from subgraphs.room.register import TEXT

INBOX: Final = sa.Table(
    "inbox",
    METADATA,
    sa.Column("source_id", TEXT, primary_key=True),
    sa.Column("message_id", TEXT, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("receipt", sa.LargeBinary, nullable=False),
    sa.Index("inbox_by_at", "at"),
)

SOURCE_EVENT: Final = sa.Table(
    "source_event",
    METADATA,
    sa.Column("source_id", TEXT, primary_key=True),
    sa.Column("event_no", TEXT, primary_key=True),
    sa.Column("event_id", TEXT),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
)

HELD: Final = sa.Table(
    "held_message",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("source_id", TEXT, nullable=False),
    sa.Column("message_id", TEXT, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("event_no", TEXT),
    sa.Column("seq", sa.Integer),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("corrected", sa.LargeBinary),
    sa.Column("problems", sa.LargeBinary, nullable=False),
    sa.Column("first_seen", sa.BigInteger, nullable=False),
    sa.Column("last_seen", sa.BigInteger, nullable=False),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Index("held_message_once", "source_id", "message_id", "digest", unique=True),
    sa.Index("held_message_by_state", "state", "first_seen", "id"),
    sa.Index("held_message_by_event", "source_id", "event_no"),
)

RECEIPT: Final = sa.Table(
    "receipt_outbox",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("source_id", TEXT, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
