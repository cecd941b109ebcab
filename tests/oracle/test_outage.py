"""Nothing that a failing subgraph takes is null without an error."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from tests.oracle.compare import Bench
from tests.oracle.draw_operation import draw_operation
from tests.oracle.draw_world import draw_world
from tests.oracle.outage import Failure, silent_losses


@pytest.mark.parametrize("failure", list(Failure))
@pytest.mark.parametrize("seed", range(5000, 5004))
def test_what_a_failing_subgraph_takes_is_told(seed: int, failure: Failure) -> None:
    random = Random(seed)
    bench = Bench(replace(draw_world(random), failing=frozenset()))
    bench.is_thorough = False
    assert bench.federation is not None, bench.failure
    names = sorted(bench.federation.subgraphs)
    try:
        for _ in range(10):
            drawn = draw_operation(random, bench.monolith.schema)
            if drawn.query.lstrip().startswith("query") and bench.difference(drawn.query, drawn.variables, frozenset()) is None:
                name = random.choice(names)
                lost = silent_losses(bench, drawn.query, drawn.variables, name, failure, random)
                assert not lost, f"{name} fails, and nothing says so at {lost} of {drawn.query} {dict(drawn.variables)}"
    finally:
        bench.close()
