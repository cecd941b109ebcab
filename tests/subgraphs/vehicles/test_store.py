"""What the store of vehicles promises beyond every store, asked of every adapter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from authz.rows import Eq
from kernel.clock import FixedClock
from kernel.paging import Page
from subgraphs.room.where import Compare, Listing, Sort
from subgraphs.vehicles.enumerations import VehicleStatus
from subgraphs.vehicles.store import VehicleStore
from tests.subgraphs.samples import START, holding, id_of, vehicle
from tests.subgraphs.stores import ADAPTERS, OpenStore


@pytest.fixture(params=ADAPTERS)
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> VehicleStore:
    opened: VehicleStore = await open_store("vehicles", request.param, FixedClock(datetime(2026, 6, 1, tzinfo=UTC)))
    return opened


async def test_a_plate_names_the_vehicle_that_has_it_now(store):
    await store.put_many(
        [
            vehicle(1, plate="QA-1", status=VehicleStatus.DEREGISTERED, first_registered_on=date(2020, 1, 1)),
            vehicle(2, plate="QA 1", first_registered_on=date(2010, 1, 1)),
            vehicle(3, plate="QA-1", country="LT"),
            vehicle(4, plate=None),
        ]
    )
    found = await store.by_plates([("QA1", "LV"), ("QA1", "LT"), ("QA1", "EE"), ("", "LV")], {})
    assert {key: kept.record.id for key, kept in found.items()} == {
        ("QA1", "LV"): id_of("veh", 2),
        ("QA1", "LT"): id_of("veh", 3),
    }
    hidden = {"Vehicle": Eq("status", "DEREGISTERED")}
    assert [kept.record.id for kept in (await store.by_plates([("QA1", "LV")], hidden)).values()] == [id_of("veh", 1)]


async def test_a_vehicle_is_found_by_its_vin(store):
    await store.put_many([vehicle(1, vin="0aa 111"), vehicle(2, vin=None)])
    assert [kept.record.id for kept in (await store.by_vins(["0AA111", "X"], {})).values()] == [id_of("veh", 1)]


async def test_a_persons_holdings_come_latest_first_and_only_of_visible_vehicles(store):
    await store.put_many(
        [
            vehicle(1, holders=(holding(1, 7), holding(2, 8))),
            vehicle(2, holders=(holding(3, 7, START + timedelta(days=1)),), country="LT"),
        ]
    )
    people = [id_of("per", 7), id_of("per", 8), id_of("per", 9)]
    found = await store.holdings_of(people, {})
    assert [(item.vehicle_id, item.record.id) for item in found[people[0]]] == [
        (id_of("veh", 2), id_of("inv", 3)),
        (id_of("veh", 1), id_of("inv", 1)),
    ]
    assert set(found) == set(people[:2])
    latvian = await store.holdings_of(people[:1], {"Vehicle": Eq("country", "LV")})
    assert [item.vehicle_id for item in latvian[people[0]]] == [id_of("veh", 1)]


@pytest.mark.parametrize(
    ("where", "numbers"),
    [
        (Compare("plate", "startsWith", "qa-1"), [1]),
        (Compare("vin", "startsWith", "000000000000002"), []),
        (Compare("make", "eq", "skoda"), [1, 2]),
        (Compare("model", "in", ("Golf",)), [3]),
        (Compare("colour", "eq", "RED"), [2]),
        (Compare("first_registered_on", "to", date(2015, 1, 3)), [1]),
        (Compare("status", "eq", VehicleStatus.SUSPENDED), [3]),
    ],
)
async def test_vehicles_are_narrowed_by_each_attribute(store, where, numbers):
    await store.put_many(
        [
            vehicle(1),
            vehicle(2, colour="RED"),
            vehicle(3, make="VW", model="Golf", status=VehicleStatus.SUSPENDED, first_registered_on=None),
        ]
    )
    found = await store.find(Listing(where, (Sort("plate"),), Page(10, False, None), {}))
    assert [placed.item.record.id for placed in found.items] == [id_of("veh", number) for number in numbers]
