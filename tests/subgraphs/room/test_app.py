from datetime import UTC, datetime

import pytest

from subgraphs.vehicles.enumerations import HolderKind
from subgraphs.vehicles.model import VehicleHoldingRecord, VehicleRecord

PERSON = "per_" + "0" * 32
CAR = VehicleRecord(
    id="veh_" + "1" * 32,
    plate="QA-1234",
    make="Volvo",
    holders=(
        VehicleHoldingRecord(
            id="inv_" + "2" * 32, kind=HolderKind.OWNER, person_id=PERSON, valid_from=datetime(2020, 1, 1, tzinfo=UTC)
        ),
    ),
)
QUERY = '{ vehicleByPlate(plate: "qa 1234") { id plate make country { code labelLv } holders { kind from person { ref } } } }'


async def test_a_vehicle_is_found_by_its_plate_however_it_is_written(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([CAR])
    answer = await room.ask(QUERY)
    assert answer.data == {
        "vehicleByPlate": {
            "id": CAR.id,
            "plate": "QA-1234",
            "make": "Volvo",
            "country": {"code": "LV", "labelLv": "Latvija"},
            "holders": [{"kind": "OWNER", "from": "2020-01-01T00:00:00Z", "person": {"ref": PERSON}}],
        }
    }


async def test_entities_of_all_types_are_resolved_in_order(open_room):
    room = await open_room("vehicles")
    await room.store.put_many([CAR])
    answer = await room.ask(
        """query($r: [_Any!]!) { _entities(representations: $r) {
             ... on Vehicle { plate } ... on Person { vehicles { vehicle { plate } } } } }""",
        {
            "r": [
                {"__typename": "Person", "ref": PERSON},
                {"__typename": "Vehicle", "ref": CAR.id},
                {"__typename": "Vehicle", "ref": "veh_" + "9" * 32},
            ]
        },
    )
    assert answer.data == {
        "_entities": [{"vehicles": [{"vehicle": {"plate": "QA-1234"}}]}, {"plate": "QA-1234"}, None],
    }


@pytest.mark.parametrize("header", [lambda body: None, lambda body: "a.b.c"])
async def test_without_a_signed_context_there_is_401_and_nothing_else(open_room, header):
    room = await open_room("vehicles")
    await room.store.put_many([CAR])
    answer = await room.ask(QUERY, header=header)
    assert answer.status == 401
    assert set(answer.json) == {"errors"}
    assert CAR.id not in answer.body.decode()
