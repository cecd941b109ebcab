"""A mapping document, read: what every other file of this package works from.

In: nothing (plain frozen data, made by `reader.py`). Out: `Mapping` with its files, code lists, the event and its parts.
A `Value` says where one value comes from and how it is cleaned; `ingest/values/` turns it into a function.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Format = Literal["csv", "jsonl"]
Duplicates = Literal["fold", "latest", "refuse"]
Kind = Literal["persons", "vehicles", "documents", "items", "dispatches", "decisions", "qualification"]
NaturalKey = Literal["personal_code", "plate", "vin", "number"]


@dataclass(frozen=True, slots=True)
class Column:
    """The text of a column, trimmed; nothing when it is one of `empty`."""

    name: str
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Position:
    """The place of a row among the rows of its event, from 1: identifies rows that their source does not number."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same text for every row."""

    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Several values as one text; those that are nothing are left out."""

    parts: tuple[Value, ...]
    separator: str


@dataclass(frozen=True, slots=True)
class First:
    """The first of several values that is something."""

    choices: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class CodeList:
    """What the source's codes mean: `codes[source code] = our word`. `name` is for messages."""

    name: str
    codes: Table[str, str]


@dataclass(frozen=True, slots=True)
class NumberForm:
    """How a number is written and what it may be.

    `unscale` mends a lost decimal point: a number outside `low`..`high` is divided by it once
    (spreadsheets turn `2.159` into `2159` where the point separates thousands).
    """

    decimal: str = "."
    thousands: str = ""
    low: float | None = None
    high: float | None = None
    unscale: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Refined:
    """A value cleaned step by step: pattern, codes, number, default."""

    of: Value
    pattern: str | None = None
    codes: CodeList | None = None
    otherwise: str | None = None
    number: NumberForm | None = None
    default: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """How a local time becomes UTC: the zone, and what to do in the two nights when clocks change."""

    zone: Value
    ambiguous: Literal["earlier", "later", "refuse"] = "earlier"
    gap: Literal["refuse", "later"] = "refuse"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant from its parts (`year` … `second`; the month and day may be left to 1, the time to 0) or from one text.

    `near` names an event field: the day before and after are tried too and the nearest wins, for times without a date.
    `plus` is added at the end.
    """

    parts: Table[str, Value]
    text: Value | None
    form: str | None
    clock: Clock
    near: str | None = None
    plus: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar date, from its parts or from one text."""

    parts: Table[str, Value]
    text: Value | None
    form: str | None


Value = Column | Position | Constant | Joined | First | Refined | Moment | Day


@dataclass(frozen=True, slots=True)
class Condition:
    """True for rows whose column holds one of `texts` (or, with `negated`, none of them)."""

    column: str
    texts: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of journal file: which of the given files it is and how it is written."""

    name: str
    match: str
    format: Format
    encoding: str
    delimiter: str
    place: str


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs to an event: rows of another journal (`source`, joined by `key`) or of a list inside the event's own row
    (`each`).

    `record` are the fields of the person, vehicle or document itself, `involvement` those of its part in the event. `vehicle`
    points from a person to a vehicle of the same event by that part's `id`. `match` names the natural key by which the
    register is asked first: what it knows already is linked, not written again.
    """

    kind: Kind
    source: str | None
    each: str | None
    key: tuple[Value, ...]
    id: tuple[Value, ...]
    record: Table[str, Value]
    involvement: Table[str, Value]
    vehicle: tuple[Value, ...]
    skip: Condition | None
    match: NaturalKey | None
    place: str


@dataclass(frozen=True, slots=True)
class EventPart:
    """The event itself: the journal it stands in, what identifies it, and its fields by dotted path.

    `duplicates` says what several rows of one id are: one event whose `fold` fields hold what each row says (`fold`), one
    event as the last row has it (`latest`), or a mistake (`refuse`: all but the first go to the quarantine).
    """

    source: str
    id: tuple[Value, ...]
    duplicates: Duplicates
    fold: tuple[str, ...]
    fields: Table[str, Value]
    skip: Condition | None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping document. `digest` is the SHA-256 of its `text`; `system` names the source in every record."""

    name: str
    title: str
    system: str
    text: str
    digest: str
    sources: Table[str, Source]
    event: EventPart
    parts: tuple[Part, ...]
