"""Rows that a contract hides change nothing: not a count, a page, a cursor or `hasNextPage`, of any connection.

Each connection is asked of two registers under the same row rule: one holds hidden and visible records, its twin the visible
ones alone. Whoever asks must not be able to tell which of the two answers.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from graphql import GraphQLObjectType, build_schema

from authz.book import ContractBook
from authz.rows import EVERY_ROW, In, Lte, Predicate
from authz.signed_context import ContextSigner, ContextVerifier
from kernel.clock import FixedClock
from schema import text
from subgraphs.events.enumerations import ResponseCategory
from subgraphs.events.model import Place, Response
from subgraphs.room.enumerations import Classification
from subgraphs.room.guard import Guard
from tests.subgraphs import samples
from tests.subgraphs.conftest import NOW, SECRET, Answer, Room
from tests.subgraphs.samples import id_of

VISIBLE, HIDDEN = "0001000", "0005000"
SECRET_LEVEL = max(Classification, key=lambda level: level.level)
PAGE = """totalCount nodes { id } edges { cursor node { id } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"""
ARGUMENTS = "first: $first, after: $after, last: $last, before: $before"
PARAMETERS = "$first: Int, $after: String, $last: Int, $before: String"


@dataclass(frozen=True)
class Asked:
    """A connection: the room that answers, how to ask it, whose rows are ruled and how."""

    room: str
    query: str
    path: tuple[Any, ...]
    rules: dict[str, Predicate]
    record: Callable[[int, bool], Any]
    cases_of: Callable[[list[Any]], list[Any]] = lambda records: []


def event(number: int, hidden: bool) -> Any:
    return samples.event(
        number,
        place=Place(atvk=HIDDEN if hidden else VISIBLE),
        persons=(samples.person_part(number, 1),),
        vehicles=(samples.vehicle_part(100 + number, 1),),
        documents=(samples.document_part(200 + number, 1),),
    )


def breach(number: int, hidden: bool) -> Any:
    place, response = Place(atvk=HIDDEN if hidden else VISIBLE), Response(received_at=samples.START)
    return samples.event(number, place=place, category=ResponseCategory.A, response=response)


def joined(records: list[Any]) -> list[Any]:
    return [samples.case(1, events=tuple(samples.member(record) for record in records))]


def level(hidden: bool) -> Classification:
    return SECRET_LEVEL if hidden else Classification.RESTRICTED


def root(room: str, name: str, type_name: str, record: Callable[[int, bool], Any], rule: Predicate) -> Asked:
    return Asked(room, f"query({PARAMETERS}) {{ {name}({ARGUMENTS}) {{ {PAGE} }} }}", (name,), {type_name: rule}, record)


def involvements(type_name: str, prefix: Any) -> Asked:
    reference = f'{{__typename: "{type_name}", ref: "{id_of(prefix, 1)}"}}'
    inner = f"... on {type_name} {{ involvements({ARGUMENTS}) {{ {PAGE} }} }}"
    query = f"query({PARAMETERS}) {{ _entities(representations: [{reference}]) {{ {inner} }} }}"
    return Asked("events", query, ("_entities", 0, "involvements"), {"Event": TERRITORY}, event)


TERRITORY, OPEN = In("territory", (VISIBLE,)), Lte("classification", Classification.RESTRICTED.level)
CONNECTIONS = {
    "Query.events": root("events", "events", "Event", event, TERRITORY),
    "Query.responseBreaches": root("events", "responseBreaches", "Event", breach, TERRITORY),
    "Query.persons": root("persons", "persons", "Person", lambda n, h: samples.person(n, classification=level(h)), OPEN),
    "Query.vehicles": root("vehicles", "vehicles", "Vehicle", lambda n, h: samples.vehicle(n, classification=level(h)), OPEN),
    "Query.documents": root(
        "documents", "documents", "Document", lambda n, h: samples.document(n, classification=level(h)), OPEN
    ),
    "Query.cases": replace(
        root("events", "cases", "Case", lambda n, h: samples.case(n, classification=level(h)), OPEN), cases_of=lambda r: r
    ),
    "Case.events": Asked(
        "events",
        f'query({PARAMETERS}) {{ case(id: "{id_of("case", 1)}") {{ events({ARGUMENTS}) {{ {PAGE} }} }} }}',
        ("case", "events"),
        {"Event": TERRITORY},
        event,
        joined,
    ),
    "Person.involvements": involvements("Person", "per"),
    "Vehicle.involvements": involvements("Vehicle", "veh"),
    "Document.involvements": involvements("Document", "doc"),
}
PATTERNS = {
    "hidden first": "HHVVV",
    "hidden between": "VHVHVHHV",
    "one beyond the page": "VVH",
    "all hidden": "HHH",
}


class RuledGuard(Guard):
    """A door that puts the test's row rules in place of the contract's."""

    rules: dict[str, Predicate]

    def admit(self, header: str | None, body: bytes, schema: Any) -> Any:
        entered = super().admit(header, body, schema)
        rows = MappingProxyType({**entered.mask.rows, **self.rules})
        return replace(entered, mask=replace(entered.mask, rows=rows))


@pytest.fixture
async def twin(tmp_path: Path, book: ContractBook, keys: Path) -> AsyncIterator[Callable[..., Any]]:
    opened: list[Any] = []

    async def room_with(asked: Asked, records: list[Any]) -> Room:
        clock, name = FixedClock(NOW), asked.room
        store = await import_module(f"subgraphs.{name}.store_sqlite").open_store(tmp_path / f"{len(opened)}.db", clock)
        opened.append(store)
        guard = RuledGuard(ContextVerifier.open(keys, name), book, clock)
        guard.rules = asked.rules
        settings = import_module(f"subgraphs.{name}.settings").settings(SECRET)
        if cases := asked.cases_of(records):
            await store.cases.put_many(cases)
        await store.put_many([record for record in records if record not in cases])
        app = import_module(f"subgraphs.{name}.app").build_app(settings, store, guard)
        return Room(name, app, store, ContextSigner.open(keys), book)

    yield room_with
    for store in opened:
        await store.close()


async def walk(room: Room, asked: Asked, size: int, *, backward: bool) -> list[Any]:
    """Every page of a connection, with cursors named by the items that they stand at."""
    pages = []
    cursor = None
    while True:
        paging = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        found = found_by(asked, await room.ask(asked.query, paging))
        ids = {edge["cursor"]: edge["node"]["id"] for edge in found["edges"]}
        info = found["pageInfo"]
        start, end = info["startCursor"], info["endCursor"]
        ends = [edge["node"]["id"] for edge in (found["edges"][:1] + found["edges"][-1:])]
        assert (start is None) == (end is None) == (not ids)
        pages.append((found["totalCount"], found["nodes"], ends, info["hasNextPage"], info["hasPreviousPage"]))
        cursor = start if backward else end
        if cursor is None or not info["hasPreviousPage" if backward else "hasNextPage"]:
            return pages


def found_by(asked: Asked, answer: Answer) -> Any:
    found = answer.data
    for step in asked.path:
        found = found[step]
    return found


def ids_of(record: Any) -> set[str]:
    parts = (part for edge in ("persons", "vehicles", "documents") for part in getattr(record, edge, ()))
    return {record.id, *(part.id for part in parts)}


@pytest.mark.parametrize("name", CONNECTIONS)
async def test_hidden_rows_change_no_page_count_or_cursor(name: str, twin: Callable[..., Any]) -> None:
    asked = CONNECTIONS[name]
    for pattern in PATTERNS.values():
        records = [asked.record(number, letter == "H") for number, letter in enumerate(pattern, 1)]
        visible = [record for record, letter in zip(records, pattern, strict=True) if letter == "V"]
        mixed, pure = await twin(asked, records), await twin(asked, visible)
        for size in (1, 2):
            for backward in (False, True):
                pages = await walk(mixed, asked, size, backward=backward)
                assert pages == await walk(pure, asked, size, backward=backward), (pattern, size, backward)
                assert {page[0] for page in pages} == {len(visible)}


@pytest.mark.parametrize("name", CONNECTIONS)
async def test_a_cursor_of_a_row_that_is_hidden_now_tells_nothing(name: str, twin: Callable[..., Any]) -> None:
    asked = CONNECTIONS[name]
    records = [asked.record(number, number == 2) for number in (1, 2, 3)]
    everything = await twin(replace(asked, rules=dict.fromkeys(asked.rules, EVERY_ROW)), records)
    mixed = await twin(asked, records)
    cursors = [edge["cursor"] for edge in found_by(asked, await everything.ask(asked.query, {"first": 3}))["edges"]]
    assert len(cursors) == 3
    for cursor in cursors:
        answer = await mixed.ask(asked.query, {"first": 3, "after": cursor})
        assert found_by(asked, answer)["totalCount"] == 2
        assert not ids_of(records[1]) & set(re.findall(r"[a-z]{3}_[0-9a-f]{32}", str(answer.data)))


def test_every_connection_of_the_graph_is_asked() -> None:
    schema = build_schema(text("api"), assume_valid=True)
    objects = [t for t in schema.type_map.values() if isinstance(t, GraphQLObjectType)]
    found = {f"{t.name}.{name}" for t in objects for name, field in t.fields.items() if str(field.type).endswith("Connection!")}
    # The time line has entries, not things with ids: tests/subgraphs/events/cases walks it.
    # Searches ask an index: tests/search/test_non_interference.py and test_graph.py hold the same for them.
    searches = {f"Query.search{kind}" for kind in ("", "Events", "Persons", "Vehicles", "Documents")}
    assert found == {*CONNECTIONS, "Case.timeline", *searches}
