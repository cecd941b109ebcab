"""What the registers cost in PostgreSQL when they are full: invented worlds of any size, asked as the rooms ask.

    scripts/bench registers [--events 1000000] [--server URL] [--calls 300] [--keep]

Makes databases of its own (`saite_bench_…`) on the server of SAITE_TEST_POSTGRESQL_URL or `--server`, migrates them, fills them
through the same bulk path as `saite seed`, and prints three tables: filling, questions (median and 99th percentile of the wall
clock, our processor time, median and 99th percentile of what the server says), and lists at depth. A plan that scans a table of
many rows is named, and the run ends with 1. With `--keep` the databases stay, and the next run goes on from them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import sqlalchemy as sa

from authz.rows import All as AllRows
from authz.rows import AnyOf, Eq, In, Lte
from authz.rows import Not as NotRows
from kernel.clock import SystemClock
from kernel.natural_keys import normal_number, normal_personal_code, normal_plate
from kernel.paging import Page
from subgraphs.events.store_postgresql import PARTITIONED
from subgraphs.persons.identity.matching import Named
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.migrating import migrate
from subgraphs.room.partitions import make_months
from subgraphs.room.where import All, Compare, Listing, Rows, Some, Sort
from subgraphs.room.world import World

ROOMS = ("events", "persons", "vehicles", "documents")
FIRST_MONTH, LAST_MONTH = date(2025, 9, 1), date(2026, 9, 1)
MANY = 1000
EXPLAINED = 40
HEADINGS = f"{'median':>8} {'p99':>8} {'CPU':>8} {'server':>8} {'its p99':>8}"
MUNICIPAL: Rows = {
    "Event": AllRows(
        (
            AnyOf((In("territory", ("0001000",)), Eq("territoryOwner", "LV-PP-RIGA"), Eq("registeredBy", "LV-PP-RIGA"))),
            Lte("classification", 3),
            NotRows(Eq("sealed", True)),
        )
    )
}
"""What a municipal police force may see of events: the row rules are part of each question."""


@dataclass(frozen=True)
class Question:
    """Something that is asked many times, each time of something else."""

    name: str
    goal: float
    ask: Callable[[int], Awaitable[Any]]


def address(server: str, room: str, events: int) -> str:
    return urlsplit(server)._replace(path=f"/saite_bench_{room}_{events}").geturl()


async def prepared(server: str, room: str, events: int) -> None:
    """An own database with the room's tables and months."""
    connection = await asyncpg.connect(server)
    name = urlsplit(address(server, room, events)).path[1:]
    if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    await migrate(address(server, room, events), room)
    if room == "events":
        await make_months(address(server, room, events), PARTITIONED, FIRST_MONTH, LAST_MONTH)


