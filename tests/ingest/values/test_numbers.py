"""Numbers as registers write them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.faults import Reason, Refused
from ingest.mapping.document import NumberForm
from ingest.values.numbers import read_number

COMMA = NumberForm(decimal=",", thousands=" ")


def reason_of(text: str, form: NumberForm) -> Reason:
    with pytest.raises(Refused) as refused:
        read_number(text, form, "column")
    assert refused.value.fault.column == "column"
    return refused.value.fault.reason


def test_a_comma_may_be_the_decimal_sign_and_a_blank_separate_thousands() -> None:
    assert read_number("1 234,5", COMMA) == 1234.5


def test_a_point_is_refused_where_the_comma_is_the_decimal_sign() -> None:
    assert reason_of("1.234", COMMA) is Reason.NOT_A_NUMBER


@pytest.mark.parametrize("text", ["", "abc", "1_000", "nan", "inf", "٣", "1,5", "--1", "0x10", "1e999", "1 000", "."])
def test_what_is_no_plain_number_is_refused(text: str) -> None:
    assert reason_of(text, NumberForm()) is Reason.NOT_A_NUMBER


def test_a_whole_number_may_be_written_with_a_zero_fraction() -> None:
    whole = read_number("10133.0", NumberForm(whole=True))
    assert whole == 10133
    assert isinstance(whole, int)


def test_a_broken_number_is_no_whole_number() -> None:
    assert reason_of("1.5", NumberForm(whole=True)) is Reason.NOT_A_WHOLE_NUMBER


def test_a_large_whole_number_keeps_every_digit() -> None:
    assert read_number("12345678901234567890", NumberForm(whole=True)) == 12345678901234567890


def test_a_number_out_of_range_is_refused_with_the_range() -> None:
    with pytest.raises(Refused) as refused:
        read_number("150", NumberForm(low=0, high=120))
    assert refused.value.fault.message() == "outside the permitted range 0 to 120"


def test_a_lost_decimal_point_is_mended_only_when_that_brings_the_number_into_range() -> None:
    longitude = NumberForm(low=1.9, high=2.4, unscale=1000)
    assert read_number("2159", longitude) == 2.159
    assert read_number("2.159", longitude) == 2.159
    assert reason_of("9159", longitude) is Reason.OUT_OF_RANGE


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_every_number_that_python_writes_plainly_is_read_back(number: float) -> None:
    assert read_number(repr(number), NumberForm()) == number


@given(st.text(max_size=20), st.booleans())
def test_any_text_is_a_number_or_refused_and_nothing_else_happens(text: str, whole: bool) -> None:
    with contextlib.suppress(Refused):
        assert isinstance(read_number(text, NumberForm(whole=whole)), int | float)


@given(st.integers(min_value=-(10**9), max_value=10**9), st.integers(min_value=0, max_value=999))
def test_latvian_writing_means_what_it_says(whole: int, thousandths: int) -> None:
    written = f"{whole:,}".replace(",", " ") + f",{thousandths:03}"
    expected = float(f"{whole}.{thousandths:03}")
    assert read_number(written, COMMA) == pytest.approx(expected)
