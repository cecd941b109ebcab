from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kernel.clock import FixedClock, SystemClock


def test_the_system_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_a_fixed_clock_stands_still_until_it_is_moved() -> None:
    clock = FixedClock(datetime(2026, 3, 29, 3, tzinfo=timezone(timedelta(hours=3))))
    assert clock.now() == datetime(2026, 3, 29, tzinfo=UTC) == clock.now()
    clock.advance(timedelta(seconds=30))
    assert clock.now() == datetime(2026, 3, 29, 0, 0, 30, tzinfo=UTC)


def test_a_clock_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 1, 1))  # noqa: DTZ001 - the case under test
