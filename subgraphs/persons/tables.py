"""The tables of the register of persons: what a SQL adapter keeps, and how a record becomes rows.

What comes in: records. What goes out: the tables, `REGISTER` and the scope of filters and row rules.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.natural_keys import normal_personal_code
from subgraphs.persons.model import PersonRecord
from subgraphs.room.keys import day, folded
from subgraphs.room.register import (
    TEXT,
    Outbox,
    Projection,
    Register,
    SideTable,
    among,
    history_table,
    members,
    outbox_table,
    pair_table,
    record_table,
)
from subgraphs.room.sql import Column, Scope, Side

METADATA: Final = sa.MetaData()

PERSON: Final = record_table(
    "person",
    METADATA,
    sa.Column("family_name", TEXT, nullable=False),
    sa.Column("given_names", TEXT, nullable=False),
    sa.Column("birth_date", TEXT, nullable=False),
    sa.Column("sex", TEXT, nullable=False),
    sa.Column("citizenship", TEXT),
    sa.Column("verification", TEXT, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Column("merged_into", TEXT),
    sa.Index("person_by_family_name", "family_name", "id"),
    sa.Index("person_by_given_names", "given_names", "id"),
    sa.Index("person_by_birth_date", "birth_date", "id"),
    sa.Index("person_by_sex", "sex", "id"),
    sa.Index("person_by_citizenship", "citizenship", "id"),
    sa.Index("person_by_verification", "verification", "id"),
    sa.Index("person_by_merged_into", "merged_into", "id"),
)
CODE: Final = sa.Table(
    "person_code",
    METADATA,
    sa.Column("id", TEXT, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("code", TEXT, nullable=False),
    sa.Column("current", sa.Boolean, nullable=False),
    sa.Index("person_code_by_code", "code", "id"),
    sqlite_with_rowid=False,
)
PROJECTION: Final = Projection(pair_table("person_territory", METADATA), pair_table("person_agency", METADATA))
HISTORY: Final = history_table("person", METADATA)
PROJECTION_CHANGE: Final = outbox_table(METADATA)


def _columns_of(record: PersonRecord) -> dict[str, Any]:
    return {
        "family_name": folded(record.family_name),
        "given_names": folded(record.given_names),
        "birth_date": day(record.birth_date),
        "sex": record.sex.value,
        "citizenship": record.citizenship,
        "verification": record.verification.value,
        "classification": record.classification.level,
        "merged_into": record.merged_into,
    }


def _codes_of(record: PersonRecord) -> list[dict[str, Any]]:
    return [
        {"id": record.id, "position": position, "code": normal_personal_code(code.value), "current": code.valid_to is None}
        for position, code in enumerate(record.codes)
    ]


def _moved(before: PersonRecord, after: PersonRecord) -> frozenset[str]:
    """Whose projection a merge or a split moves: that of both records, and with them of all that are one person."""
    if before.merged_into == after.merged_into:
        return frozenset()
    return frozenset({after.id, before.merged_into, after.merged_into} - {None})  # type: ignore[arg-type]  # None is taken out


SCOPE: Final = Scope(
    attributes={
        "id": Column(PERSON.c.id),
        "personal_code": Side(CODE.c.code, among(PERSON.c.id, CODE.c.id), normal_personal_code),
        "family_name": Column(PERSON.c.family_name, folded),
        "given_names": Column(PERSON.c.given_names, folded),
        "birth_date": Column(PERSON.c.birth_date, day, unknown=""),
        "sex": Column(PERSON.c.sex),
        "citizenship": Column(PERSON.c.citizenship, str.upper),
        "verification": Column(PERSON.c.verification),
        "merged_into": Column(PERSON.c.merged_into),
    },
    type_name="Person",
    row_attributes={
        "classification": RowColumn(PERSON.c.classification),
        "verification": RowColumn(PERSON.c.verification),
        "involvedTerritories": Members(PROJECTION.territories.c.value, members(PROJECTION.territories, PERSON.c.id)),
        "involvedAgencies": Members(PROJECTION.agencies.c.value, members(PROJECTION.agencies, PERSON.c.id)),
    },
)

REGISTER: Final = Register(
    PersonRecord,
    PERSON,
    HISTORY,
    _columns_of,
    SCOPE,
    sides=(SideTable(CODE, CODE.c.id, _codes_of),),
    projection=PROJECTION,
    outbox=Outbox(PROJECTION_CHANGE, _moved),
)
