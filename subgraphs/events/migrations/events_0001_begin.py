"""The register of events: its first tables."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "events_0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

TEXT: Final = sa.VARCHAR(collation="C")


def upgrade() -> None:
    """Make the tables."""
    limits(op, lock="2s", statement="60s")
    _document_involvement()
    _event()
    _event_key()
    _event_case()
    _event_history()
    _item_involvement()
    _person_involvement()
    _projection_change()
    _vehicle_involvement()


def _document_involvement() -> None:
    op.create_table(
        "document_involvement",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("target", TEXT),
        sa.PrimaryKeyConstraint("event_id", "position"),
    )
    op.create_index("document_involvement_by_role", "document_involvement", ["role", "event_id"])
    op.create_index("document_involvement_by_target", "document_involvement", ["target", "occurred_at", "id"])


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subkind", TEXT),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("atvk", TEXT),
        sa.Column("territory", TEXT),
        sa.Column("zone", TEXT),
        sa.Column("territory_owner", TEXT, nullable=False),
        sa.Column("registered_by", TEXT, nullable=False),
        sa.Column("classification", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("lat", sa.Float()),
        sa.Column("lon", sa.Float()),
        sa.Column("source_system", TEXT),
        sa.Column("source_id", TEXT),
        sa.PrimaryKeyConstraint("id", "occurred_at"),
        postgresql_partition_by="RANGE (occurred_at)",
    )
    op.execute("CREATE TABLE event_default PARTITION OF event DEFAULT")
    op.create_index("event_by_atvk", "event", ["atvk", "occurred_at", "id"])
    op.create_index("event_by_category", "event", ["category", "occurred_at", "id"])
    op.create_index("event_by_kind", "event", ["kind", "occurred_at", "id"])
    op.create_index("event_by_number", "event", ["number", "id"])
    op.create_index("event_by_occurred_at", "event", ["occurred_at", "id"])
    op.create_index("event_by_point", "event", ["lat", "lon"])
    op.create_index("event_by_registered_at", "event", ["registered_at", "id"])
    op.create_index("event_by_source", "event", ["source_system", "source_id"])
    op.create_index("event_by_status", "event", ["status", "occurred_at", "id"])
    op.create_index("event_by_subkind", "event", ["subkind", "occurred_at", "id"])
    op.create_index("event_by_territory", "event", ["territory", "occurred_at", "id"])
    op.create_index("event_by_territory_owner", "event", ["territory_owner", "occurred_at", "id"])


def _event_case() -> None:
    op.create_table(
        "event_case",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("case_number", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "case_number"),
    )
    op.create_index("event_case_by_case_number", "event_case", ["case_number", "id"])


def _event_history() -> None:
    op.create_table(
        "event_history",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def _item_involvement() -> None:
    op.create_table(
        "item_involvement",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "position"),
    )


def _person_involvement() -> None:
    op.create_table(
        "person_involvement",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("target", TEXT),
        sa.PrimaryKeyConstraint("event_id", "position"),
    )
    op.create_index("person_involvement_by_category", "person_involvement", ["category", "event_id"])
    op.create_index("person_involvement_by_role", "person_involvement", ["role", "event_id"])
    op.create_index("person_involvement_by_target", "person_involvement", ["target", "occurred_at", "id"])


def _projection_change() -> None:
    op.create_table(
        "projection_change",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )


def _vehicle_involvement() -> None:
    op.create_table(
        "vehicle_involvement",
        sa.Column("event_id", TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("category", TEXT),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("target", TEXT),
        sa.PrimaryKeyConstraint("event_id", "position"),
    )
    op.create_index("vehicle_involvement_by_role", "vehicle_involvement", ["role", "event_id"])
    op.create_index("vehicle_involvement_by_target", "vehicle_involvement", ["target", "occurred_at", "id"])


def _event_key() -> None:
    """Each event once, whatever month it lies in: a partitioned table cannot have a unique id of its own."""
    op.create_table(
        "event_key",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("source_system", TEXT),
        sa.Column("source_id", TEXT),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("event_key_by_source", "event_key", ["source_system", "source_id"])
