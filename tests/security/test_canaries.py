"""Canaries in every field and row: a sample of random queries under random contracts shows none that is denied.

`scripts/canaries` asks ten thousand.
"""

from __future__ import annotations

import random

import pytest

from tests.security.leaks import run
from tests.security.pen import Pen, canaries_in, seen_by
from tests.security.population import population
from tests.security.random_contracts import book_of, draw


@pytest.mark.slow
async def test_no_denied_value_shows_in_answers_logs_or_audit() -> None:
    found = await run(queries=100_000, seed=random.randrange(2**32), seconds=20)
    assert found.leaks == []
    # the search means something only when queries get through, and values are there to be found
    assert found.asked >= 20
    assert found.with_data > 0
    assert found.rightly_seen > 0 or found.asked < 300


def test_the_registers_of_the_search_have_a_canary_in_every_text_and_row() -> None:
    pen = Pen()
    people = population(pen)
    assert len(pen.planted) > 400
    rows = {one.row for one in pen.planted.values()}
    assert rows == people.attributes.keys()
    assert canaries_in(b"a ZQ0123456789q zq01234567q") == {"zq01234567q"}


def test_what_may_be_seen_is_told_by_the_contracts_words_alone() -> None:
    pen = Pen()
    people = population(pen)
    drawn = draw(random.Random(5))
    visible = drawn.sees(people)
    seen = seen_by(pen.planted, drawn.shown, visible)
    assert set() < set(seen) < set(pen.planted)
    assert all(visible(pen.planted[canary].row) for canary in seen)
    assert book_of(drawn.text).of_agency("LV-TEST") is not None
