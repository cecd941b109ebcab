from datetime import UTC, datetime

import msgspec
import pytest

from subgraphs.events.clock import Area, area_of, read_rules, rules
from subgraphs.events.clock.rules import table_at
from subgraphs.events.enumerations import ResponseCategory

TABLE = b"- {from: %s, legal_source: x, minutes: {A: {city: %d, other: 99, verified: true}}}\n"


@pytest.mark.parametrize(
    ("atvk", "area"),
    [
        ("0001000", Area.CITY),  # a state city
        ("0007000", Area.CITY),
        ("0030010", Area.CITY),  # a state city inside a county
        ("0028201", Area.CITY),  # a town inside a county
        ("0028391", Area.CITY),
        ("0028401", Area.OTHER),  # a parish
        ("0028000", Area.OTHER),  # a county as a whole
        (None, None),
        ("28000", None),
        ("00280x0", None),
    ],
)
def test_a_place_is_a_city_or_not_by_its_code(atvk, area):
    assert area_of(atvk) is area


def test_the_shipped_table_says_what_was_read_in_the_law_and_what_was_not():
    (table,) = rules()
    assert {category.value: limits.verified for category, limits in table.minutes.items()} == {
        "A": True,
        "B": True,
        "C": False,
        "D": False,
    }


def test_the_day_of_receipt_in_latvia_says_which_table_holds():
    tables = read_rules(TABLE % (b"2026-07-01", 10) + TABLE % (b"2012-03-23", 15))
    before, after = datetime(2026, 6, 30, 20, 59, tzinfo=UTC), datetime(2026, 6, 30, 21, 0, tzinfo=UTC)
    minutes = [table_at(tables, at).minutes_of(ResponseCategory.A, Area.CITY) for at in (before, after)]
    assert minutes == [15, 10]
    assert table_at(tables, datetime(2011, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    "text",
    [
        TABLE % (b"2026-07-01", 10) + TABLE % (b"2026-07-01", 15),
        TABLE % (b"2026-07-01", 0),
        b"- {from: 2026-07-01, legal_source: x, minutes: {NONE: {city: 1, other: 1, verified: true}}}",
        b"- {from: 2026-07-01, legal_source: x, minutes: {E: {city: 1, other: 1, verified: true}}}",
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(text):
    with pytest.raises((ValueError, msgspec.ValidationError)):
        read_rules(text)
