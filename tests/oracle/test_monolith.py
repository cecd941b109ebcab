from __future__ import annotations

import pytest

from tests.oracle.fuzz import Tally, run_world
from tests.oracle.report import describe
from tests.oracle.shrink import shrink

OPERATIONS = 2_000
SLICES = 8


@pytest.mark.slow
@pytest.mark.parametrize("part", range(SLICES))
def test_a_federation_answers_random_operations_as_one_schema_does(part: int) -> None:
    tally = Tally()
    seed = 1_000_000 * (part + 1)
    while tally.operations < OPERATIONS // SLICES:
        run_world(seed, tally, per_world=25, thorough_every=6)
        seed += 1
        assert not tally.differences, describe(*shrink(*tally.differences[0][1:]))
    assert tally.drawn_badly < OPERATIONS // SLICES // 10
