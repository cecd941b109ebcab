"""PostgreSQL's own plans: each filter and order has an index, no page is sorted, look-ups by id open one month.

The tables are empty, so scanning them is forbidden to the planner: what it then still scans, no index serves. They are in a
database of their own: the server gathers statistics of a table that tests fill and empty, and plans by them.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa

from kernel.clock import FixedClock
from kernel.paging import Page
from schema import ROOMS
from subgraphs.events.store_postgresql import PARTITIONED
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.partitions import make_months
from subgraphs.room.sql import beyond, condition, order_by, ordering
from subgraphs.room.where import All, Compare, Listing, Sort
from tests.subgraphs.samples import event, id_of, person_part
from tests.subgraphs.stores import Databases, OpenStore
from tests.subgraphs.test_indexes import CASES, ORDERS
from tests.subgraphs.test_statements import counted

CLOCK = FixedClock(datetime(2026, 6, 1, tzinfo=UTC))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.fixture(scope="module")
def untouched() -> dict[str, str]:
    """The address of each room's database that nobody wrote to."""
    return {}


@pytest.fixture
async def untouched_store(databases: Databases, untouched: dict[str, str]) -> AsyncIterator[Callable[[str], Awaitable[Any]]]:
    opened: list[Any] = []

    async def open_one(room: str) -> Any:
        if room not in untouched:
            untouched[room] = databases.address(await databases.new(room))
        opened.append(await import_module(f"subgraphs.{room}.store_postgresql").open_store(untouched[room], CLOCK))
        return opened[-1]

    yield open_one
    for store in opened:
        await store.close()


async def plan_of(store: Any, statement: sa.Select[Any], *, analyse: bool = False) -> list[dict[str, Any]]:
    compiled = statement.compile(dialect=store.database.reader.dialect, compile_kwargs={"literal_binds": True})
    options = "ANALYZE, FORMAT JSON" if analyse else "FORMAT JSON"
    async with store.database.reading() as connection:
        await connection.exec_driver_sql("SET enable_seqscan = off")
        await connection.exec_driver_sql("SET enable_sort = off")
        answer = (await connection.exec_driver_sql(f"EXPLAIN ({options}) {compiled}")).scalar_one()
    return list(nodes((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]))


@pytest.mark.parametrize("room", ROOMS)
async def test_each_filter_is_served_by_an_index(untouched_store, room):
    store = await untouched_store(room)
    tables = import_module(f"subgraphs.{room}.tables")
    table, scope = tables.REGISTER.table, tables.REGISTER.scope
    unserved = {}
    for where in (where for its_room, where in CASES if its_room == room):
        plan = await plan_of(store, sa.select(table.c.id).where(condition(where, scope, {})).limit(20))
        scans = [node for node in plan if node["Node Type"] == "Seq Scan"]
        unled = [
            node
            for node in plan
            if isinstance(where, Compare)
            and "Index" in node["Node Type"]
            and not node.get("Index Cond")
            and "Relation Name" in node
        ]
        if scans or (unled and where.attribute != "id"):
            unserved[str(where)] = [(node["Node Type"], node.get("Relation Name")) for node in plan]
    assert not unserved


@pytest.mark.parametrize(("room", "order"), ORDERS)
async def test_each_page_is_read_off_an_index_without_sorting(untouched_store, room, order):
    store = await untouched_store(room)
    tables = import_module(f"subgraphs.{room}.tables")
    table, scope = tables.REGISTER.table, tables.REGISTER.scope
    position = (1 if order.endswith("_at") else "x", "id")
    for descending, backward in product((False, True), repeat=2):
        columns = ordering((Sort(order, descending),), scope, table.c.id)
        statement = sa.select(table.c.body).where(beyond(columns, position, backward=backward))
        plan = await plan_of(store, statement.order_by(*order_by(columns, backward=backward)).limit(21))
        kinds = {node["Node Type"] for node in plan}
        assert kinds <= {"Limit", "Merge Append", "Append", "Index Scan", "Index Only Scan"}, kinds
        assert all(node.get("Index Cond") for node in plan if node["Node Type"].startswith("Index"))


async def test_a_look_up_by_id_opens_the_month_of_the_event_alone(open_store: OpenStore, databases):
    address = databases.address(await databases.new("events"))
    await make_months(address, PARTITIONED, date(2025, 1, 1), date(2026, 12, 1))
    store = await import_module("subgraphs.events.store_postgresql").open_store(address, CLOCK)
    await store.put_many([event(number) for number in range(300)])
    register = store._register
    statement = sa.select(register.table.c.body).where(register.of_ids([event(7).id]))
    plan = await plan_of(store, statement, analyse=True)
    opened = {
        node["Relation Name"] for node in plan if node.get("Relation Name", "").startswith("event_2") and node["Actual Loops"]
    }
    assert opened == {"event_2026_01"}
    await store.close()


async def test_what_is_asked_costs_one_statement_whatever_it_finds(open_store: OpenStore):
    store = await open_store("events", "postgresql", CLOCK)
    await store.put_many([event(n, persons=tuple(person_part(10 * n + k, k) for k in range(5))) for n in range(60)])
    people = [id_of("per", number) for number in range(5)]
    listing = Listing(All(()), (Sort("occurred_at", descending=True),), Page(3, False, None), {})
    for ask in (
        lambda number: store.by_ids([event(n).id for n in range(number)], {}),
        lambda number: store.history([event(n).id for n in range(number)], {}),
        lambda number: store.involvements_of("persons", [event(n).id for n in range(number)], {}),
        lambda number: store.involvements(EntityKind.PERSON, people[:number], listing),
        lambda _: store.find(listing),
        lambda _: store.count(All(()), {}),
    ):
        for number in (1, 60):
            with counted(store) as statements:
                await ask(number)
            assert len(statements) == 1, statements


async def test_writing_costs_a_fixed_number_of_statements(open_store: OpenStore):
    from sqlalchemy import event as listening

    store = await open_store("events", "postgresql", CLOCK)
    numbers = []
    for first, size in ((0, 100), (1_000, 400)):
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, said: list[str] = statements) -> None:
            said.append(statement)

        listening.listen(store.database.writer.sync_engine, "before_cursor_execute", note)
        await store.put_many([event(first + n, persons=(person_part(first + n, 1),)) for n in range(size)])
        listening.remove(store.database.writer.sync_engine, "before_cursor_execute", note)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 5
