"""When an arrival is due, of the events whose clock runs."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0002"
down_revision: Final = "events_0001"
branch_labels: Final = None
depends_on: Final = None


def upgrade() -> None:
    """A new table: nothing that runs knows of it yet."""
    limits(op, lock="2s", statement="60s")
    op.create_table(
        "event_running_clock",
        sa.Column("id", sa.VARCHAR(collation="C"), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_running_clock_by_due_at", "event_running_clock", ["due_at", "id"])
