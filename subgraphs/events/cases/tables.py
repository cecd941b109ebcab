"""The tables of cases, in the event register's database: what a SQL adapter keeps, and how a record becomes rows.

case_file     cases and their searched columns; `case_file_history` their earlier versions
case_member   which events are in which case
case_agency   whose case it is or was, and whose events it joins: what row rules read
case_counter  (agency, year) → the last number given
case_change   each change: who did what, when and why; `event_id` is the event that was joined or taken out
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from authz.rows import Column as RowColumn
from authz.rows import Members
from kernel.natural_keys import normal_number
from subgraphs.events.cases.model import CaseRecord
from subgraphs.events.tables import METADATA
from subgraphs.room.keys import micros
from subgraphs.room.register import TEXT, Register, SideTable, history_table, members, pair_table, record_table
from subgraphs.room.sql import Column, Scope

CASE: Final = record_table(
    "case_file",
    METADATA,
    sa.Column("number", TEXT, nullable=False),
    sa.Column("procedure", TEXT, nullable=False),
    sa.Column("status", TEXT, nullable=False),
    sa.Column("agency", TEXT, nullable=False),
    sa.Column("opened_by", TEXT, nullable=False),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("classification", sa.Integer, nullable=False),
    sa.Column("sealed", sa.Boolean, nullable=False),
    sa.Index("case_file_by_number", "number", "id"),
    sa.Index("case_file_by_procedure", "procedure", "opened_at", "id"),
    sa.Index("case_file_by_status", "status", "opened_at", "id"),
    sa.Index("case_file_by_agency", "agency", "opened_at", "id"),
    sa.Index("case_file_by_opened_by", "opened_by", "opened_at", "id"),
    sa.Index("case_file_by_opened_at", "opened_at", "id"),
)
HISTORY: Final = history_table("case_file", METADATA)
MEMBER: Final = sa.Table(
    "case_member",
    METADATA,
    sa.Column("case_id", TEXT, primary_key=True),
    sa.Column("event_id", TEXT, primary_key=True),
    sa.Column("joined_at", sa.BigInteger, nullable=False),
    sa.Index("case_member_by_event", "event_id", "joined_at", "case_id"),
    sqlite_with_rowid=False,
)
AGENCY: Final = pair_table("case_agency", METADATA)
COUNTER: Final = sa.Table(
    "case_counter",
    METADATA,
    sa.Column("agency", TEXT, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)
CHANGE: Final = sa.Table(
    "case_change",
    METADATA,
    sa.Column("case_id", TEXT, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("operation", TEXT, nullable=False),
    sa.Column("agency", TEXT, nullable=False),
    sa.Column("official", TEXT, nullable=False),
    sa.Column("purpose", TEXT),
    sa.Column("case_reference", TEXT),
    sa.Column("reason", TEXT),
    sa.Column("contract", TEXT, nullable=False),
    sa.Column("txn", TEXT, nullable=False),
    sa.Column("event_id", TEXT),
    sa.Index("case_change_by_txn", "txn"),
)


def _columns_of(record: CaseRecord) -> dict[str, Any]:
    return {
        "number": normal_number(record.number),
        "procedure": record.procedure.value,
        "status": record.status.value,
        "agency": record.agency,
        "opened_by": record.opened_by,
        "opened_at": micros(record.opened_at),
        "classification": record.classification.level,
        "sealed": record.sealed,
    }


def _members_of(record: CaseRecord) -> list[dict[str, Any]]:
    return [
        {"case_id": record.id, "event_id": member.event_id, "joined_at": micros(member.joined_at)} for member in record.events
    ]


def _agencies_of(record: CaseRecord) -> list[dict[str, Any]]:
    return [{"id": record.id, "value": agency} for agency in sorted(record.agencies)]


SCOPE: Final = Scope(
    attributes={
        "id": Column(CASE.c.id),
        "number": Column(CASE.c.number, normal_number),
        "procedure": Column(CASE.c.procedure),
        "status": Column(CASE.c.status),
        "agency": Column(CASE.c.agency),
        "opened_by": Column(CASE.c.opened_by),
        "opened_at": Column(CASE.c.opened_at, micros),
    },
    type_name="Case",
    row_attributes={
        "procedure": RowColumn(CASE.c.procedure),
        "status": RowColumn(CASE.c.status),
        "agency": RowColumn(CASE.c.agency),
        "openedBy": RowColumn(CASE.c.opened_by),
        "agencies": Members(AGENCY.c.value, members(AGENCY, CASE.c.id)),
        "classification": RowColumn(CASE.c.classification),
        "sealed": RowColumn(CASE.c.sealed),
    },
)

CASES: Final = Register(
    CaseRecord,
    CASE,
    HISTORY,
    _columns_of,
    SCOPE,
    sides=(SideTable(MEMBER, MEMBER.c.case_id, _members_of), SideTable(AGENCY, AGENCY.c.id, _agencies_of)),
)
