"""Cases: their records, members, numbers and changes."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0006"
down_revision: Final = "events_0005"
branch_labels: Final = None
depends_on: Final = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.VARCHAR(collation="C"), nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, autoincrement=False)


def _big(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """New tables: nothing that runs knows of them yet."""
    limits(op, lock="2s", statement="60s")
    _records()
    _members()
    _changes()


def _records() -> None:
    op.create_table(
        "case_file",
        *(_text("id"), _number("version"), _big("changed_at"), _text("changed_fields"), _bytes("digest"), _bytes("body")),
        *(_text("number"), _text("procedure"), _text("status"), _text("agency"), _text("opened_by"), _big("opened_at")),
        _number("classification"),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("case_file_by_number", "case_file", ["number", "id"])
    op.create_index("case_file_by_opened_at", "case_file", ["opened_at", "id"])
    for name in ("procedure", "status", "agency", "opened_by"):
        op.create_index(f"case_file_by_{name}", "case_file", [name, "opened_at", "id"])
    op.create_table(
        "case_file_history",
        *(_text("id"), _number("version"), _big("changed_at"), _text("changed_fields"), _bytes("body")),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def _members() -> None:
    op.create_table(
        "case_member",
        *(_text("case_id"), _text("event_id"), _big("joined_at")),
        sa.PrimaryKeyConstraint("case_id", "event_id"),
    )
    op.create_index("case_member_by_event", "case_member", ["event_id", "joined_at", "case_id"])
    op.create_table("case_agency", _text("id"), _text("value"), sa.PrimaryKeyConstraint("id", "value"))
    op.create_index("case_agency_by_value", "case_agency", ["value", "id"])


def _changes() -> None:
    op.create_table(
        "case_counter",
        *(_text("agency"), _number("year"), _number("last")),
        sa.PrimaryKeyConstraint("agency", "year"),
    )
    op.create_table(
        "case_change",
        *(_text("case_id"), _number("version"), _big("at"), _text("operation"), _text("agency"), _text("official")),
        *(_text("purpose", nullable=True), _text("case_reference", nullable=True), _text("reason", nullable=True)),
        *(_text("contract"), _text("txn"), _text("event_id", nullable=True)),
        sa.PrimaryKeyConstraint("case_id", "version"),
    )
    op.create_index("case_change_by_txn", "case_change", ["txn"])
