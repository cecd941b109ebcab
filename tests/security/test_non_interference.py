"""Non-interference: what a contract denies changes no byte of any answer."""

from __future__ import annotations

import random

import pytest

from tests.security.interference import denied_by, other_world, run
from tests.security.pen import Pen
from tests.security.population import population
from tests.security.random_contracts import draw


@pytest.mark.slow
async def test_two_worlds_that_differ_in_denied_data_alone_are_answered_alike() -> None:
    compared = await run(queries=100_000, seed=random.randrange(2**32), seconds=15)
    assert compared.found == []
    assert compared.asked >= 20
    assert compared.with_data > 0
    assert compared.differing > 300


def test_the_other_world_is_another_one_and_shows_the_same_rows() -> None:
    rng = random.Random(3)
    drawn, first = draw(rng), population(Pen())
    second, differing = other_world(drawn, first, rng)
    assert differing > 100
    sees = drawn.sees(second)

    def visible(rooms: dict) -> set[str]:
        rows = {(type(one).__name__.removesuffix("Record"), one.id) for records in rooms.values() for one in records}
        return {row[1] for row in rows if sees(row)}

    assert visible(first.rooms) == visible(second.rooms) != set()
    assert first.rooms != second.rooms


def test_a_value_that_may_be_read_filtered_or_sorted_by_is_the_same_in_both_worlds() -> None:
    drawn = draw(random.Random(4))
    is_denied = denied_by(drawn, lambda _row: True)
    field = next(iter(sorted(drawn.read)))
    assert not is_denied(((field,),), ("Event", "x"))
    assert not is_denied(((next(iter(drawn.filters)),),), ("Event", "x"))
    assert is_denied((("Event.nothing",),), ("Event", "x"))
    assert denied_by(drawn, lambda _row: False)(((field,),), ("Event", "x"))
