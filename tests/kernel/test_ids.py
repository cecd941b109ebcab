from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import derived_id, is_id, new_id

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_a_new_id_says_its_kind_and_is_never_made_twice() -> None:
    ids = {new_id("evt", NOON) for _ in range(1000)}
    assert len(ids) == 1000
    assert all(is_id(each, "evt") and not is_id(each, "per") for each in ids)


def test_ids_sort_by_the_time_they_were_made() -> None:
    assert new_id("evt", NOON) < new_id("evt", NOON + timedelta(milliseconds=1))


@given(st.lists(st.text(), min_size=1, max_size=4), st.lists(st.text(), min_size=1, max_size=4))
def test_what_a_source_names_has_one_id_and_no_other_has_it(one: list[str], other: list[str]) -> None:
    assert derived_id("evt", NOON, *one) == derived_id("evt", NOON, *one)
    same = "\x1f".join(one) == "\x1f".join(other)
    assert (derived_id("evt", NOON, *one) == derived_id("evt", NOON, *other)) == same


def test_an_id_with_anything_after_it_is_no_id() -> None:
    assert not is_id(new_id("evt", NOON) + "\n")
    assert not is_id("evt_123")
