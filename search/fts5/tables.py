"""The tables of one index in SQLite.

document      what is indexed, one row a thing; `number` joins the rest. A row without a body is something that was removed
keys          FTS5: the keys of each document, as words of one text
identifier    normal forms for patterns
facet         values that are counted and asked for
position      how far the index is in each room's changes
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

METADATA: Final = sa.MetaData()

DOCUMENT: Final = sa.Table(
    "document",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.Text),
    sa.Column("body", sa.LargeBinary),
    sa.Column("rows", sa.Text),
    sa.Column("at", sa.Integer),
    sa.Column("lat", sa.Float),
    sa.Column("lon", sa.Float),
    sa.UniqueConstraint("type", "id"),
)
IDENTIFIER: Final = sa.Table(
    "identifier",
    METADATA,
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Index("identifier_by_number", "number"),
    sqlite_with_rowid=False,
)
FACET: Final = sa.Table(
    "facet",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text, primary_key=True),
    sa.Index("facet_by_value", "name", "value", "number"),
    sqlite_with_rowid=False,
)
POSITION: Final = sa.Table(
    "position",
    METADATA,
    sa.Column("room", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
KEYS: Final = sa.table("word_key", sa.column("rowid", sa.Integer), sa.column("words", sa.Text), sa.column("word_key", sa.Text))
# Keys are ASCII words, never phrases: positions and columns need not be kept.
CREATE_KEYS: Final = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS word_key USING fts5(words, tokenize='ascii', detail='none', columnsize=0)"
)
