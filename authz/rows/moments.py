"""Days and instants in row rules: one spelling, so that every store compares them as texts.

In: what a contract writes (`2026-01-01`, `2026-01-01T08:00:00+02:00`) or what a row holds. Out: a day as `YYYY-MM-DD`, an
instant in UTC with six digits of a second (`2026-01-01T06:00:00.000000Z`). Texts of fixed width in the order of time: no store
has a precision, a time zone or a calendar of its own to differ by.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

_DAY: Final = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z")
_INSTANT: Final = re.compile(r"\A\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})\Z")


def moment(text: str) -> str | None:
    """The day or instant that the text says, in the one spelling; None when it says neither."""
    try:
        if _DAY.match(text):
            return written(date.fromisoformat(text))
        if _INSTANT.match(text):
            return written(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None
    return None


def is_instant(text: str) -> bool:
    """Whether a text in the one spelling is an instant, rather than a day."""
    return len(text) > len("YYYY-MM-DD")


def written(value: date | datetime) -> str:
    """The day or instant in the one spelling. An instant without an offset is none: raises ValueError."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        raise ValueError("an instant needs its offset from UTC")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def instant_of(text: str) -> datetime:
    """The instant that a text in the one spelling says: for stores that keep instants in another form."""
    return datetime.fromisoformat(text)
