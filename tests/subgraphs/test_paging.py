"""Pages of a connection: they never overlap, survive inserts, and their cursors belong to one contract, filter and order."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.room.where import All, Listing, Sort
from subgraphs.vehicles.store_sqlite import open_store
from tests.subgraphs.samples import vehicle

CONNECTION = """query($first: Int, $after: String, $last: Int, $before: String, $order: [VehicleOrder!], $where: VehicleWhere) {
  vehicles(first: $first, after: $after, last: $last, before: $before, orderBy: $order, where: $where) {
    edges { cursor node { id } } nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    before=st.sets(st.integers(0, 60), min_size=1, max_size=30),
    between=st.lists(st.sets(st.integers(0, 60), max_size=4), max_size=10),
    size=st.integers(1, 5),
    descending=st.booleans(),
)
def test_walking_on_while_others_write_meets_every_old_item_once(before, between, size, descending):
    async def walk() -> None:
        with tempfile.TemporaryDirectory() as folder:
            store = await open_store(Path(folder) / "vehicles.db", FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
            await store.put_many([vehicle(number) for number in before])
            inserts = iter(between)
            seen: list[str] = []
            position = None
            while True:
                order = (Sort("first_registered_on", descending),)
                page = await store.find(Listing(All(()), order, Page(size, False, position), {}))
                seen += [placed.item.record.id for placed in page.items]
                if not page.has_next:
                    break
                position = page.items[-1].position
                await store.put_many([vehicle(number) for number in next(inserts, ())])
            assert len(seen) == len(set(seen))
            assert {vehicle(number).id for number in before} <= set(seen)
            await store.close()

    asyncio.run(walk())


async def test_a_connection_pages_forwards_and_backwards_by_its_cursors(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(number) for number in range(7)])
    order = ["FIRST_REGISTERED_ON_DESC", "PLATE_ASC"]
    whole = [n["id"] for n in (await room.ask(CONNECTION, {"order": order})).data["vehicles"]["nodes"]]
    first = (await room.ask(CONNECTION, {"order": order, "first": 3})).data["vehicles"]
    assert [edge["node"]["id"] for edge in first["edges"]] == whole[:3]
    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": first["edges"][0]["cursor"],
        "endCursor": first["edges"][2]["cursor"],
    }
    after = first["pageInfo"]["endCursor"]
    second = (await room.ask(CONNECTION, {"order": order, "first": 3, "after": after})).data["vehicles"]
    assert [n["id"] for n in second["nodes"]] == whole[3:6]
    back = (await room.ask(CONNECTION, {"order": order, "last": 2, "before": second["edges"][0]["cursor"]})).data["vehicles"]
    assert [n["id"] for n in back["nodes"]] == whole[1:3]
    last = (await room.ask(CONNECTION, {"order": order, "last": 2})).data["vehicles"]
    assert [n["id"] for n in last["nodes"]] == whole[5:]


@pytest.mark.parametrize(
    "other",
    [
        {"order": ["PLATE_ASC"]},
        {"where": {"status": {"eq": "REGISTERED"}}},
        {"order": []},
    ],
)
async def test_a_cursor_of_another_list_is_refused_in_the_same_words(open_room, other):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(number) for number in range(3)])
    page = (await room.ask(CONNECTION, {"first": 1, "order": ["PLATE_DESC"]})).data["vehicles"]
    cursor = page["pageInfo"]["endCursor"]
    refused = (await room.ask(CONNECTION, {"after": cursor, **other})).json["errors"][0]
    nonsense = (await room.ask(CONNECTION, {"after": "AAAA", **other})).json["errors"][0]
    assert refused == nonsense
    assert refused["extensions"]["code"] == "BAD_PAGE"


async def test_a_cursor_of_another_contract_is_refused(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([vehicle(number) for number in range(3)])
    query = "query($after: String) { vehicles(first: 1, after: $after) { nodes { id } pageInfo { endCursor } } }"
    mine = (await room.ask(query)).data["vehicles"]["pageInfo"]["endCursor"]
    theirs = await room.ask(query, {"after": mine}, agency="LV-VP", purpose="EVENT_RESPONSE")
    assert theirs.json["errors"][0]["extensions"]["code"] == "BAD_PAGE"


@pytest.mark.parametrize("page", [{"first": 0}, {"first": 101}, {"first": 1, "last": 1}, {"last": 101}])
async def test_impossible_pages_are_refused(open_room, page):
    room = await open_room("vehicles")
    assert (await room.ask(CONNECTION, page)).json["errors"][0]["extensions"]["code"] == "BAD_PAGE"
