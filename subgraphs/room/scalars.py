"""Times and days as the graph shows them.

What comes in: RFC 3339 text from clients, aware datetimes in UTC from stores. What goes out: the scalars `DateTime` and `Date`.
A time without an offset is refused: nobody may guess which zone was meant.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Final

from strawberry import scalar
from strawberry.types.scalar import ScalarDefinition

_DATE: Final = re.compile(r"\A\d{4}-\d{2}-\d{2}\Z")


def _show_time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_time(text: object) -> datetime:
    if not isinstance(text, str):
        raise TypeError("DateTime is text in the form of RFC 3339, e.g. 2026-05-01T12:30:00+03:00.")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("DateTime needs an offset: write Z or, for Latvian summer time, +03:00.")
    return at.astimezone(UTC)


def _show_date(value: date) -> str:
    return value.isoformat()


def _read_date(text: object) -> date:
    if not isinstance(text, str) or not _DATE.match(text):
        raise ValueError("Date is text in the form YYYY-MM-DD.")
    return date.fromisoformat(text)


DATE_TIME: Final[ScalarDefinition] = scalar(
    name="DateTime",
    description="A moment (RFC 3339) with an offset; answers are in UTC.\n\nLaika moments ar nobīdi; atbildes ir UTC.",
    specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
    serialize=_show_time,
    parse_value=_read_time,
)

DATE: Final[ScalarDefinition] = scalar(
    name="Date",
    description="A day, YYYY-MM-DD.\n\nDatums, GGGG-MM-DD.",
    specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
    serialize=_show_date,
    parse_value=_read_date,
)

SCALARS: Final[dict[object, ScalarDefinition]] = {datetime: DATE_TIME, date: DATE}
