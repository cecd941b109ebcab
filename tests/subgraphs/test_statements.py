"""N+1 never: how many SQL statements a query costs does not depend on how many things it finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event as sa_event

from tests.subgraphs.samples import document, event, holding, id_of, person_part, vehicle, vehicle_part


@contextmanager
def counted(store: Any) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engine = store.database.reader.sync_engine
    sa_event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa_event.remove(engine, "before_cursor_execute", note)


def representations(type_name: str, prefix: str, count: int) -> dict[str, Any]:
    return {"r": [{"__typename": type_name, "ref": id_of(prefix, number)} for number in range(count)]}


async def statements_of(room, query: str, variables: dict[str, Any] | None = None) -> int:
    with counted(room.store) as statements:
        answer = await room.ask(query, variables)
    assert answer.data
    return len(statements)


async def test_references_of_one_type_cost_one_statement(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(number) for number in range(50)])
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Vehicle { id plate make status } } }"
    assert await statements_of(room, query, representations("Vehicle", "veh", 50)) == 1
    assert await statements_of(room, query, representations("Vehicle", "veh", 1)) == 1


async def test_events_with_all_their_edges_cost_one_statement_an_edge(open_room):
    room = await open_room("events")
    await room.store.put_many(
        [
            event(n, persons=tuple(person_part(10 * n + k, k) for k in range(3)), vehicles=(vehicle_part(10 * n + 9, n),))
            for n in range(20)
        ]
    )
    query = """query($n: Int) { events(first: $n) { nodes { id
        persons { role person { ref } vehicle { id } } vehicles { vehicle { ref } }
        documents { id } items { id } history { version } } } }"""
    assert await statements_of(room, query, {"n": 20}) == await statements_of(room, query, {"n": 1}) == 6


async def test_pages_of_involvements_of_many_persons_cost_a_fixed_number_of_statements(open_room):
    room = await open_room("events")
    await room.store.put_many([event(n, persons=tuple(person_part(30 * n + k, k) for k in range(30))) for n in range(5)])
    query = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Person {
        involvements(first: 2, orderBy: [OCCURRED_AT_DESC]) { totalCount nodes { role event { id persons { role } } } } } } }"""
    many = await statements_of(room, query, representations("Person", "per", 30))
    one = await statements_of(room, query, representations("Person", "per", 1))
    assert many == one == 4


async def test_what_many_persons_hold_costs_one_statement_and_the_vehicles_another(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(n, holders=(holding(n, n % 10),)) for n in range(40)])
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { vehicles { kind vehicle { plate } } } } }"
    assert await statements_of(room, query, representations("Person", "per", 10)) == 2


async def test_the_documents_of_many_persons_cost_one_statement(open_room):
    room = await open_room("documents")
    await room.store.put_many([document(n, holder_id=id_of("per", n % 10)) for n in range(40)])
    query = "query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { documents { kind number } } } }"
    assert await statements_of(room, query, representations("Person", "per", 10)) == 1


async def test_a_count_is_made_only_when_somebody_asks(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(number) for number in range(3)])
    assert await statements_of(room, "{ vehicles { nodes { id } pageInfo { hasNextPage } } }") == 1
    assert await statements_of(room, "{ vehicles { nodes { id } totalCount } }") == 2
