"""Two worlds that differ in nothing but what a contract denies are answered alike, byte for byte.

    python -m tests.security.interference --queries 2000 --seed 1

For each random contract a second world is written: other values in every field that the contract gives no right on, other
values in every hidden row, some hidden rows gone, others added, some references to hidden rows cut. What a caller sees in the
answer (data, order, cursors, `hasNextPage`, counts, errors, status, headers) must be the same; only ids that are random by
intent are made equal first.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from saite.graph import api_schema
from tests.security.pen import Pen, Row, Spot
from tests.security.population import EVENTS, Population, population
from tests.security.random_contracts import Drawn, book_of, draw, structure
from tests.security.random_queries import Asker, Heard
from tests.security.town import Answer, Town, open_town

RANDOM_IDS: Final = re.compile(rb"aud_[0-9a-f]{32}|err_[0-9a-f]{16}|req_[0-9a-f]{32}|(?<=\"errorId\":\")[0-9a-f]{16}")
PER_CONTRACT = 20
PATTERNS: Final = ("zq*q", "*zq*", "VNR-zq?*")  # what is searched: every number, some of them, those of events
ADDED = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """A query that tells the two worlds apart."""

    contract: str
    query: str
    variables: object
    one: bytes
    other: bytes


@dataclass
class Compared:
    """What a run came to: queries, those with data, values that differed between the worlds."""

    asked: int = 0
    with_data: int = 0
    differing: int = 0
    found: list[Difference] = field(default_factory=list)


def denied_by(drawn: Drawn, sees: Callable[[Row], bool]) -> Callable[[tuple[Spot, ...], Row], bool]:
    """Whether nobody under the contract may tell which value stands at the spots of a row."""
    readable = drawn.read | structure()

    def is_denied(spots: tuple[Spot, ...], row: Row) -> bool:
        if not sees(row):
            return True
        is_read = any(all(step in readable for step in spot) for spot in spots)
        is_used = any(step in drawn.filters or step in drawn.sorts for spot in spots for step in spot)
        return not is_read and not is_used

    return is_denied


def other_world(drawn: Drawn, first: Population, rng: random.Random) -> tuple[Population, int]:
    """The second world, and how many values in it are others."""
    count = 0
    everybody = population(Pen(), EVENTS + ADDED)
    sees = drawn.sees(everybody)
    is_denied = denied_by(drawn, sees)

    def differs(spots: tuple[Spot, ...], row: Row) -> bool:
        nonlocal count
        denied = is_denied(spots, row)
        count += denied
        return denied

    second = population(Pen(differs, lambda row: not sees(row)), EVENTS + ADDED)
    rooms = {room: [record for record in records if _stays(record, first, sees, rng)] for room, records in second.rooms.items()}
    return Population(rooms, second.attributes), count


def _stays(record: Any, first: Population, sees: Callable[[Row], bool], rng: random.Random) -> bool:
    row = (type(record).__name__.removesuffix("Record"), record.id)
    if sees(row):
        return row in first.attributes
    return rng.random() < 0.7


def told(answer: Answer) -> bytes:
    """All that a caller sees."""
    return RANDOM_IDS.sub(b"id", answer.body) + f" {answer.status} {sorted(answer.headers.items())}".encode()


async def run(queries: int, seed: int, seconds: float | None = None) -> Compared:
    """Compare that many queries, or for that long."""
    compared, rng = Compared(), random.Random(seed)
    ends = None if seconds is None else time.monotonic() + seconds
    first = population(Pen())
    with tempfile.TemporaryDirectory() as folder:
        drawn = draw(rng)
        async with open_town(Path(folder) / "one", book_of(drawn.text)) as one:
            await one.fill(first.rooms)
            nth = 0
            while compared.asked < queries and not compared.found and (ends is None or time.monotonic() < ends):
                nth += 1
                one.use(book_of(drawn.text))
                second, count = other_world(drawn, first, rng)
                compared.differing += count
                async with open_town(Path(folder) / f"other{nth}", one.books.current) as other:
                    await other.fill(second.rooms)
                    for _ in range(PER_CONTRACT):
                        await _compare(one, other, drawn, first, rng, compared)
                drawn = draw(rng)
    return compared


async def _compare(one: Town, other: Town, drawn: Drawn, first: Population, rng: random.Random, compared: Compared) -> None:
    heard = Heard([row[1] for row in first.attributes], ["zq00000000q", "Qzq", "TEST", "LV", "0001000", "LV-VP", *PATTERNS])
    allowed = drawn.read | drawn.counts | drawn.listed
    query, variables = Asker(rng, api_schema(), allowed, heard, bold=0.02).operation()
    answers = [await town.ask(query, variables) for town in (one, other)]
    compared.asked += 1
    compared.with_data += answers[0].json.get("data") is not None
    if told(answers[0]) != told(answers[1]):
        compared.found.append(Difference(drawn.text, query, variables, told(answers[0]), told(answers[1])))


def main() -> int:
    """Compare as many queries as asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.monotonic()
    compared = asyncio.run(run(asked.queries, asked.seed))
    print(  # noqa: T201
        f"{compared.asked} queries in both worlds, {compared.with_data} answered with data, "
        f"{compared.differing} values differed, {len(compared.found)} told the worlds apart, {time.monotonic() - started:.0f} s"
    )
    for one in compared.found[:1]:
        print(f"{one.contract}\n{one.query}\n{one.variables}\n{one.one!r}\n{one.other!r}")  # noqa: T201
    return 1 if compared.found else 0


if __name__ == "__main__":
    sys.exit(main())
