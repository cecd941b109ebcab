"""A mapping that is wrong is refused with its line, and with what was perhaps meant, before any journal is opened."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import BadMapping
from ingest.mapping import load_mapping, shipped
from ingest.mapping.document import Column, Refined
from ingest.mapping.reader import read_mapping
from tests.ingest.small import TEXT, small

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "journal" / "mapping.yaml"


def test_the_shipped_mappings_and_the_example_are_well_formed() -> None:
    assert shipped() == ("barcelona-2018", "fars")
    for name in (*shipped(), str(EXAMPLE)):
        assert load_mapping(name).sources


def test_a_mapping_that_is_neither_a_file_nor_shipped_names_those_that_are() -> None:
    with pytest.raises(BadMapping, match=r"barcelona, cannot|barcelona: cannot be read .*barcelona-2018, fars"):
        load_mapping("barcelona")


def test_a_value_is_read_as_it_is_written() -> None:
    mapping = small()
    assert mapping.event.fields["summary"] == Column("what", frozenset({""}))
    age = mapping.parts[0].involvement["age"]
    assert isinstance(age, Refined)
    assert age.number is not None
    assert (age.number.low, age.number.high, age.number.whole) == (0, 120, True)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("mapping: 1", "mapping: 2", "reads version 1"),
        ("system: SMALL", "system: a b", "is not a name"),
        ("system: SMALL", "", "`system` is missing"),
        ("zone: Europe/Riga", "zone: Europe/Rga", "not a time zone"),
        ("zone: Europe/Riga", "", "which time zone"),
        ("from: events", "from: event", r"not a journal \(did you mean `events`\?\)"),
        ("  from: events\n", "", "`from` is missing"),
        ("id: number", "id: []", "at least one value"),
        ("duplicates: refuse", "duplicates: ignore", "not a rule"),
        ("duplicates: refuse", "fold: registered_at", "not an undotted text field"),
        ("kind: { value: SAFETY_THREAT }", "kind: { value: SAFETY_THREATS }", "not in EventKind .did you mean `SAFETY_THREAT`"),
        ("kind: { value: SAFETY_THREAT }", "", "`kind` is missing: EventRecord needs it"),
        (
            "registered_by.institution: { value: LV-PP-RIGA }",
            "registered_by.unit: what",
            "`registered_by.institution` is missing",
        ),
        ("summary: what", "sumary: what", "did you mean `summary`"),
        ("summary: what", "id: what", "not a field of EventRecord"),
        ("summary: what", "persons: what", "not a field of EventRecord"),
        ("summary: what", "occurred_from: what", "a time needs `moment"),
        ("summary: what", "summary: { column: what, value: x }", "exactly one of"),
        ("summary: what", "summary: { column: what, with: x }", "`with` stands beside `join`"),
        ("summary: what", "summary: { column: what, pattern: '(' }", "not a regular expression"),
        ("summary: what", "summary: { column: what, pattern: '(a)(b)' }", "at most one group"),
        ("summary: what", "summary: { column: what, codes: none }", "there is no code list `none`"),
        ("summary: what", "summary: { column: what, otherwise: x }", "goes with `codes`"),
        ("summary: what", "summary: { first: [what], default: x }", "put it on the values inside"),
        ("summary: what", "summary: $line", "not the name of a column"),
        ("summary: what", "place.lat: { column: what, number: { unscale: 10 } }", "needs `min` or `max`"),
        ("summary: what", "place.lat: { column: what, number: { min: 3, max: 2 } }", "`min` is larger"),
        ("summary: what", "place.lat: { column: what, number: { decimal: '1' } }", "not a digit"),
        ("summary: what", "place.lat: { value: north }", "`north`: not a number"),
        ("summary: what", "sealed: { value: perhaps }", "`perhaps`: "),
        ("summary: what", "occurred_from: { moment: { day: what } }", "needs `year`"),
        ("summary: what", "occurred_from: { moment: { text: at, year: at } }", "either `text`"),
        ("summary: what", "occurred_from: { moment: { text: at, form: tomorrow } }", "holds no directive"),
        ("summary: what", "occurred_from: { moment: { text: at, near: occurred_to } }", "stands above"),
        ("summary: what", "occurred_from: { moment: { year: $position } }", "not a part of a time"),
        ("summary: what", "place.lat: { moment: { year: at } }", "takes a number value, not a time"),
        ("summary: what", "retain_until: { date: { text: at, form: x } }", "holds no directive"),
        ("driver: DRIVER", "driver: PILOT", "not in PersonRole"),
        ("  event: number\n  id: seat", "  id: seat", "`event` is missing"),
        ("  from: persons\n  event: number", "  each: persons", "has to be jsonl"),
        ("  from: persons\n", "  from: persons\n  each: persons\n", "either `from`"),
        ("id: seat", "id: seat\n  match: plate", "not a key by which persons can be found"),
        ("id: seat", "id: seat\n  match: personal_code", "needs the field `codes.value`"),
        ("id: seat", "id: seat\n  vehicle: seat", "this mapping has none"),
        ("id: seat", "id: seat\n  skip: { column: sex }", "one of `is`, `is_not`"),
        ('{ match: "events*.csv" }', "{ encoding: klingon }", "not an encoding"),
        ('{ match: "events*.csv" }', "{ delimiter: ab }", "one character"),
        ('{ match: "events*.csv" }', "{ format: xml }", "not a format"),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_column(before: str, after: str, message: str) -> None:
    assert before in TEXT
    with pytest.raises(BadMapping, match=message) as error:
        read_mapping(TEXT.replace(before, after, 1), "my.yaml")
    assert error.value.message.startswith("my.yaml:")
    assert all(part.isdigit() for part in error.value.message.split(": ")[0].split(":")[1:])
