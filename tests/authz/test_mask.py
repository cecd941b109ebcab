from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.document.model import MaskRule
from authz.errors import MaskDoesNotFit
from authz.mask import ValueMask
from tests.authz.small_world import mask_of


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


def test_small_counts_are_suppressed_and_others_rounded() -> None:
    mask = mask_of("STATISTICS")
    assert [mask.published_count(count) for count in (0, 1, 4, 5, 6)] == [None, None, None, 5, 6]


def test_a_right_that_does_not_exist_is_not_permitted() -> None:
    mask = mask_of()
    assert mask.permits("read", "Person.familyName")
    assert not mask.permits("write", "Person.familyName")
    assert not mask.permits("filter", "Person.familyName")
