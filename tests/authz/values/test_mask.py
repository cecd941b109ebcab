from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.document.model import MaskRule
from authz.errors import MaskDoesNotFit
from authz.values import MaskKeys, ValueMask, grid_line, municipality

KEY = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Spot:
    lat: float
    lon: float


def mask(fn: str, n: int = 0, fill: str = "*", metres: int = 1000) -> ValueMask:
    return ValueMask(MaskRule(fn, n, fill, metres))


def test_the_last_characters_stay() -> None:
    assert ValueMask(MaskRule("keep_last", 4, "*")).apply("309901-00017") == "********0017"


def test_a_short_value_is_not_shown_whole() -> None:
    assert ValueMask(MaskRule("keep_last", 4, "*")).apply("0017") == "****"
    assert ValueMask(MaskRule("keep_last", 0, "*")).apply("0017") == "****"


def test_initials_of_every_name() -> None:
    assert ValueMask(MaskRule("initials", 0, "*")).apply("Anna-Marija Bērziņa") == "A. M. B."


def test_nothing_stays_nothing_and_lists_are_masked_one_by_one() -> None:
    mask = ValueMask(MaskRule("keep_first", 1, "•"))
    assert mask.apply(None) is None
    assert mask.apply(["abc", None]) == ["a••", None]


def test_what_is_no_text_is_not_shown() -> None:
    with pytest.raises(MaskDoesNotFit):
        ValueMask(MaskRule("keep_last", 2, "*")).apply(12345)


@given(st.sampled_from(["keep_last", "keep_first", "initials"]), st.integers(0, 5), st.text(max_size=12))
def test_masking_twice_changes_nothing(fn: str, n: int, text: str) -> None:
    mask = ValueMask(MaskRule(fn, n, "*"))
    once = mask.apply(text)
    assert mask.apply(once) == once


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(1980, 7, 9), date(1980, 1, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        ("1980-07-09", "1980"),
    ],
)
def test_of_a_day_the_year_stays(value: object, shown: object) -> None:
    assert mask("year").apply(value) == shown


def test_a_hash_is_the_same_within_a_contract_and_another_in_the_next(tmp_path: Path) -> None:
    keys = MaskKeys.open(tmp_path)
    assert MaskKeys.open(tmp_path).of("C-1") == keys.of("C-1")
    one, again = (mask("hash").apply("309901-00017", keys.of("C-1")) for _ in range(2))
    assert one == again
    assert one != mask("hash").apply("309901-00017", keys.of("C-2"))
    assert "00017" not in str(one)
    assert (tmp_path / "value-masks.key").stat().st_mode & 0o077 == 0
    assert b"309901" not in repr(keys).encode()


def test_without_the_key_no_hash_is_shown() -> None:
    with pytest.raises(MaskDoesNotFit, match="has no key"):
        mask("hash").apply("309901-00017")


@given(st.floats(55.6, 58.1), st.floats(20.9, 28.3), st.sampled_from([100, 1000, 5000]))
def test_a_point_is_shown_as_the_middle_of_its_cell(lat: float, lon: float, metres: int) -> None:
    grid = mask("grid", metres=metres)
    shown: Any = grid.apply(Spot(lat, lon))
    assert grid.apply(shown) == shown
    assert abs(shown.lat - lat) * 111_194.93 <= metres / 2 + 0.1
    assert abs(shown.lon - lon) * 111_194.93 * math.cos(math.radians(57)) <= metres / 2 + 0.1
    assert grid.is_result(shown.lat, "lat")
    assert grid.is_result(shown.lon, "lon")


def test_all_points_of_a_cell_are_shown_alike() -> None:
    middle = grid_line(56.95, 1000, "lat")
    step = 1000 / 111_194.93
    assert {grid_line(middle + step * part, 1000, "lat") for part in (-0.49, -0.2, 0.0, 0.3, 0.49)} == {middle}


def test_a_territorial_unit_is_shown_as_its_municipality() -> None:
    assert mask("atvk").apply("0028101") == "0028000"
    assert municipality("0028101x") is None
    with pytest.raises(MaskDoesNotFit):
        mask("atvk").apply("Rīga, Brīvības iela 1")


def test_a_hit_tells_that_there_is_something_and_not_how_much() -> None:
    hit = mask("hit")
    assert hit.apply("wanted for theft") == "HIT"
    assert hit.apply(None) is None
    assert hit.apply(["a", "b"]) == ["HIT"]
    assert hit.apply([]) == []
    assert len(hit.apply((Spot(1, 1), Spot(2, 2)))) == 1  # type: ignore[arg-type]  # a list


REAL = {
    "keep_last": ["309901-00017", "00017"],
    "keep_first": ["Bērziņa"],
    "initials": ["Anna", "Bērziņa"],
    "year": ["1980-07-09", "1980-07", "2026-01-01T10:00:00Z"],
    "hash": ["309901-00017", "#00"],
    "atvk": ["0028101", "Rīga"],
    "hit": ["wanted", ["a", "b"]],
}


@pytest.mark.parametrize(("fn", "value"), [(fn, value) for fn, values in REAL.items() for value in values])
def test_a_value_that_came_unmasked_is_no_result_of_the_mask(fn: str, value: object) -> None:
    assert not mask(fn, 4).is_result(value)


def test_a_point_that_came_unmasked_is_no_result_of_the_grid() -> None:
    chance = random.Random(1)
    for _ in range(1_000):
        assert not mask("grid").is_result(round(chance.uniform(55.6, 58.1), 6), "lat")
        assert not mask("grid").is_result(round(chance.uniform(20.9, 28.3), 6), "lon")


@given(st.sampled_from(sorted(REAL)), st.integers(1, 5), st.text(max_size=15))
def test_what_a_mask_makes_is_a_result_of_it(fn: str, n: int, text: str) -> None:
    one = mask(fn, n)
    try:
        shown = one.apply(text, KEY)
    except MaskDoesNotFit:
        return
    assert one.is_result(shown)
    assert one.is_result([shown, None]) or fn == "hit"
