"""Values as columns compare them: instants as microseconds, days as text, names without diacritics.

What comes in: values of records and of filters. What goes out: what the columns for filters, orders and row rules hold.
Columns that lists are ordered by are never null (an unknown value is the empty text), so that one index serves every page in
both directions.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def micros(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant(microseconds: int) -> datetime:
    """The moment that `micros` came from."""
    return _EPOCH + timedelta(microseconds=microseconds)


def day(on: date | None) -> str:
    """YYYY-MM-DD, or the empty text when it is not known."""
    return "" if on is None else on.isoformat()


def folded(text: str | None) -> str:
    """A name for comparing: lower case, without diacritics, single spaces; the empty text when it is not known."""
    if not text:
        return ""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))
    return " ".join(text.casefold().split())
