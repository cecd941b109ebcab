from datetime import UTC, datetime, timedelta

import pytest

from subgraphs.events.clock import clock_of, due_at, rules, running_due
from subgraphs.events.enumerations import EventStatus, ResponseCategory
from subgraphs.events.model import EventRecord, Place, Response
from tests.subgraphs.samples import event

RECEIVED = datetime(2026, 5, 1, 12, tzinfo=UTC)
CITY, TOWN, PARISH = "0001000", "0028201", "0028501"


def called(
    category: ResponseCategory, atvk: str | None = CITY, received: datetime = RECEIVED, **response: object
) -> EventRecord:
    return event(
        1,
        category=category,
        place=Place(atvk=atvk),
        response=Response(received_at=received, **response),  # type: ignore[arg-type]  # the case's own
    )


@pytest.mark.parametrize(
    ("category", "atvk", "minutes"),
    [
        ("A", CITY, 15),
        ("A", TOWN, 15),
        ("A", PARISH, 25),
        ("B", CITY, 25),
        ("B", PARISH, 40),
        ("C", CITY, 60),
        ("C", PARISH, 90),
        ("D", CITY, 240),
        ("D", PARISH, 240),
    ],
)
def test_each_cell_of_the_table_is_the_time_that_is_due(category, atvk, minutes):
    assert due_at(called(ResponseCategory(category), atvk), rules()) == RECEIVED + timedelta(minutes=minutes)


def test_arriving_at_the_last_moment_is_in_time_and_a_millisecond_later_is_not():
    last = RECEIVED + timedelta(minutes=15)
    in_time = clock_of(called(ResponseCategory.A, arrived_at=last))
    late = clock_of(called(ResponseCategory.A, arrived_at=last + timedelta(milliseconds=1)))
    assert (in_time.on_time, in_time.minutes_to_arrival) == (True, 15)
    assert (late.on_time, late.minutes_to_arrival) == (False, 16)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (0.001, 1), (60, 1), (60.001, 2), (900, 15)])
def test_begun_minutes_count(seconds, minutes):
    arrived = RECEIVED + timedelta(seconds=seconds)
    assert clock_of(called(ResponseCategory.A, arrived_at=arrived)).minutes_to_arrival == minutes


@pytest.mark.parametrize("turn", [datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 10, 25, 0, 50, tzinfo=UTC)])
def test_the_night_when_clocks_are_turned_lasts_as_long_as_it_lasts(turn):
    assert due_at(called(ResponseCategory.A, received=turn), rules()) == turn + timedelta(minutes=15)


def test_without_a_category_or_a_known_place_nothing_is_due():
    arrived = RECEIVED + timedelta(hours=9)
    municipal = clock_of(called(ResponseCategory.NONE, arrived_at=arrived))
    assert (municipal.due_at, municipal.on_time, municipal.minutes_to_arrival) == (None, None, 540)
    assert due_at(called(ResponseCategory.A, None), rules()) is None
    assert due_at(event(1, category=ResponseCategory.A, place=None, response=Response(received_at=RECEIVED)), rules()) is None
    assert clock_of(event(1, response=None)) is None


def test_a_category_that_changes_after_the_dispatch_keeps_the_first_clock_and_both_are_kept():
    first = Response(received_at=RECEIVED, category=ResponseCategory.A)
    moved = event(1, category=ResponseCategory.D, place=Place(atvk=CITY), response=first)
    assert due_at(moved, rules()) == RECEIVED + timedelta(minutes=15)
    assert (clock_of(moved).category, moved.category) == (ResponseCategory.A, ResponseCategory.D)


def test_a_breach_is_open_from_the_moment_after_it_was_due_until_somebody_arrives():
    waiting, due = clock_of(called(ResponseCategory.A)), RECEIVED + timedelta(minutes=15)
    assert not waiting.is_breached(due)
    assert waiting.is_breached(due + timedelta(microseconds=1))
    assert waiting.on_time is None
    came_late = clock_of(called(ResponseCategory.A, arrived_at=due + timedelta(hours=1)))
    assert not came_late.is_breached(due + timedelta(hours=2))


def test_what_was_resolved_by_telephone_is_not_counted():
    excluded = called(ResponseCategory.A, excluded="PHONE_RESOLVED", arrived_at=RECEIVED + timedelta(hours=1))
    assert clock_of(excluded).on_time is None
    assert running_due(called(ResponseCategory.A, excluded="PHONE_RESOLVED"), rules()) is None


@pytest.mark.parametrize("status", [EventStatus.CLOSED, EventStatus.UNFOUNDED, EventStatus.ANNULLED])
def test_at_an_event_that_ended_nobody_is_waited_for(status):
    ended = event(
        1, status=status, category=ResponseCategory.A, place=Place(atvk=CITY), response=Response(received_at=RECEIVED)
    )
    assert running_due(ended, rules()) is None


def test_a_due_time_that_the_source_registered_stands():
    said = RECEIVED + timedelta(minutes=7)
    assert due_at(called(ResponseCategory.A, due_at=said), rules()) == said
