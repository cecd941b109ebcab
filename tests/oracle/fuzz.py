"""Runs the oracle for as long as one likes: `scripts/fuzz [--operations N] [--seed S] [--seconds S] [--jobs N]`.

Each world is drawn from its own seed (S, S+1, …), so that `--seed S --operations 1` finds a difference again. Prints the rate
and every difference, shrunk. Exit status 1 when there was one.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.oracle.compare import Bench, Difference, NotAnOperation
from tests.oracle.draw_operation import draw_operation
from tests.oracle.draw_world import draw_world
from tests.oracle.report import describe
from tests.oracle.shrink import shrink
from tests.oracle.world import Case

PER_WORLD = 50


@dataclass(slots=True)
class Tally:
    """What a run came to. `drawn_badly` counts operations that were not valid and could not be compared."""

    operations: int = 0
    worlds: int = 0
    drawn_badly: int = 0
    differences: list[tuple[int, Case, Difference]] = field(default_factory=list)


def run_world(seed: int, tally: Tally, per_world: int = PER_WORLD, *, thorough_every: int = 10) -> None:
    """Draw the world of `seed` and compare operations on it, and look at every so many plans."""
    random = Random(seed)
    world = draw_world(random)
    bench = Bench(world)
    tally.worlds += 1
    try:
        difference = bench.schema_difference()
        if difference is not None:
            tally.differences.append((seed, Case(world, "{ __typename }"), difference))
            return
        for number in range(per_world):
            bench.is_thorough = number % thorough_every == 0
            _run_operation(seed, bench, random, tally)
    finally:
        bench.close()


def _run_operation(seed: int, bench: Bench, random: Random, tally: Tally) -> None:
    drawn = draw_operation(random, bench.monolith.schema)
    labels = frozenset(label for label in bench.labels if random.random() < 0.5)
    try:
        difference = bench.difference(drawn.query, drawn.variables, labels)
    except NotAnOperation:
        tally.drawn_badly += 1
        return
    tally.operations += 1
    if difference is not None:
        tally.differences.append((seed, Case(bench.world, drawn.query, drawn.variables, labels), difference))


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="fuzz", description="Compare random operations with a monolith's answers.")
    parser.add_argument("--operations", type=int, default=10_000, help="how many (default 10000)")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the first world's seed (default: the time)")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after this time")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--per-world", type=int, default=PER_WORLD, help="operations on each world")
    parser.add_argument("--most", type=int, default=20, help="stop after so many differences (default 20)")
    parser.add_argument("--keep-going", action="store_true", help="show every difference, not the first of a kind")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # a subgraph's errors are what is compared, not news
    shown: set[str] = set()
    total = Tally()
    started = time.monotonic()
    for tally in _tallies(options):
        total.operations += tally.operations
        total.worlds += tally.worlds
        total.drawn_badly += tally.drawn_badly
        total.differences += tally.differences
        for seed, case, difference in tally.differences:
            if options.keep_going or difference.kind not in shown:
                shown.add(difference.kind)
                _say(f"\n#### world seed {seed}\n{describe(*shrink(case, difference))}")
        if total.worlds % 100 == 0:
            _say(_rate(total, started))
        enough = len(total.differences) >= options.most
        if enough or total.operations >= options.operations or time.monotonic() - started > options.seconds:
            break
    _say(_rate(total, started))
    return 1 if total.differences else 0


def _tallies(options: argparse.Namespace) -> Iterator[Tally]:
    """One tally per world, in the order of seeds."""
    worlds = ((seed, options.per_world) for seed in range(options.seed, options.seed + options.operations))
    if options.jobs == 1:
        yield from map(_tally, worlds)
        return
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        yield from pool.imap(_tally, worlds)


def _tally(job: tuple[int, int]) -> Tally:
    tally = Tally()
    run_world(job[0], tally, job[1])
    return tally


def _rate(total: Tally, started: float) -> str:
    seconds = time.monotonic() - started
    return (
        f"{total.operations} operations on {total.worlds} worlds in {seconds:.0f} s ({total.operations / seconds:.0f}/s),"
        f" {len(total.differences)} differences, {total.drawn_badly} drawn badly"
    )


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
