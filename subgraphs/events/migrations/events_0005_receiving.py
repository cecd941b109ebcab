"""Messages of sources: inbox, events by their sources' numbers, what is held, receipts."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0005"
down_revision: Final = "events_0004"
branch_labels: Final = None
depends_on: Final = None

SOURCES: Final = 8
"""Partitions by source."""


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.VARCHAR(collation="C"), nullable=nullable)


def upgrade() -> None:
    """New tables: nothing that runs knows of them yet."""
    limits(op, lock="2s", statement="60s")
    op.create_table(
        "inbox",
        _text("source_id"),
        _text("message_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "message_id"),
        postgresql_partition_by="HASH (source_id)",
    )
    op.create_table(
        "source_event",
        _text("source_id"),
        _text("event_no"),
        _text("event_id", nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "event_no"),
        postgresql_partition_by="HASH (source_id)",
    )
    for table in ("inbox", "source_event"):
        for part in range(SOURCES):
            values = f"WITH (MODULUS {SOURCES}, REMAINDER {part})"
            op.execute(f"CREATE TABLE {table}_{part} PARTITION OF {table} FOR VALUES {values}")
    op.create_index("inbox_by_at", "inbox", ["at"])
    _held()
    op.create_table(
        "receipt_outbox",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        _text("source_id"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _held() -> None:
    op.create_table(
        "held_message",
        _text("id"),
        _text("source_id"),
        _text("message_id"),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        _text("state"),
        _text("event_no", nullable=True),
        sa.Column("seq", sa.Integer()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("corrected", sa.LargeBinary()),
        sa.Column("problems", sa.LargeBinary(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("held_message_once", "held_message", ["source_id", "message_id", "digest"], unique=True)
    op.create_index("held_message_by_state", "held_message", ["state", "first_seen", "id"])
    op.create_index("held_message_by_event", "held_message", ["source_id", "event_no"])
