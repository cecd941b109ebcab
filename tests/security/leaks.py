"""Random queries under random contracts against the whole platform: no value that the contract denies ever shows.

    python -m tests.security.leaks --queries 10000 --seed 1          (scripts/canaries)

Looked at: the bytes of every answer with its headers, every log record with what it carries, every audit record. Prints how
many queries were asked, how many were answered with data and how many canaries were seen rightly; a leak ends it with the
contract and the query that show it.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import msgspec
from graphql import GraphQLSchema

from saite.graph import api_schema, shipped_graph
from tests.security.pen import Pen, canaries_in, seen_by
from tests.security.population import Population, population
from tests.security.random_contracts import Drawn, book_of, draw
from tests.security.random_queries import Asker, Heard
from tests.security.town import ROOMS, Answer, Town, open_town

PER_CONTRACT = 40


@dataclass(frozen=True, slots=True)
class Leak:
    """A denied value that showed: where, under which contract, by which query."""

    where: str
    canaries: frozenset[str]
    contract: str
    query: str
    variables: object
    answer: bytes
    detail: str = ""


@dataclass
class Found:
    """What a run came to."""

    asked: int = 0
    with_data: int = 0
    withheld: int = 0
    rightly_seen: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    leaks: list[Leak] = field(default_factory=list)


class Ear(logging.Handler):
    """Hears every log record: its words, what went with it, and tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.heard: list[str] = []
        self.setFormatter(logging.Formatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{self.format(record)} {record.__dict__}")


@contextmanager
def listening() -> Iterator[Ear]:
    """All that is logged, by anybody, at any level."""
    root, ear = logging.getLogger(), Ear()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    try:
        yield ear
    finally:
        root.removeHandler(ear)
        root.setLevel(level)


async def run(queries: int, seed: int, seconds: float | None = None) -> Found:
    """Ask that many queries, or for that long."""
    found, rng = Found(), random.Random(seed)
    ends = None if seconds is None else time.monotonic() + seconds
    pen = Pen()
    people = population(pen)
    with tempfile.TemporaryDirectory() as folder, listening() as ear:
        drawn = draw(rng)
        async with open_town(Path(folder) / "town", book_of(drawn.text)) as town:
            await town.fill(people.rooms)
            while found.asked < queries and not found.leaks and (ends is None or time.monotonic() < ends):
                attack = Attack(town, drawn, pen, people, rng, ear)
                for _ in range(min(PER_CONTRACT, queries - found.asked)):
                    await attack.once(found)
                drawn = draw(rng)
                town.use(book_of(drawn.text))
    return found


class Attack:
    """Queries under one contract."""

    def __init__(self, town: Town, drawn: Drawn, pen: Pen, people: Population, rng: random.Random, ear: Ear) -> None:
        self._town, self._drawn, self._rng, self._ear = town, drawn, rng, ear
        self._all = frozenset(pen.planted)
        self._may_see = seen_by(pen.planted, drawn.shown, drawn.sees(people))
        self._heard = Heard([row[1] for row in people.attributes], sorted(pen.planted))
        self._allowed = drawn.read | drawn.counts | drawn.listed

    async def once(self, found: Found) -> None:
        """Ask one query, at the gateway or past it, and look at everything that came of it."""
        room = self._rng.choice(ROOMS) if self._rng.random() < 0.2 else None
        schema = room_schema(room) if room else api_schema()
        # a room asked past the gateway refuses the whole call for one field: more of them have to be allowed
        allowed = self._drawn.read | self._drawn.counts if room else self._allowed
        query, variables = Asker(self._rng, schema, allowed, self._heard).operation()
        before = self._town.log.tail(1)
        if room:
            answer = await self._town.ask_room(room, query, variables)
        else:
            answer = await self._town.ask(query, variables, way=self._rng.choice(("POST", "POST", "GET")))
        said = canaries_in(query.encode() + msgspec.json.encode(variables))
        self._judge(answer, room or "gateway", query, variables, said, found)
        records = self._town.log.tail(1)
        if records != before:
            # no value at all belongs into the audit, denied or not
            self._tell(found, "audit", canaries_in(repr(records).encode()), query, variables, answer, repr(records))
        logged, self._ear.heard[:] = "".join(self._ear.heard), []
        self._tell(found, "logs", canaries_in(logged.encode()) - said, query, variables, answer, logged[-2000:])

    def _judge(
        self, answer: Answer, where: str, query: str, variables: dict[str, object], said: set[str], found: Found
    ) -> None:
        told = canaries_in(answer.body + repr(answer.headers).encode()) & self._all
        content = answer.json
        found.asked += 1
        found.with_data += content.get("data") is not None
        found.withheld += bool(content.get("extensions", {}).get("withheld"))
        found.rightly_seen += len(told & self._may_see)
        found.kinds.update([f"{where} {answer.status}"])
        self._heard.cursors.extend(_cursors(content))
        del self._heard.cursors[:-20]
        in_data = canaries_in(msgspec.json.encode(content.get("data")))
        # what the attacker wrote may come back in an error that quotes it, never in the data
        self._tell(found, where, (in_data | (told - said)) - self._may_see, query, variables, answer)

    def _tell(
        self, found: Found, where: str, canaries: set[str], query: str, variables: object, answer: Answer, more: str = ""
    ) -> None:
        if canaries:
            found.leaks.append(Leak(where, frozenset(canaries), self._drawn.text, query, variables, answer.body, more))


def _cursors(content: object) -> Iterator[str]:
    match content:
        case dict():
            for value in content.values():
                yield from _cursors(value)
        case list():
            for value in content:
                yield from _cursors(value)
        case str() if len(content) > 40 and not content.startswith(("aud_", "evt_")) and " " not in content:
            yield content


@lru_cache(maxsize=len(ROOMS))
def room_schema(room: str) -> GraphQLSchema:
    """What a room serves."""
    return shipped_graph().supergraph.subgraph_schema(room)


def main() -> int:
    """Ask as many queries as asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    started = time.monotonic()
    found = asyncio.run(run(asked.queries, asked.seed))
    print(  # noqa: T201
        f"{found.asked} queries, {found.with_data} answered with data, {found.withheld} with something withheld, "
        f"{found.rightly_seen} canaries seen rightly, {len(found.leaks)} leaks, {time.monotonic() - started:.0f} s"
    )
    print(", ".join(f"{kind}: {count}" for kind, count in sorted(found.kinds.items())))  # noqa: T201
    for leak in found.leaks[:1]:
        said = (leak.contract, leak.query, leak.variables, leak.answer, leak.where, sorted(leak.canaries), leak.detail)
        print(*said, sep="\n")  # noqa: T201
    return 1 if found.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
