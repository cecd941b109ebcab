"""No operator that no index serves: SQLite's own plan for each filter and each order names an index, and no page is sorted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from importlib import import_module
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from kernel.clock import FixedClock
from schema import ROOMS
from subgraphs.room.sql import Choice, Column, Place, Scope, Side, beyond, condition, order_by, ordering
from subgraphs.room.where import Circle, Compare, Some, Sort, Where

TIMES = {"registered_at", "occurred", "occurred_at", "running_due"}
DAYS = {"birth_date", "first_registered_on", "issued_on", "valid_to"}


def comparisons(scope: Scope) -> list[Where]:
    found: list[Where] = []
    for name, attribute in scope.attributes.items():
        match attribute:
            case Place():
                found.append(Compare(name, "within", Circle(56.9, 24.1, 1000)))
            case Choice():
                found += [Compare(name, "eq", "0001000"), Compare(name, "eq", "0028101")]
            case Column() | Side() if name in TIMES:
                found.append(Compare(name, "from", datetime(2026, 1, 1, tzinfo=UTC)))
                found.append(Compare(name, "to", datetime(2026, 1, 1, tzinfo=UTC)))
            case Column() if name in DAYS:
                found.append(Compare(name, "from", date(2026, 1, 1)))
            case Column() | Side():
                found.append(Compare(name, "eq", "x"))
    return found


CASES = [
    (room, where)
    for room in ROOMS
    for scope in [import_module(f"subgraphs.{room}.tables").REGISTER.scope]
    for where in [
        *comparisons(scope),
        *(Some(name, inner) for name, edge in scope.edges.items() for inner in comparisons(edge.scope)),
    ]
]
ORDERS = [
    ("events", "occurred_at"),
    ("events", "registered_at"),
    ("persons", "family_name"),
    ("persons", "birth_date"),
    ("vehicles", "plate"),
    ("vehicles", "first_registered_on"),
    ("documents", "issued_on"),
    ("documents", "number"),
]


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    clock = FixedClock(datetime(2026, 1, 1, tzinfo=UTC))
    opened = {}
    for room in ROOMS:
        opened[room] = await import_module(f"subgraphs.{room}.store_sqlite").open_store(tmp_path / f"{room}.db", clock)
    yield opened
    for store in opened.values():
        await store.close()


async def plan_of(store: Any, statement: sa.Select[Any]) -> list[str]:
    compiled = statement.compile(dialect=store.database.reader.dialect, compile_kwargs={"literal_binds": True})
    async with store.database.reading() as connection:
        rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")
        return [row[3] for row in rows]


async def test_each_filter_is_served_by_an_index(stores):
    unserved = {}
    for room, where in CASES:
        tables = import_module(f"subgraphs.{room}.tables")
        table, scope = tables.REGISTER.table, tables.REGISTER.scope
        plan = await plan_of(stores[room], sa.select(table.c.id).where(condition(where, scope, {})).limit(20))
        if any(step.startswith("SCAN") for step in plan):
            unserved[f"{room}: {where}"] = plan
    assert not unserved


async def test_each_page_is_read_off_an_index_without_sorting(stores):
    for room, order in ORDERS:
        tables = import_module(f"subgraphs.{room}.tables")
        table, scope = tables.REGISTER.table, tables.REGISTER.scope
        position = (1 if order.endswith("_at") else "x", "id")
        for descending, backward in product((False, True), repeat=2):
            columns = ordering((Sort(order, descending),), scope, table.c.id)
            statement = sa.select(table.c.body).where(beyond(columns, position, backward=backward))
            plan = await plan_of(stores[room], statement.order_by(*order_by(columns, backward=backward)).limit(21))
            assert all(step.startswith("SEARCH") and "INDEX" in step for step in plan), (room, order, plan)


async def test_involvements_of_a_person_are_read_off_an_index(stores):
    from subgraphs.events.tables import PERSONS

    statement = (
        sa.select(PERSONS.c.id).where(PERSONS.c.target == "per").order_by(PERSONS.c.occurred_at.desc(), PERSONS.c.id.desc())
    )
    plan = await plan_of(stores["events"], statement)
    assert plan == ["SEARCH person_involvement USING COVERING INDEX person_involvement_by_target (target=?)"]
