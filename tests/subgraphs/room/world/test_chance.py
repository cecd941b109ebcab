"""Chance that can be repeated."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from kernel.ids import is_id
from subgraphs.room.world.chance import Ids, stream, wheel


@given(st.dictionaries(st.integers(), st.floats(0.001, 1000), min_size=1, max_size=40))
def test_a_wheel_fills_its_slots_and_forgets_nobody(weights):
    drawn = wheel(weights, 256)

    assert len(drawn) == 256
    assert set(drawn) == set(weights)


def test_a_wheel_gives_each_key_its_share():
    assert Counter(wheel({"a": 3, "b": 1}, 1024)) == {"a": 768, "b": 256}


def test_a_key_without_weight_is_never_drawn():
    assert set(wheel({"a": 1, "b": 0}, 16)) == {"a"}


def test_the_same_key_gives_the_same_stream_and_another_key_another():
    assert stream(1, "people", 7).random() == stream(1, "people", 7).random()
    assert stream(1, "people", 7).random() != stream(1, "people", 8).random()


def test_the_first_number_of_a_stream_is_the_same_on_every_machine():
    assert stream(110, "community", 0).random() == 0.629441966024575


@given(st.integers(0, 2**48 - 1), st.integers(0, 9))
def test_ids_have_the_form_of_the_kernel(millis, index):
    made = Ids("per", 10, 1, 2).at(index, millis)

    assert is_id(made, "per")
    assert int(made[4:16], 16) == millis


def test_more_ids_of_a_key_begin_with_fewer():
    assert [Ids("veh", 3, 1).at(n, 0) for n in range(3)] == [Ids("veh", 50, 1).at(n, 0) for n in range(3)]
