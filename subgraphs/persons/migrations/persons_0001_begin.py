"""The register of persons: its first tables."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "persons_0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

TEXT: Final = sa.VARCHAR(collation="C")


def upgrade() -> None:
    """Make the tables."""
    limits(op, lock="2s", statement="60s")
    _person()
    _person_agency()
    _person_code()
    _person_history()
    _person_territory()


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("family_name", TEXT, nullable=False),
        sa.Column("given_names", TEXT, nullable=False),
        sa.Column("birth_date", TEXT, nullable=False),
        sa.Column("sex", TEXT, nullable=False),
        sa.Column("citizenship", TEXT),
        sa.Column("verification", TEXT, nullable=False),
        sa.Column("classification", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("person_by_birth_date", "person", ["birth_date", "id"])
    op.create_index("person_by_citizenship", "person", ["citizenship", "id"])
    op.create_index("person_by_family_name", "person", ["family_name", "id"])
    op.create_index("person_by_given_names", "person", ["given_names", "id"])
    op.create_index("person_by_sex", "person", ["sex", "id"])
    op.create_index("person_by_verification", "person", ["verification", "id"])


def _person_agency() -> None:
    op.create_table(
        "person_agency",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("person_agency_by_value", "person_agency", ["value", "id"])


def _person_code() -> None:
    op.create_table(
        "person_code",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", "position"),
    )
    op.create_index("person_code_by_code", "person_code", ["code", "id"])


def _person_history() -> None:
    op.create_table(
        "person_history",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def _person_territory() -> None:
    op.create_table(
        "person_territory",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("person_territory_by_value", "person_territory", ["value", "id"])
