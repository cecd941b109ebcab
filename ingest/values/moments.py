"""Times and dates of rows: readers put together from the readers of their parts.

In: a `Moment` or `Day` of the mapping, the compiled readers of its parts. Out: a `Reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, cast

from ingest.faults import Reason, Refused
from ingest.mapping.document import Constant, Day, Moment
from ingest.values import times
from ingest.values.reader import Reader, Row, Seen

PARTS: Final = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers of a time's parts, or of its text; `name` are its columns, for refusals."""

    parts: Mapping[str, Reader]
    text: Reader | None
    name: str


def moment_reader(value: Moment, readers: Readers, zone: Reader, zone_columns: str) -> Reader:
    """The instant in UTC, without `plus`."""
    text, form, clock, name = readers.text, value.form or times.ISO, value.clock, readers.name
    local = _local_reader(readers.parts)
    fixed = times.zone_of(clock.zone.text) if isinstance(clock.zone, Constant) else None

    def read(row: Row, seen: Seen) -> object:
        try:
            where = fixed
            if where is None:
                found = zone(row, seen)
                if found is None:
                    raise Refused(Reason.MISSING_VALUE, zone_columns)
                where = times.zone_of(str(found))
            if text is not None:
                written = text(row, seen)
                return None if written is None else times.read_moment(str(written), form, where, clock, name)
            at = local(row, seen)
            if at is None:
                return None
            near = seen.get(value.near) if value.near is not None else None
            return times.nearest_day(at, where, clock, near) if isinstance(near, datetime) else times.to_utc(at, where, clock)
        except Refused as refused:
            raise _named(refused, name) from None
        except OverflowError:
            raise _beyond(name) from None

    return read


def shifted(reader: Reader, plus: timedelta, name: str) -> Reader:
    """The same instant, later by `plus`."""

    def read(row: Row, seen: Seen) -> object:
        at = cast("datetime | None", reader(row, seen))
        try:
            return None if at is None else at + plus
        except OverflowError:
            raise _beyond(name) from None

    return read


def once_a_row(reader: Reader) -> Reader:
    """Reads a row once however many fields ask. For readers that look at nothing but the row."""
    last: Row | None = None
    result: object = None

    def read(row: Row, seen: Seen) -> object:
        nonlocal last, result
        if row is not last:
            result = reader(row, seen)
            last = row
        return result

    return read


def day_reader(value: Day, readers: Readers) -> Reader:
    """The calendar date."""
    text, form, name = readers.text, value.form or times.ISO, readers.name
    local = _local_reader(readers.parts)

    def read(row: Row, seen: Seen) -> date | None:
        if text is not None:
            written = text(row, seen)
            return None if written is None else times.read_day(str(written), form, name)
        try:
            at = local(row, seen)
        except Refused as refused:
            raise _named(refused, name) from None
        return None if at is None else at.date()

    return read


def _local_reader(parts: Mapping[str, Reader]) -> Callable[[Row, Seen], datetime | None]:
    """The local time of the parts; nothing when one of them is nothing."""
    names = [part for part in PARTS if part in parts]
    readers = [parts[part] for part in names]
    # The parts that are given are the first ones, in all but odd mappings: then they need no names.
    leading = tuple(names) == PARTS[: len(names)]

    def read(row: Row, seen: Seen) -> datetime | None:
        numbers = cast("list[int]", [reader(row, seen) for reader in readers])
        if None in numbers:
            return None
        return times.local_time(*numbers) if leading else times.local_time(**dict(zip(names, numbers, strict=True)))

    return read


def _named(refused: Refused, name: str) -> Refused:
    """A refusal with the columns' names where it does not say its column."""
    fault = refused.fault
    return refused if fault.column else Refused(fault.reason, name, fault.value, **(fault.detail or {}))


def _beyond(name: str) -> Refused:
    return Refused(Reason.NOT_A_DATE, name, detail="beyond the calendar")
