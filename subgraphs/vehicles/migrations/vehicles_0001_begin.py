"""The register of vehicles: its first tables."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "vehicles_0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

TEXT: Final = sa.VARCHAR(collation="C")


def upgrade() -> None:
    """Make the tables."""
    limits(op, lock="2s", statement="60s")
    _projection_change()
    _vehicle()
    _vehicle_agency()
    _vehicle_history()
    _vehicle_holding()
    _vehicle_link()
    _vehicle_territory()


def _projection_change() -> None:
    op.create_table(
        "projection_change",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _vehicle() -> None:
    op.create_table(
        "vehicle",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("plate", TEXT, nullable=False),
        sa.Column("country", TEXT, nullable=False),
        sa.Column("vin", TEXT),
        sa.Column("make", TEXT, nullable=False),
        sa.Column("model", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("colour", TEXT),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("first_registered_on", TEXT, nullable=False),
        sa.Column("classification", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("vehicle_by_category", "vehicle", ["category", "id"])
    op.create_index("vehicle_by_colour", "vehicle", ["colour", "id"])
    op.create_index("vehicle_by_country", "vehicle", ["country", "id"])
    op.create_index("vehicle_by_first_registered_on", "vehicle", ["first_registered_on", "id"])
    op.create_index("vehicle_by_make", "vehicle", ["make", "model", "id"])
    op.create_index("vehicle_by_model", "vehicle", ["model", "id"])
    op.create_index("vehicle_by_plate", "vehicle", ["plate", "id"])
    op.create_index("vehicle_by_status", "vehicle", ["status", "id"])
    op.create_index("vehicle_by_vin", "vehicle", ["vin", "id"])


def _vehicle_agency() -> None:
    op.create_table(
        "vehicle_agency",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("vehicle_agency_by_value", "vehicle_agency", ["value", "id"])


def _vehicle_history() -> None:
    op.create_table(
        "vehicle_history",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def _vehicle_holding() -> None:
    op.create_table(
        "vehicle_holding",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", TEXT),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "position"),
    )
    op.create_index("vehicle_holding_by_person", "vehicle_holding", ["person_id", "since"])


def _vehicle_link() -> None:
    op.create_table(
        "vehicle_link",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("vehicle_link_by_value", "vehicle_link", ["value", "id"])


def _vehicle_territory() -> None:
    op.create_table(
        "vehicle_territory",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("vehicle_territory_by_value", "vehicle_territory", ["value", "id"])
