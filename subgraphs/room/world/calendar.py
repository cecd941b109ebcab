"""The year that the world covers: 52 whole weeks in Latvian local time, with the weekly and daily rhythm of a real register.

What comes in: the measured counts by month and by weekday and hour. What goes out: instants in seconds since 1970 (UTC).
One year is what a large world holds (a million events are about a year of the whole country, `domain.md` volumes).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from subgraphs.room.world.chance import wheel
from subgraphs.room.world.tables import counts

FIRST_DAY: Final = date(2025, 9, 1)
WEEKS: Final = 52
END_DAY: Final = FIRST_DAY + timedelta(weeks=WEEKS)
DAYS: Final = tuple(FIRST_DAY + timedelta(days=n) for n in range(7 * WEEKS + 1))

RIGA: Final = ZoneInfo("Europe/Riga")
MIDNIGHTS: Final = tuple(int(datetime.combine(day, time.min, RIGA).timestamp()) for day in DAYS)
START: Final = MIDNIGHTS[0]
END: Final = MIDNIGHTS[-1]

_WEEKDAYS: Final = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")

HOUR_SLOTS: Final = 1 << 14
HOURS: Final = wheel({(_WEEKDAYS.index(day), int(hour)): n for (day, hour), n in counts("hours").items()}, HOUR_SLOTS)
"""Wheel of (weekday from 0, hour): how busy each hour of the week is."""

_MONTHS: Final = {int(month): n / monthrange(2018, int(month))[1] for (month,), n in counts("months").items()}
WEEK_SLOTS: Final = 1 << 12
WEEK: Final = wheel({week: sum(_MONTHS[DAYS[7 * week + n].month] for n in range(7)) for week in range(WEEKS)}, WEEK_SLOTS)
"""The weeks in order, each as wide as its share of the year's events."""


def instant(week: int, weekday: int, hour: int, second: int) -> int:
    """Seconds since 1970 of a local clock time; on the two days when the clocks change, hours count from midnight."""
    return MIDNIGHTS[7 * week + weekday] + hour * 3600 + second


def day_of(seconds: int) -> date:
    """The local calendar day of an instant inside the world's year."""
    number = (seconds - START) // 86400
    if MIDNIGHTS[number] > seconds:  # the night after the clocks went back
        number -= 1
    elif number + 1 < len(MIDNIGHTS) and MIDNIGHTS[number + 1] <= seconds:
        number += 1
    return DAYS[number]


def moment(seconds: int) -> datetime:
    """The instant as an aware datetime in UTC."""
    return datetime.fromtimestamp(seconds, UTC)


def unless_later(seconds: int) -> int | None:
    """The instant, if it lies inside the world's year: what comes after that has not happened."""
    return seconds if seconds < END else None
