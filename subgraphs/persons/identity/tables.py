"""The tables of identity, beside those of the register of persons and written in its transactions.

idempotency_key         (agency, key) → the digest of what was asked, and what came of it; without an agency: who was named
person_identity_change  each identification, merge and split: who did what, when, under which contract and for what
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from subgraphs.persons.tables import METADATA
from subgraphs.room.register import TEXT

KEY: Final = sa.Table(
    "idempotency_key",
    METADATA,
    sa.Column("agency", TEXT, primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("request", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("person_id", TEXT),
    sa.Column("version", sa.Integer),
    sa.Column("basis", TEXT),
    sa.Index("idempotency_key_by_at", "at"),
)

CHANGE: Final = sa.Table(
    "person_identity_change",
    METADATA,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    sa.Column("person_id", TEXT, nullable=False),
    sa.Column("other_id", TEXT),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("operation", TEXT, nullable=False),
    sa.Column("agency", TEXT, nullable=False),
    sa.Column("official", TEXT, nullable=False),
    sa.Column("purpose", TEXT),
    sa.Column("case_reference", TEXT),
    sa.Column("reason", TEXT),
    sa.Column("contract", TEXT, nullable=False),
    sa.Column("txn", TEXT, nullable=False),
    sa.Index("person_identity_change_by_person", "person_id", "number"),
    sa.Index("person_identity_change_by_other", "other_id", "number"),
    sa.Index("person_identity_change_by_txn", "txn"),
    sqlite_autoincrement=True,
)
