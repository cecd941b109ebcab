"""Identity: the index of who was merged into whom, made beside writers."""

from __future__ import annotations

from typing import Final

from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "persons_0004"
down_revision: Final = "persons_0003"
branch_labels: Final = None
depends_on: Final = None

_NAME: Final = "person_by_merged_into"


def upgrade() -> None:
    """An index made anew when an earlier try was cut off. Nobody waits behind it, so it may take its time."""
    limits(op, lock="10min", statement="0")
    with op.get_context().autocommit_block():
        op.drop_index(_NAME, "person", postgresql_concurrently=True, if_exists=True)
        op.create_index(_NAME, "person", ["merged_into", "id"], postgresql_concurrently=True)
