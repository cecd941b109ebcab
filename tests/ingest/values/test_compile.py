"""What a mapping says about a value, as a function from a row."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.faults import Reason, Refused
from ingest.mapping.nodes import parse
from ingest.mapping.values import Setting, read_clock, read_value
from ingest.values import Leaf, Places, compile_value
from ingest.values.compile import columns_of, fields_of

COLUMNS = ("a", "b", "c")
MOMENT, DAY, TEXT = Leaf("moment"), Leaf("day"), Leaf("text")


def read(text: str, row: tuple[str | None, ...], leaf: Leaf = TEXT, **seen: object) -> object:
    """What a value, written as in a mapping, is for a row of the columns a, b, c."""
    setting = Setting(frozenset({"", "?"}), {}, None, ("at",))
    clock = read_clock({"zone": parse("Europe/Riga", "m")}, setting)
    value = read_value(parse(text, "m"), leaf, Setting(setting.empty, {}, clock, ("at",)))
    return compile_value(value, Places(COLUMNS), leaf)(row, dict(seen))


def refusal(text: str, row: tuple[str | None, ...], leaf: Leaf = TEXT) -> tuple[Reason, str, str]:
    with pytest.raises(Refused) as refused:
        read(text, row, leaf)
    return refused.value.fault.reason, refused.value.fault.column, refused.value.fault.value


def test_a_column_is_trimmed_and_nothing_where_it_says_nothing() -> None:
    assert read("a", ("  x ", None, None)) == "x"
    assert [read("a", (text, None, None)) for text in (None, "", "  ", " ? ")] == [None] * 4


def test_a_value_s_own_empty_texts_stand_in_place_of_the_documents() -> None:
    assert read("{column: a, empty: ['-']}", ("?", None, None)) == "?"
    assert read("{column: a, empty: ['-']}", ("-", None, None)) is None


def test_a_pattern_keeps_its_group() -> None:
    age = r"{column: a, pattern: '(\d+) Years?', number: {whole: true}}"
    assert read(age, ("31 Years", None, None), Leaf("whole")) == 31
    assert refusal(age, ("old", None, None), Leaf("whole")) == (Reason.NO_MATCH, "a", "old")


def test_codes_are_translated_refused_or_taken_as_otherwise() -> None:
    assert read("{column: a, codes: {No: n, 'yes': y}}", ("No", None, None)) == "n"
    assert refusal("{column: a, codes: {No: n}}", ("Not", None, None)) == (Reason.UNKNOWN_CODE, "a", "Not")
    assert read("{column: a, codes: {No: n}, otherwise: x}", ("Not", None, None)) == "x"
    assert read("{column: a, codes: {No: n}, otherwise: ''}", ("Not", None, None)) is None


def test_a_default_stands_where_there_is_nothing_and_required_refuses_nothing() -> None:
    assert read("{column: a, default: d}", (None, None, None)) == "d"
    assert refusal("{column: a, required: true}", (" ", None, None)) == (Reason.MISSING_VALUE, "a", "")
    assert refusal("{first: [a, b], required: true}", (None, None, None)) == (Reason.MISSING_VALUE, "a, b", "")


def test_parts_are_joined_without_those_that_are_nothing() -> None:
    row = ("Brīvības iela", None, "Rīga")
    assert read("{join: [{join: [a, b]}, c], with: ', '}", row) == "Brīvības iela, Rīga"
    assert read("{join: [a, b]}", (None, None, None)) is None


def test_the_first_that_is_something_is_taken() -> None:
    assert read("{first: [a, {column: b, default: z}]}", (None, "y", None)) == "y"
    assert read("{first: [a, {column: b, default: z}]}", (None, None, None)) == "z"


def test_numbers_money_and_truth_are_what_their_field_wants() -> None:
    assert read("a", ("1.5", None, None), Leaf("number")) == 1.5
    assert read("{column: a, number: {decimal: ','}}", ("1,50", None, None), Leaf("money")) == Decimal("1.50")
    assert read("a", ("true", None, None), Leaf("truth")) is True
    assert refusal("a", ("wahr", None, None), Leaf("truth"))[0] is Reason.UNKNOWN_CODE
    assert read("{column: a, number: {whole: true}}", ("10133.0", None, None)) == "10133"


def test_an_enumeration_takes_its_own_words_alone() -> None:
    kind = Leaf("enum", {"A": 1}, list_name="Kind")
    assert read("a", ("A", None, None), kind) == 1
    assert refusal("a", ("B", None, None), kind) == (Reason.UNKNOWN_CODE, "a", "B")


def test_a_time_is_put_together_from_its_parts_and_nothing_when_one_is_nothing() -> None:
    parts = "{moment: {year: a, month: {column: b, codes: {May: 5}}, hour: c}}"
    assert read(parts, ("2026", "May", "12"), MOMENT) == datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert read(parts, ("2026", None, "12"), MOMENT) is None


def test_a_time_that_is_wrong_names_all_its_columns() -> None:
    reason, column, value = refusal("{moment: {year: a, month: b, day: c}}", ("2026", "2", "30"), MOMENT)
    assert (reason, column, value) == (Reason.NOT_A_DATE, "a, b, c", "2026-02-30 00:00:00")


def test_a_bad_part_of_a_time_names_its_own_column() -> None:
    assert refusal("{moment: {year: a, month: b}}", ("2026", "May", None), MOMENT) == (Reason.NOT_A_NUMBER, "b", "May")


def test_a_zone_may_come_from_a_column() -> None:
    moment = "{moment: {text: a, form: iso, zone: {column: b}}}"
    assert read(moment, ("2026-01-01T12:00", "America/New_York", None), MOMENT) == datetime(2026, 1, 1, 17, tzinfo=UTC)
    assert refusal(moment, ("2026-01-01T12:00", None, None), MOMENT)[:2] == (Reason.MISSING_VALUE, "b")
    assert refusal(moment, ("2026-01-01T12:00", "Mars", None), MOMENT)[0] is Reason.UNKNOWN_ZONE


def test_a_time_may_be_shifted_but_not_beyond_the_calendar() -> None:
    assert read("{moment: {year: a, plus: {days: 1}}}", ("2026", None, None), MOMENT) == datetime(2026, 1, 1, 22, tzinfo=UTC)
    assert refusal("{moment: {year: a, plus: {days: 4000000}}}", ("2026", None, None), MOMENT)[0] is Reason.NOT_A_DATE
    assert refusal("{moment: {year: a, month: b, day: c, hour: c}}", ("9999", "12", "31"), MOMENT)[0] is Reason.NOT_A_DATE


def test_a_time_near_another_looks_at_that_one() -> None:
    at = datetime(2026, 1, 1, 22, 5, tzinfo=UTC)  # five past midnight in Riga, on the second
    near = "{moment: {year: a, month: b, day: b, hour: c, near: at}}"
    assert read(near, ("2026", "1", "0"), MOMENT, at=at) == datetime(2026, 1, 1, 22, 0, tzinfo=UTC)
    assert read(near, ("2026", "1", "0"), MOMENT) == datetime(2025, 12, 31, 22, 0, tzinfo=UTC)


def test_a_date_has_no_zone() -> None:
    assert read("{date: {text: a, form: '%d.%m.%Y'}}", ("24.12.2026", None, None), DAY) == date(2026, 12, 24)
    assert read("{date: {year: a, month: b, day: c}}", ("2026", "12", "24"), DAY) == date(2026, 12, 24)


def test_fields_that_read_one_time_share_its_reader_and_still_read_every_row() -> None:
    value = read_value(parse("{moment: {year: a, zone: Europe/Riga}}", "m"), MOMENT, Setting(frozenset({""}), {}, None))
    places = Places(COLUMNS)
    first, second = compile_value(value, places, MOMENT), compile_value(value, places, MOMENT)
    assert first is second
    rows = [("2026", None, None), ("2027", None, None), ("2026", None, None)]
    assert [str(first(row, {}))[:4] for row in rows] == ["2025", "2026", "2025"]


@given(st.lists(st.sampled_from(["x", " x", "y", "", "?", "1"]), min_size=1, max_size=60))
def test_remembering_what_was_read_changes_nothing(texts: list[str]) -> None:
    setting = Setting(frozenset({"", "?"}), {}, None)
    value = read_value(parse("{column: a, codes: {x: X, y: Y}, otherwise: O}", "m"), TEXT, setting)
    reader = compile_value(value, Places(COLUMNS))
    expected = {"x": "X", "y": "Y", "1": "O"}
    assert [reader((text, None, None), {}) for text in texts] == [expected.get(text.strip()) for text in texts]


@given(st.tuples(*[st.none() | st.text(max_size=12)] * 3))
def test_any_row_is_read_or_refused_and_nothing_else_happens(row: tuple[str | None, ...]) -> None:
    for text, leaf in (
        ("{moment: {year: a, month: b, day: c}}", MOMENT),
        ("{column: a, pattern: '(x*).*', number: {min: 0}}", Leaf("number")),
        ("{join: [a, b, c]}", TEXT),
        ("{date: {text: a}}", DAY),
    ):
        try:
            read(text, row, leaf)
        except Refused as refused:
            assert refused.fault.message("lv") != ""  # noqa: PT017  a refusal has words


def test_a_value_knows_its_columns_and_the_fields_it_refers_to() -> None:
    setting = Setting(frozenset(), {}, None, ("at",))
    text = "{first: [{moment: {year: a, hour: c, zone: {column: b}, near: at}}, {moment: {text: c, zone: Europe/Riga}}]}"
    value = read_value(parse(text, "m"), MOMENT, setting)
    assert list(columns_of(value)) == ["a", "c", "b", "c"]
    assert list(fields_of(value)) == ["at"]
