"""Registration by mutations: keys, counters, changes, outbox."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0003"
down_revision: Final = "events_0002"
branch_labels: Final = None
depends_on: Final = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.VARCHAR(collation="C"), nullable=nullable)


def upgrade() -> None:
    """New tables: nothing that runs knows of them yet."""
    limits(op, lock="2s", statement="60s")
    op.create_table(
        "idempotency_key",
        _text("agency"),
        _text("key"),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("event_id", nullable=True),
        sa.Column("version", sa.Integer()),
        sa.PrimaryKeyConstraint("agency", "key"),
    )
    op.create_index("idempotency_key_by_at", "idempotency_key", ["at"])
    op.create_table(
        "registration_counter",
        _text("institution"),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "year"),
    )
    op.create_table(
        "event_change",
        _text("event_id"),
        sa.Column("version", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("operation"),
        _text("agency"),
        _text("official"),
        _text("purpose", nullable=True),
        _text("case_reference", nullable=True),
        _text("reason", nullable=True),
        _text("contract"),
        _text("txn"),
        sa.PrimaryKeyConstraint("event_id", "version"),
    )
    op.create_index("event_change_by_txn", "event_change", ["txn"])
    op.create_table(
        "event_outbox",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        _text("event_id"),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
