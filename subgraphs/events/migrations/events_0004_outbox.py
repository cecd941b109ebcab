"""The outbox: what changed, told to followers in order."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0004"
down_revision: Final = "events_0003"
branch_labels: Final = None
depends_on: Final = None

TEXT: Final = sa.VARCHAR(collation="C")


def upgrade() -> None:
    """New tables: nothing that runs knows of them yet."""
    limits(op, lock="2s", statement="60s")
    op.create_table(
        "change",
        sa.Column("sequence", sa.BigInteger(), autoincrement=True, nullable=False),
        *_what(),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_table(
        "change_noted",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        *_what(),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "change_follower",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _what() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("record", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
