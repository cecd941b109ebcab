from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from subgraphs.room.scalars import DATE, DATE_TIME


def test_a_moment_is_shown_in_utc():
    summer = datetime(2026, 7, 1, 15, 0, tzinfo=timezone(timedelta(hours=3)))
    assert DATE_TIME.serialize(summer) == "2026-07-01T12:00:00Z"


def test_a_moment_is_read_with_its_offset():
    assert DATE_TIME.parse_value("2026-07-01T15:00:00+03:00") == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert DATE_TIME.parse_value("2026-07-01T12:00:00Z") == datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-07-01T12:00:00", "2026-07-01", "soon", 5])
def test_a_moment_without_offset_is_refused(text):
    with pytest.raises((ValueError, TypeError)):
        DATE_TIME.parse_value(text)


@pytest.mark.parametrize("text", ["20260701", "2026-7-1", "2026-13-01", "2026-W01-1", 5])
def test_a_day_has_one_form(text):
    with pytest.raises(ValueError, match=r"."):
        DATE.parse_value(text)


def test_a_day_is_shown_as_it_is_read():
    assert DATE.serialize(DATE.parse_value("2026-07-01")) == "2026-07-01"
    assert DATE.parse_value("2024-02-29") == date(2024, 2, 29)
