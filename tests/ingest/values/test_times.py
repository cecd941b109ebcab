"""Local times to UTC, in the two nights of the year when clocks change and on all other days."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.faults import Reason, Refused
from ingest.mapping.document import Clock, Constant
from ingest.values.times import local_time, nearest_day, read_day, read_moment, to_utc, zone_of

RIGA = ZoneInfo("Europe/Riga")
CLOCK = Clock(Constant("Europe/Riga"))


def local(*numbers: int) -> datetime:
    return local_time(*numbers)


def test_summer_and_winter_have_their_own_offsets() -> None:
    assert to_utc(local(2026, 7, 1, 12), RIGA, CLOCK) == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert to_utc(local(2026, 1, 1, 12), RIGA, CLOCK) == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_an_hour_that_clocks_jumped_over_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        to_utc(local(2026, 3, 29, 3, 30), RIGA, CLOCK)
    assert refused.value.fault.reason is Reason.TIME_DOES_NOT_EXIST
    assert "Europe/Riga" in refused.value.fault.message()


def test_an_hour_that_clocks_jumped_over_can_be_taken_as_the_hour_after() -> None:
    later = Clock(Constant("Europe/Riga"), gap="later")
    assert to_utc(local(2026, 3, 29, 3, 30), RIGA, later) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_hour_that_came_twice_is_the_first_the_second_or_refused_as_the_mapping_says() -> None:
    twice = local(2026, 10, 25, 3, 30)
    assert to_utc(twice, RIGA, CLOCK) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert to_utc(twice, RIGA, Clock(Constant("-"), ambiguous="later")) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    with pytest.raises(Refused) as refused:
        to_utc(twice, RIGA, Clock(Constant("-"), ambiguous="refuse"))
    assert refused.value.fault.reason is Reason.TIME_IS_AMBIGUOUS


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2037, 12, 31)),  # noqa: DTZ001  local times
    st.sampled_from(["Europe/Riga", "America/Chicago", "Pacific/Chatham", "Africa/Casablanca", "Australia/Lord_Howe"]),
)
def test_a_time_in_utc_shows_on_the_clocks_what_was_written(written: datetime, name: str) -> None:
    zone = zone_of(name)
    try:
        instant = to_utc(written, zone, CLOCK)
    except Refused as refused:
        assert refused.fault.reason is Reason.TIME_DOES_NOT_EXIST  # noqa: PT017  the only refusal there may be
        back = written.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        assert back != written
        return
    assert instant.astimezone(zone).replace(tzinfo=None, fold=0) == written


@given(st.integers(0, 47), st.integers(0, 59))
def test_a_time_without_a_date_is_taken_from_the_day_on_which_it_lies_nearest(hours: int, minutes: int) -> None:
    crash = datetime(2026, 6, 15, 12, 0, tzinfo=UTC) + timedelta(hours=hours)
    notified = local(2026, 6, 15, hours % 24, minutes)
    found = nearest_day(notified, RIGA, CLOCK, crash)
    assert abs(found - crash) <= timedelta(hours=24)
    assert found.astimezone(RIGA).time() == notified.time()


def test_a_notification_after_midnight_belongs_to_the_next_day() -> None:
    crash = to_utc(local(2026, 6, 15, 23, 50), RIGA, CLOCK)
    assert nearest_day(local(2026, 6, 15, 0, 5), RIGA, CLOCK, crash) - crash == timedelta(minutes=15)


@pytest.mark.parametrize("numbers", [(2026, 2, 30), (2026, 13, 1), (2026, 1, 1, 24), (0, 1, 1), (2026, 1, 1, 0, 60)])
def test_a_date_that_is_none_is_refused(numbers: tuple[int, ...]) -> None:
    with pytest.raises(Refused) as refused:
        local_time(*numbers)
    assert refused.value.fault.reason is Reason.NOT_A_DATE


def test_a_text_is_read_by_its_form_and_its_own_offset_wins() -> None:
    assert read_moment("24.12.2026 18:00", "%d.%m.%Y %H:%M", RIGA, CLOCK) == datetime(2026, 12, 24, 16, tzinfo=UTC)
    assert read_moment("2026-12-24T18:00:00+00:00", "iso", RIGA, CLOCK) == datetime(2026, 12, 24, 18, tzinfo=UTC)
    assert read_moment("2026-12-24T18:00", "iso", RIGA, CLOCK) == datetime(2026, 12, 24, 16, tzinfo=UTC)
    assert read_moment("0", "unix", RIGA, CLOCK) == datetime(1970, 1, 1, tzinfo=UTC)


def test_a_day_is_read_by_its_form() -> None:
    assert read_day("24.12.2026", "%d.%m.%Y") == date(2026, 12, 24)
    assert read_day("2026-12-24", "iso") == date(2026, 12, 24)


@given(st.text(max_size=30), st.sampled_from(["iso", "unix", "%d.%m.%Y %H:%M", "%Y-%m-%d"]))
def test_any_text_is_a_time_or_refused_and_nothing_else_happens(text: str, form: str) -> None:
    for read in (lambda: read_moment(text, form, RIGA, CLOCK), lambda: read_day(text, form if form != "unix" else "iso")):
        with contextlib.suppress(Refused):
            assert read().year > 0


def test_a_zone_that_does_not_exist_is_refused() -> None:
    for name in ("Europe/Rīga", "../etc/passwd", ""):
        with pytest.raises(Refused) as refused:
            zone_of(name)
        assert refused.value.fault.reason is Reason.UNKNOWN_ZONE