def fill(server: str, room: str, events: int) -> tuple[str, int, float, float]:
    """Sow one register in a process of its own: records, seconds, CPU seconds."""

    async def sow() -> int:
        store = await opened(server, room, events)
        outcome = await import_module(f"subgraphs.{room}.seed").seed(store, World(events // 50), lambda _done, _total: None)
        async with store.database.writing() as connection:
            await connection.exec_driver_sql("ANALYZE")
        await store.close()
        return int(outcome.new)

    began, used = time.monotonic(), time.process_time()
    new = asyncio.run(sow())
    return room, new, time.monotonic() - began, time.process_time() - used


async def opened(server: str, room: str, events: int) -> Any:
    store_of = import_module(f"subgraphs.{room}.store_postgresql").open_store
    return await store_of(address(server, room, events), SystemClock())


def filled(server: str, events: int) -> None:
    with ProcessPoolExecutor(2) as pool:
        for done in [pool.submit(fill, server, room, events) for room in ROOMS]:
            room, new, seconds, cpu = done.result()
            print(f"{room:10} {new:9,} new  {seconds:7.1f} s  CPU {cpu:6.1f} s", flush=True)


async def counted(stores: dict[str, Any]) -> None:
    wanted = {
        "events": ["event", "person_involvement", "vehicle_involvement"],
        "persons": ["person"],
        "vehicles": ["vehicle"],
        "documents": ["document"],
    }
    for room, tables in wanted.items():
        async with stores[room].database.reading() as connection:
            for table in tables:
                number = (await connection.execute(sa.text(f"SELECT count(*) FROM {table}"))).scalar_one()
                print(f"{table:22} {number:9,}")


async def samples(stores: dict[str, Any], table: str, columns: str, number: int) -> list[Any]:
    """Rows from all over a table."""
    room = {"event": "events", "person": "persons", "person_code": "persons", "vehicle": "vehicles"}[table]
    async with stores[room].database.reading() as connection:
        share = f"TABLESAMPLE SYSTEM (2) REPEATABLE (7) LIMIT {number}"
        found = (await connection.execute(sa.text(f"SELECT {columns} FROM {table} {share}"))).all()
        return list(found or (await connection.execute(sa.text(f"SELECT {columns} FROM {table} LIMIT {number}"))).all())


def listing(where: Any, order: str, rows: Rows, position: tuple[Any, ...] | None = None) -> Listing:
    return Listing(where, (Sort(order, descending=True),), Page(20, backward=False, position=position), rows)


async def questions(stores: dict[str, Any], calls: int) -> list[Question]:
    events, persons, vehicles = stores["events"], stores["persons"], stores["vehicles"]
    some_events = await samples(stores, "event", "id, number, kind, status, territory", calls)
    some_persons = await samples(stores, "person", "id, family_name, given_names, birth_date", calls)
    some_codes = await samples(stores, "person_code", "code", calls)
    some_cars = await samples(stores, "vehicle", "plate, country", calls)

    def event(n: int) -> Any:
        return some_events[n % len(some_events)]

    def person(n: int) -> Any:
        return some_persons[n % len(some_persons)]

    def named(n: int) -> Named:
        row = person(n)
        born = date.fromisoformat(row.birth_date) if row.birth_date else None
        return Named(None, row.given_names, row.family_name, born)

    latest = listing(All(()), "occurred_at", {})
    return [
        Question("event by id", 10, lambda n: events.by_ids([event(n).id], {})),
        Question("event by number", 10, lambda n: events.by_numbers([normal_number(event(n).number)], {})),
        Question("event's persons", 10, lambda n: events.involvements_of("persons", [event(n).id], MUNICIPAL)),
        Question("person by id (survivor)", 10, lambda n: persons.surviving([person(n).id], {})),
        Question(
            "person by code", 10, lambda n: persons.by_codes([normal_personal_code(some_codes[n % len(some_codes)].code)], {})
        ),
        Question(
            "vehicle by plate",
            10,
            lambda n: vehicles.by_plates(
                [(normal_plate(some_cars[n % len(some_cars)].plate), some_cars[n % len(some_cars)].country)], {}
            ),
        ),
        Question("person's involvements", 10, lambda n: events.involvements(EntityKind.PERSON, [person(n).id], latest)),
        Question(
            "page of kind and place",
            50,
            lambda n: events.find(
                listing(
                    All(
                        (
                            Compare("kind", "eq", event(n).kind),
                            Some("place", Compare("atvk", "eq", event(n).territory or "0001000")),
                        )
                    ),
                    "occurred_at",
                    {},
                )
            ),
        ),
        Question(
            "page of status, ruled",
            50,
            lambda n: events.find(listing(Compare("status", "eq", event(n).status), "occurred_at", MUNICIPAL)),
        ),
        Question("page of all, ruled", 50, lambda _n: events.find(listing(All(()), "occurred_at", MUNICIPAL))),
        Question(
            "page of family name",
            50,
            lambda n: persons.find(
                Listing(
                    Compare("family_name", "startsWith", person(n).family_name[:4]),
                    (Sort("family_name"),),
                    Page(20, backward=False, position=None),
                    {},
                )
            ),
        ),
        Question("candidates of a name", 50, lambda n: persons.candidates(named(n), {}, 10)),
    ]


@dataclass(frozen=True)
class Timed:
    """Milliseconds: of the wall clock, and of the processor for one call, on our side."""

    wall: list[float]
    processor: float


async def timed(question: Question, calls: int) -> Timed:
    for n in range(10):
        await question.ask(n)
    found, used = [], time.process_time()
    for n in range(calls):
        began = time.perf_counter()
        await question.ask(n)
        found.append((time.perf_counter() - began) * 1000)
    return Timed(sorted(found), (time.process_time() - used) / calls * 1000)


def p99(sorted_values: Sequence[float]) -> float:
    return sorted_values[int(len(sorted_values) * 0.99)]


@contextmanager
def statements(stores: dict[str, Any]) -> Iterator[list[tuple[Any, str, Any]]]:
    """What the stores ask their databases."""
    asked: list[tuple[Any, str, Any]] = []
    listeners = []
    for store in stores.values():

        def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_: Any, store: Any = store) -> None:
            asked.append((store, text, parameters))

        engine = store.database.reader.sync_engine
        sa.event.listen(engine, "before_cursor_execute", note)
        listeners.append((engine, note))
    try:
        yield asked
    finally:
        for engine, note in listeners:
            sa.event.remove(engine, "before_cursor_execute", note)


async def explained(asked: Sequence[tuple[Any, str, Any]]) -> tuple[float, list[str]]:
    """Milliseconds that the server says it took, and the tables of many rows that it read through."""
    took, scanned = 0.0, []
    for store, text, parameters in asked:
        async with store.database.reading() as connection:
            raw = (await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", parameters)).scalar_one()
        (plan,) = json.loads(raw) if isinstance(raw, str) else raw
        took += plan["Execution Time"]
        scanned += [node["Relation Name"] for node in nodes(plan["Plan"]) if is_whole(node)]
    return took, scanned


async def on_the_server(stores: dict[str, Any], question: Question, calls: int) -> tuple[list[float], set[str]]:
    """What the server says of many calls, and what any of them scanned."""
    found, scans = [], set[str]()
    for n in range(calls):
        with statements(stores) as asked:
            await question.ask(n)
        took, scanned = await explained(list(asked))
        found.append(took)
        scans |= set(scanned)
    return sorted(found), scans


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def is_whole(node: dict[str, Any]) -> bool:
    """Whether the node read a table through that has many rows: empty months are scanned, as nothing is quicker."""
    read = node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)
    return bool(node["Node Type"] == "Seq Scan" and read > MANY)


async def deep(stores: dict[str, Any], calls: int) -> None:
    """The same list at its begin, in its middle and near its end."""
    events = stores["events"]
    async with events.database.reading() as connection:
        least, most = (await connection.execute(sa.text("SELECT min(occurred_at), max(occurred_at) FROM event"))).one()
    for share in (0, 0.25, 0.5, 0.75, 0.99):
        position = (int(most - share * (most - least)), "evt_")
        for name, rows in (("all", {}), ("ruled", MUNICIPAL)):
            page = listing(All(()), "occurred_at", rows, position)
            question = Question("", 0, lambda _n, page=page: events.find(page))
            took = await timed(question, calls)
            server, _ = await on_the_server(stores, question, EXPLAINED)
            print(f"{name:6} {share:5.0%}  {_figures(took, server)}")


def _figures(took: Timed, server: Sequence[float]) -> str:
    middle = took.wall[len(took.wall) // 2]
    return f"{middle:8.2f} {p99(took.wall):8.2f} {took.processor:8.2f} {server[len(server) // 2]:8.2f} {p99(server):8.2f}"


async def measured(server: str, events: int, calls: int) -> bool:
    stores = {room: await opened(server, room, events) for room in ROOMS}
    print()
    await counted(stores)
    print(f"\n{'':24} {HEADINGS} {'goal':>6}  ms; {calls} calls each, {EXPLAINED} explained")
    is_fine = True
    for question in await questions(stores, calls):
        took = await timed(question, calls)
        server, scans = await on_the_server(stores, question, EXPLAINED)
        note = "  SCANS " + ", ".join(sorted(scans)) if scans else ""
        is_fine = is_fine and not scans
        print(f"{question.name:24} {_figures(took, server)} {question.goal:6.0f}{note}", flush=True)
    print(f"\nevents by time, a page of 20 after so much of the list\n{'':13} {HEADINGS}")
    await deep(stores, calls)
    for store in stores.values():
        await store.close()
    return is_fine


async def dropped(server: str, events: int) -> None:
    connection = await asyncpg.connect(server)
    for room in ROOMS:
        await connection.execute(f"DROP DATABASE IF EXISTS saite_bench_{room}_{events} WITH (FORCE)")
    await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--server", default=os.environ.get("SAITE_TEST_POSTGRESQL_URL"))
    parser.add_argument("--calls", type=int, default=300)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if options.server is None:
        sys.exit('name a server with --server, or: eval "$(scripts/services env postgresql)"')
    load = os.getloadavg()[0]
    print(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, load {load:.1f}, {options.events:,} events")
    for room in ROOMS:
        asyncio.run(prepared(options.server, room, options.events))
    filled(options.server, options.events)
    is_fine = asyncio.run(measured(options.server, options.events, options.calls))
    if not options.keep:
        asyncio.run(dropped(options.server, options.events))
    sys.exit(0 if is_fine else 1)


if __name__ == "__main__":
    main()
