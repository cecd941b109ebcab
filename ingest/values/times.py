"""Local times to UTC, safe in the two nights of the year when clocks change.

In: the numbers of a local time, or a text and its form. Out: an aware datetime in UTC; `Refused` when there is no such time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.faults import Reason, Refused
from ingest.mapping.document import Clock

ISO: Final = "iso"
UNIX: Final = "unix"


@lru_cache(maxsize=600)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises Refused."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(Reason.UNKNOWN_ZONE, value=name) from None


def to_utc(local: datetime, zone: ZoneInfo, clock: Clock) -> datetime:
    """The instant at which clocks in `zone` showed `local` (which is naive)."""
    first = local.replace(tzinfo=zone, fold=0)
    second = local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after and before is not None:
        return (local - before).replace(tzinfo=UTC)  # what astimezone does, at a third of its price
    if before is not None and after is not None and before < after:  # clocks jumped over it
        if clock.gap == "refuse":
            raise Refused(Reason.TIME_DOES_NOT_EXIST, value=local.isoformat(sep=" "), zone=zone.key)
        return first.astimezone(UTC)  # 02:30 in the gap, read by the old offset, is 03:30 by the new one
    match clock.ambiguous:
        case "earlier":
            return first.astimezone(UTC)
        case "later":
            return second.astimezone(UTC)
        case "refuse":
            raise Refused(Reason.TIME_IS_AMBIGUOUS, value=local.isoformat(sep=" "), zone=zone.key)


def local_time(year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """The naive datetime of these numbers. Raises Refused."""
    try:
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001  naive on purpose: `to_utc` gives it its zone
    except (ValueError, OverflowError) as error:
        raise Refused(
            Reason.NOT_A_DATE, value=f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}", detail=error
        ) from None


def nearest_day(local: datetime, zone: ZoneInfo, clock: Clock, to: datetime) -> datetime:
    """`local` on its own day, the day before or the day after, whichever lies nearest to the instant `to`."""
    found: list[datetime] = []
    refused: Refused | None = None
    for days in (0, -1, 1):
        try:
            found.append(to_utc(local + timedelta(days=days), zone, clock))
        except (Refused, OverflowError) as error:
            refused = refused or (error if isinstance(error, Refused) else None)
    if not found:
        raise refused or Refused(Reason.NOT_A_DATE, value=local.isoformat(sep=" "), detail="no such day")
    return min(found, key=lambda instant: abs(instant - to))


def read_moment(text: str, form: str, zone: ZoneInfo, clock: Clock, column: str = "") -> datetime:
    """The instant that `text` writes. `form` is `iso` (RFC 3339; an offset in the text wins over the zone), `unix`
    (seconds since 1970) or a pattern of strptime.
    """
    try:
        if form == UNIX:
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text) if form == ISO else datetime.strptime(text, form)  # noqa: DTZ007  zone follows
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Refused(Reason.NOT_A_DATE, column, text, detail=_short(error)) from None
    try:
        return to_utc(moment, zone, clock)
    except Refused as refused:
        raise Refused(refused.fault.reason, column, text, **(refused.fault.detail or {})) from None


def read_day(text: str, form: str, column: str = "") -> date:
    """The date that `text` writes, by `iso` or a pattern of strptime."""
    try:
        return date.fromisoformat(text) if form == ISO else datetime.strptime(text, form).date()  # noqa: DTZ007  a date has no zone
    except (ValueError, OverflowError) as error:
        raise Refused(Reason.NOT_A_DATE, column, text, detail=_short(error)) from None


def _short(error: Exception) -> str:
    """An exception's words without the value, which stands beside them anyway."""
    return str(error).split(": ", 1)[0].split(" '", 1)[0]
