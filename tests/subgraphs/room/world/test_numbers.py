"""Natural keys that nobody can really have."""

from __future__ import annotations

import re

import pytest

from kernel.natural_keys import is_personal_code, is_vin, normal_number, normal_plate
from subgraphs.room.world.numbers import document_number, personal_code, plate, vin

CATEGORIES = ("M1", "N1", "L3e", "L1e", "O1", "T")
FAR = (*range(2_000), *range(139_000, 161_000, 7), *range(0, 1_280_000, 641))
"""Numbers at the ends of the short forms, and all over the large world."""


def test_personal_codes_are_invented_ones_and_all_different():
    codes = [personal_code(number, earlier=earlier) for number in FAR for earlier in (False, True)]

    assert all(is_personal_code(code) and re.fullmatch(r"3[01]99\d{2}-\d{5}", code) for code in codes)
    assert len(set(codes)) == 2 * len(set(FAR))


def test_plates_start_with_q_and_are_all_different_whatever_the_kind_of_vehicle():
    plates = [normal_plate(plate(number, category, "LV")) for number in FAR for category in CATEGORIES]
    foreign = [normal_plate(plate(number, "M1", "LT")) for number in FAR]

    assert all(made.startswith("Q") for made in plates + foreign)
    by_kind = {}
    for made, category in zip(plates, CATEGORIES * len(FAR), strict=True):
        # goods vehicles carry plates of the same form as cars: one vehicle has one category, so the number decides
        assert by_kind.setdefault(made, "N1" if category == "M1" else category) == ("N1" if category == "M1" else category)
    assert len(set(plates)) == (len(CATEGORIES) - 1) * len(set(FAR))
    assert len(set(foreign)) == len(set(FAR))
    assert not set(plates) & set(foreign)


@pytest.mark.parametrize(
    ("category", "number", "form"),
    [
        ("M1", 5, r"Q[A-Z]-\d{1,4}"),
        ("M1", 900_000, r"Q[A-Z]{2}\d{4}"),
        ("O1", 233, r"Q-234"),
        ("L3e", 122, r"QM-123"),
        ("L3e", 5_000, r"QM[A-Z]-\d{1,3}"),
        ("T", 123_456, r"Q12 34 56 LV"),
    ],
)
def test_a_plate_has_the_form_of_its_kind(category, number, form):
    assert re.fullmatch(form, plate(number, category, "LV"))


def test_vins_start_with_0_and_end_with_the_serial_number():
    vins = [vin(number, "VP", 1990 + number % 36, number * 7919 % 2**30) for number in FAR]

    assert all(is_vin(made) and made.startswith("0") for made in vins)
    assert len(set(vins)) == len(set(FAR))


def test_document_numbers_have_a_series_with_q_and_are_all_different_within_their_kind():
    for kind in ("PASSPORT", "ID_CARD", "DRIVING_LICENCE", "VEHICLE_CERTIFICATE"):
        numbers = [document_number(number * 4, kind) for number in FAR]
        assert all(re.fullmatch(r"Q[A-Z]\d{6,7}", made) for made in numbers)
        assert len({normal_number(made) for made in numbers}) == len(set(FAR))
