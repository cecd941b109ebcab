"""Where things happen."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from hypothesis import given
from hypothesis import strategies as st

from subgraphs.room.world.places import EVERYWHERE, HOMES, INSIDE, SETTLEMENTS, TERRITORIES, address
from subgraphs.room.world.tables import rows

share = st.floats(0, 1, exclude_max=True)


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """The great-circle distance."""
    a = sin(radians(lat - other_lat) / 2) ** 2
    b = cos(radians(lat)) * cos(radians(other_lat)) * sin(radians(lon - other_lon) / 2) ** 2
    return 2 * 6371 * asin(sqrt(a + b))


@given(st.sampled_from(SETTLEMENTS), share, share)
def test_every_house_lies_in_its_settlement_and_so_in_its_territory(settlement, street, house):
    row = rows("settlements")[settlement.number]
    territory = TERRITORIES[settlement.territory]

    made = address(settlement, street, house)

    assert kilometres(made.lat, made.lon, float(row["lat"]), float(row["lon"])) <= float(row["km"]) + 0.01
    assert kilometres(made.lat, made.lon, territory.lat, territory.lon) <= territory.km


@given(st.sampled_from(SETTLEMENTS), share, share, share, share)
def test_one_address_code_is_one_house_with_one_point(settlement, street, house, other_street, other_house):
    made, other = address(settlement, street, house), address(settlement, other_street, other_house)

    assert (made.code == other.code) == (made.text == other.text)
    assert (made.code == other.code) <= ((made.lat, made.lon) == (other.lat, other.lon))


def test_the_territories_are_those_in_force_with_codes_of_the_right_level():
    assert len(TERRITORIES) == 42
    assert len({territory.atvk for territory in TERRITORIES}) == 42
    for territory in TERRITORIES:
        number = int(territory.atvk[2:4])
        assert len(territory.atvk) == 7
        assert (1 <= number <= 19) == territory.is_city


def test_every_territory_has_settlements_residents_and_a_police_force():
    assert {settlement.territory for settlement in SETTLEMENTS} == set(range(42))
    assert set(HOMES) == set(range(42))
    assert len({territory.police for territory in TERRITORIES}) == 42
    assert {SETTLEMENTS[number].territory for number in EVERYWHERE} == set(range(42))
    assert all(SETTLEMENTS[number].territory == place for place, drawn in enumerate(INSIDE) for number in drawn)


def test_a_port_is_guarded_by_its_own_police_and_lies_in_the_city():
    ports = [settlement for settlement in SETTLEMENTS if settlement.zone is not None]

    assert {(port.zone, port.owner, port.atvk) for port in ports} == {
        ("PORT-RIGA", "LV-OP-RIGA", "0001000"),
        ("PORT-LIEPAJA", "LV-OP-LIEPAJA", "0005000"),
        ("PORT-VENTSPILS", "LV-OP-VENTSPILS", "0007000"),
    }


def test_the_codes_are_those_of_the_list_that_the_rooms_show():
    from subgraphs.room.code_lists import code_list

    known = code_list("territory")

    assert {territory.atvk for territory in TERRITORIES} <= set(known)
