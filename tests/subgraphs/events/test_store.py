"""What the event register's store promises beyond every store, asked of every adapter."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from authz.rows import EVERY_ROW, Eq, In, Overlaps
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.events.enumerations import EventKind, PersonRole
from subgraphs.events.model import Place
from subgraphs.events.store import EventStore
from subgraphs.room.enumerations import EntityKind
from subgraphs.room.records import Involved
from subgraphs.room.where import All, Circle, Compare, Listing, Some, Sort
from tests.subgraphs.samples import decision, event, id_of, person_part, vehicle_part
from tests.subgraphs.stores import ADAPTERS, OpenStore

LATEST = (Sort("occurred_at", descending=True),)


@pytest.fixture(params=ADAPTERS)
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> EventStore:
    opened: EventStore = await open_store("events", request.param, FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    return opened


async def test_an_event_is_found_by_its_number_and_by_its_source(store):
    await store.put_many([event(1), event(2)])
    assert list(await store.by_numbers(["VNR20260000001", "NONE", ""], {})) == ["VNR20260000001"]
    assert await store.ids_by_source("TEST", ["1", "7"]) == {"1": id_of("evt", 1)}
    assert await store.ids_by_source("OTHER", ["1"]) == {}


async def test_involvements_come_in_the_records_order_and_only_with_a_visible_event(store):
    parts = (person_part(2, 7), person_part(1, None, PersonRole.DRIVER))
    await store.put_many([event(1, persons=parts), event(2, persons=(person_part(3, 7),), territory_owner="LV-VP")])
    found = await store.involvements_of("persons", [id_of("evt", 1), id_of("evt", 2)], {})
    assert [edge.record for edge in found[id_of("evt", 1)]] == list(parts)
    own = {"Event": Eq("territoryOwner", "LV-PP-RIGA")}
    assert list(await store.involvements_of("persons", list(found), own)) == [id_of("evt", 1)]
    drivers = {"Event": EVERY_ROW, "PersonInvolvement": In("role", ("DRIVER",))}
    assert [e.record.id for e in (await store.involvements_of("persons", list(found), drivers))[id_of("evt", 1)]] == [
        id_of("inv", 1)
    ]


async def test_a_changed_event_replaces_its_involvements(store):
    await store.put_many([event(1, persons=(person_part(1, 7), person_part(2, 8)))])
    await store.put_many([event(1, persons=(person_part(2, 8, PersonRole.SUSPECT),))])
    found = await store.involvements_of("persons", [id_of("evt", 1)], {})
    assert [(edge.record.id, edge.record.role) for edge in found[id_of("evt", 1)]] == [(id_of("inv", 2), PersonRole.SUSPECT)]
    pages = await store.involvements(EntityKind.PERSON, [id_of("per", 7)], Listing(All(()), LATEST, Page(5, False, None), {}))
    assert pages[id_of("per", 7)].items == ()


async def test_pages_of_involvements_are_counted_and_paged_for_each_person_alone(store):
    await store.put_many([event(n, persons=(person_part(n, n % 2),)) for n in range(10)])
    people = [id_of("per", 0), id_of("per", 1), id_of("per", 2)]
    first = await store.involvements(EntityKind.PERSON, people, Listing(All(()), LATEST, Page(2, False, None), {}))
    assert [p.item.event_id for p in first[people[0]].items] == [id_of("evt", 8), id_of("evt", 6)]
    assert [p.item.event_id for p in first[people[1]].items] == [id_of("evt", 9), id_of("evt", 7)]
    assert first[people[2]].items == ()
    assert (first[people[0]].has_next, first[people[0]].has_previous) == (True, False)
    place = first[people[0]].items[-1].position
    second = await store.involvements(EntityKind.PERSON, people[:1], Listing(All(()), LATEST, Page(5, False, place), {}))
    assert [p.item.event_id for p in second[people[0]].items] == [id_of("evt", n) for n in (4, 2, 0)]
    last = await store.involvements(EntityKind.PERSON, people[:1], Listing(All(()), LATEST, Page(2, True, None), {}))
    assert [p.item.event_id for p in last[people[0]].items] == [id_of("evt", 2), id_of("evt", 0)]
    assert last[people[0]].has_previous
    rows = {"Event": In("territoryOwner", ("LV-VP",))}
    assert await store.count_involvements(EntityKind.PERSON, people, All(()), {}) == {people[0]: 5, people[1]: 5, people[2]: 0}
    assert await store.count_involvements(EntityKind.PERSON, people, All(()), rows) == dict.fromkeys(people, 0)


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (Compare("kind", "eq", EventKind.CRIMINAL_OFFENCE), [3]),
        (Compare("occurred", "from", datetime(2026, 1, 1, 3, tzinfo=UTC)), [3, 4]),
        (Compare("occurred", "to", datetime(2026, 1, 1, 1, tzinfo=UTC)), [0]),
        (Compare("registration_number", "startsWith", "vnr-2026-000000"), [0, 1, 2, 3, 4]),
        (Compare("registration_number", "eq", "VNR 2026 0000002"), [2]),
        (Some("place", Compare("atvk", "eq", "0028000")), [1, 2]),
        (Some("place", Compare("atvk", "in", ("0028101",))), [2]),
        (Some("place", Compare("point", "within", Circle(57.0, 25.0, 500))), [1]),
        (Some("persons", Compare("role", "eq", PersonRole.SUSPECT)), [4]),
        (Some("decisions", Compare("case_number", "in", ("26-00001",))), [3]),
    ],
)
async def test_events_are_narrowed_by_each_attribute(store, where, numbers):
    await store.put_many(
        [
            event(0),
            event(1, place=Place(atvk="0028000", lat=57.001, lon=25.001)),
            event(2, place=Place(atvk="0028101", lat=57.1, lon=25.0)),
            event(3, kind=EventKind.CRIMINAL_OFFENCE, decisions=(decision("26-00001"),)),
            event(4, place=None, persons=(person_part(9, 1, PersonRole.SUSPECT),)),
        ]
    )
    found = await store.find(Listing(where, (Sort("id"),), Page(10, False, None), {}))
    assert [placed.item.record.id for placed in found.items] == [id_of("evt", number) for number in numbers]
    assert await store.count(where, {}) == len(numbers)


async def test_a_condition_on_persons_sees_only_visible_involvements(store):
    await store.put_many([event(1, persons=(person_part(9, 1, PersonRole.SUSPECT),))])
    where = Some("persons", Compare("role", "eq", PersonRole.SUSPECT))
    rows = {"Event": EVERY_ROW, "PersonInvolvement": In("role", ("WITNESS",))}
    assert await store.count(where, rows) == 0


async def test_involvements_are_narrowed_by_their_event(store):
    await store.put_many([event(n, vehicles=(vehicle_part(n, 1),), subkind="NOISE" if n else "THEFT") for n in range(3)])
    where = Some("event", Compare("subkind", "eq", "THEFT"))
    car = id_of("veh", 1)
    found = await store.involvements(EntityKind.VEHICLE, [car], Listing(where, LATEST, Page(5, False, None), {}))
    assert [placed.item.event_id for placed in found[car].items] == [id_of("evt", 0)]
    assert await store.count_involvements(EntityKind.VEHICLE, [car], where, {}) == {car: 1}


async def test_rules_read_case_numbers_as_registered(store):
    await store.put_many([event(1, decisions=(decision("26-00001"),)), event(2)])
    rows = {"Event": Overlaps("caseNumbers", ("26-00001",))}
    assert list(await store.by_ids([id_of("evt", 1), id_of("evt", 2)], rows)) == [id_of("evt", 1)]


async def test_the_projection_tells_the_territories_and_owners_of_a_persons_events(store):
    await store.put_many(
        [
            event(1, persons=(person_part(1, 1), person_part(2, 2))),
            event(2, persons=(person_part(3, 1),), place=Place(atvk="0028101"), territory_owner="LV-VP"),
            event(3, persons=(person_part(4, None),), place=None),
        ]
    )
    both = [batch async for batch in store.involved(EntityKind.PERSON)]
    assert both == [
        [
            Involved(id_of("per", 1), ("0001000", "0028000"), ("LV-PP-RIGA", "LV-VP")),
            Involved(id_of("per", 2), ("0001000",), ("LV-PP-RIGA",)),
        ]
    ]
    only = [batch async for batch in store.involved(EntityKind.PERSON, [id_of("per", 2), id_of("per", 9)])]
    assert [item.id for batch in only for item in batch] == [id_of("per", 2)]
    assert [batch async for batch in store.involved(EntityKind.DOCUMENT)] == []


async def test_an_event_of_unknown_time_stands_where_it_was_registered(store):
    unknown = msgspec.structs.replace(event(1), occurred_from=None, registered_at=event(5).registered_at + timedelta(minutes=1))
    await store.put_many([unknown, event(5), event(6)])
    found = await store.find(Listing(All(()), (Sort("occurred_at"),), Page(10, False, None), {}))
    assert [placed.item.record.id for placed in found.items] == [id_of("evt", n) for n in (5, 1, 6)]
