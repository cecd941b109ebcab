"""The small world has the shapes of the real registers, within what chance leaves between two samples of this size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

import pytest

from subgraphs.room.world.calendar import END_DAY, RIGA, WEEKS
from subgraphs.room.world.measure import measure


@pytest.fixture(scope="module")
def real(shared) -> dict[str, dict[tuple[str, ...], int]]:
    """Counts out of the real registers, measured anew, by table."""
    tables = {}
    for name, text in measure(shared / "data").items():
        lines = [line.split(",") for line in text.splitlines()[2:]]
        tables[name.removesuffix(".csv")] = {tuple(line[:-1]): int(line[-1]) for line in lines}
    return tables


def shares(counts: Mapping[object, float]) -> dict[object, float]:
    total = sum(counts.values())
    return {key: count / total for key, count in counts.items()}


def summed(counts: Mapping[tuple[str, ...], int], column: int) -> Counter[str]:
    """The counts by one column alone."""
    result: Counter[str] = Counter()
    for key, count in counts.items():
        result[key[column]] += count
    return result


def apart(made: Iterable[object], real: Mapping[object, float]) -> float:
    """The largest difference between the shares of two distributions."""
    one, other = shares(Counter(made)), shares(real)
    return max(abs(one.get(key, 0) - other.get(key, 0)) for key in one.keys() | other.keys())


def chi_square(made: Iterable[object], real: Mapping[object, float]) -> float:
    """Chi-square per degree of freedom of the counts against the real shares: about 1 when only chance is between them."""
    counts, expected = Counter(made), shares(real)
    total = sum(counts.values())
    assert set(counts) <= set(expected)
    return sum((counts[key] - total * share) ** 2 / (total * share) for key, share in expected.items()) / (len(expected) - 1)


def test_hours_of_the_day(small, real):
    hours = [event.occurred_from.astimezone(RIGA).hour for event in small.events]
    expected = {int(hour): count for hour, count in summed(real["hours"], 1).items()}

    assert chi_square(hours, expected) < 2.5
    assert apart(hours, expected) < 0.012


def test_days_of_the_week(small, real):
    names = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
    days = [names[event.occurred_from.astimezone(RIGA).weekday()] for event in small.events]

    assert chi_square(days, summed(real["hours"], 0)) < 3.5


def test_months(small, real):
    days_in = Counter(date.fromordinal(END_DAY.toordinal() - 7 * WEEKS + n).month for n in range(7 * WEEKS))
    days_of_2018 = dict(zip(range(1, 13), (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), strict=True))
    months = [event.occurred_from.astimezone(RIGA).month for event in small.events]
    expected = {int(m): count / days_of_2018[int(m)] * days_in[int(m)] for (m,), count in real["months"].items()}

    assert apart(months, expected) < 0.01


def test_persons_per_event(small, real):
    persons = [len(event.persons) for event in small.events]
    expected = {int(number): count for (number,), count in real["persons_per_event"].items()}

    assert apart(persons, expected) < 0.012
    involved = [number for number in persons if number]
    assert 0.76 < sum(1 for number in involved if number == 1) / len(involved) < 0.80
    assert 0.15 < sum(1 for number in involved if number == 2) / len(involved) < 0.19


def test_vehicles_per_accident(small, real):
    vehicles = [len(event.vehicles) for event in small.events if event.subkind == "ROAD_ACCIDENT"]
    expected = {int(number): count for number, count in summed(real["accidents"], 0).items()}

    assert apart(vehicles, expected) < 0.04  # about 1,200 accidents


def test_roles_in_accidents(small, real):
    roles = [part.role.value for event in small.events if event.subkind == "ROAD_ACCIDENT" for part in event.persons]

    # a second driver of one car becomes a passenger, so a few more passengers than measured
    assert apart(roles, summed(real["roles"], 2)) < 0.06


def test_injuries_in_accidents(small, real):
    injuries = [part.injury for event in small.events if event.subkind == "ROAD_ACCIDENT" for part in event.persons]

    assert apart(injuries, summed(real["injuries"], 1)) < 0.012


def test_sex_and_age(small, real):
    people = [(person.sex.value, (END_DAY - person.birth_date).days * 100 // 36525 // 5 * 5) for person in small.persons]
    expected = {(sex, int(age)): count for (sex, age), count in real["people"].items()}

    assert apart([sex for sex, _ in people], summed(real["people"], 0)) < 0.015
    assert apart([age for _, age in people], {int(age): n for age, n in summed(real["people"], 1).items()}) < 0.012
    assert apart(people, expected) < 0.012


def test_six_to_seven_of_a_hundred_parts_are_taken_by_somebody_who_came_up_before(small):
    """The real registers name nobody; the share is a working value of the domain (7.9)."""
    known = [part.person_id for event in small.events for part in event.persons if part.person_id is not None]
    again = 1 - len(set(known)) / len(known)

    assert 0.06 <= again <= 0.07
    assert max(Counter(known).values()) >= 4


def test_minutes_to_arrival(small, real):
    """In the towns and villages where the State Police is called at once (category A) it comes as the measured crews did."""
    waits = sorted(
        (event.response.arrived_at - event.response.received_at).total_seconds() / 60
        for event in small.events
        if event.response is not None and event.response.arrived_at is not None and event.category == "A"
    )
    measured = sorted(int(minutes) for (minutes,), count in real["arrivals"].items() for _ in range(count))

    for quantile in (0.25, 0.5, 0.75):
        assert waits[int(quantile * len(waits))] == pytest.approx(measured[int(quantile * len(measured))], rel=0.25, abs=1)


def test_drivers_drive_their_own_cars_as_often_as_measured(small, real):
    owners = {vehicle.id: vehicle.holders[0].person_id for vehicle in small.vehicles}
    expected = shares({holder: count for (holder,), count in real["holders"].items()})["DRIVER"]
    owned = [
        owners[vehicle.vehicle_id] == part.person_id
        for event in small.events
        for vehicle in event.vehicles
        for part in event.persons
        if part.vehicle_involvement_id == vehicle.id
        and part.role == "DRIVER"
        and None not in (vehicle.vehicle_id, part.person_id)
    ]

    assert sum(owned) / len(owned) == pytest.approx(expected, abs=0.06)


def test_there_are_as_many_persons_vehicles_and_documents_as_a_country_would_have(small):
    events = len(small.events)

    assert 0.8 <= len(small.persons) / events <= 1.2
    assert 0.3 <= len(small.vehicles) / events <= 0.5
    assert 0.8 <= len(small.documents) / len(small.persons) <= 1.3


def test_events_happen_where_people_live(small):
    territories = Counter(event.place.atvk for event in small.events)

    assert len(territories) == 42
    assert 0.26 < territories["0001000"] / len(small.events) < 0.36
