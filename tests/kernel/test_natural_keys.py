from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.natural_keys import birth_date_of_code, check_digit, is_personal_code, is_vin, normal_plate


@pytest.mark.parametrize("code", ["161175-19997", "16117519997", "290758-10403"])
def test_an_old_form_code_has_a_date_a_century_and_a_check_digit(code: str) -> None:
    assert is_personal_code(code)


def test_a_wrong_check_digit_is_refused() -> None:
    assert not is_personal_code("161175-19998")


@pytest.mark.parametrize("code", ["325035-11782", "390000-00000", "309901-00017", "319912-34567"])
def test_new_form_and_invented_codes_need_no_date_and_no_check_digit(code: str) -> None:
    assert is_personal_code(code)
    assert birth_date_of_code(code) is None or not code.startswith("3")


@pytest.mark.parametrize("code", ["", "1611751999", "161175-1999A", "311302-10000", "٣٢٥٠٣٥١١٧٨٢"])
def test_what_is_not_a_code_is_refused(code: str) -> None:
    assert not is_personal_code(code)


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 999))
def test_every_code_made_by_the_rule_is_accepted_and_gives_its_birth_date_back(born: date, serial: int) -> None:
    ten = f"{born:%d%m%y}1{serial:03d}"
    code = f"{ten}{check_digit(ten)}"
    assert is_personal_code(code)
    assert birth_date_of_code(code) == born


def test_plates_compare_without_spaces_hyphens_and_case() -> None:
    assert normal_plate(" qa-12 34") == "QA1234"


def test_a_vin_has_seventeen_characters_and_no_i_o_q() -> None:
    assert is_vin("0VF1AB2CD3EF45678")
    assert not is_vin("0VF1AB2CD3EF4567I")
    assert not is_vin("0VF1AB2CD3EF4567")
