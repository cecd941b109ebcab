"""Identity: which record stands for another, keys and changes, whose projection moves."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "persons_0003"
down_revision: Final = "persons_0002"
branch_labels: Final = None
depends_on: Final = None


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.VARCHAR(collation="C"), nullable=nullable)


def upgrade() -> None:
    """A column that may be null, and new tables; the column's index is the next step."""
    limits(op, lock="2s", statement="60s")
    op.add_column("person", _text("merged_into", nullable=True))
    _tables()


def _tables() -> None:
    op.create_table(
        "projection_change",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        _text("target"),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "idempotency_key",
        *(_text("agency"), _text("key"), sa.Column("request", sa.LargeBinary(), nullable=False)),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(_text("person_id", nullable=True), sa.Column("version", sa.Integer()), _text("basis", nullable=True)),
        sa.PrimaryKeyConstraint("agency", "key"),
    )
    op.create_index("idempotency_key_by_at", "idempotency_key", ["at"])
    op.create_table(
        "person_identity_change",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        *(_text("person_id"), _text("other_id", nullable=True), sa.Column("version", sa.Integer(), nullable=False)),
        *(sa.Column("at", sa.BigInteger(), nullable=False), _text("operation"), _text("agency"), _text("official")),
        *(_text("purpose", nullable=True), _text("case_reference", nullable=True), _text("reason", nullable=True)),
        *(_text("contract"), _text("txn")),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("person_identity_change_by_person", "person_identity_change", ["person_id", "number"])
    op.create_index("person_identity_change_by_other", "person_identity_change", ["other_id", "number"])
    op.create_index("person_identity_change_by_txn", "person_identity_change", ["txn"])
