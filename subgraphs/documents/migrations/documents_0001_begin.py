"""The register of documents: its first tables."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

from subgraphs.room.migrating import limits

revision: Final = "documents_0001"
down_revision: Final = None
branch_labels: Final = None
depends_on: Final = None

TEXT: Final = sa.VARCHAR(collation="C")


def upgrade() -> None:
    """Make the tables."""
    limits(op, lock="2s", statement="60s")
    _document()
    _document_agency()
    _document_history()
    _document_link()
    _document_territory()
    _projection_change()


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("issuing_country", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("holder_id", TEXT),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("issued_on", TEXT, nullable=False),
        sa.Column("valid_to", TEXT, nullable=False),
        sa.Column("classification", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("document_by_holder", "document", ["holder_id", "issued_on"])
    op.create_index("document_by_issued_on", "document", ["issued_on", "id"])
    op.create_index("document_by_issuing_country", "document", ["issuing_country", "id"])
    op.create_index("document_by_kind", "document", ["kind", "id"])
    op.create_index("document_by_number", "document", ["number", "id"])
    op.create_index("document_by_status", "document", ["status", "id"])
    op.create_index("document_by_valid_to", "document", ["valid_to", "id"])


def _document_agency() -> None:
    op.create_table(
        "document_agency",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("document_agency_by_value", "document_agency", ["value", "id"])


def _document_history() -> None:
    op.create_table(
        "document_history",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_fields", TEXT, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", "version"),
    )


def _document_link() -> None:
    op.create_table(
        "document_link",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("document_link_by_value", "document_link", ["value", "id"])


def _document_territory() -> None:
    op.create_table(
        "document_territory",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", "value"),
    )
    op.create_index("document_territory_by_value", "document_territory", ["value", "id"])


def _projection_change() -> None:
    op.create_table(
        "projection_change",
        sa.Column("number", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
