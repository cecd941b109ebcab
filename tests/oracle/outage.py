"""A subgraph that fails: whatever an answer lacks because of it has an error there.

In: a bench and a query that it answers without errors. Out: the places where the answer with a failing subgraph has less, and
says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Any

import msgspec

from gateway.execution import SubgraphAnswer, SubgraphRequest, Transport
from tests.oracle.compare import Bench

Path = tuple[str | int, ...]


class Failure(Enum):
    """How a subgraph fails: with an HTTP status, at every look-up of entities, or at one field of each answer."""

    WHOLE = "whole"
    ENTITIES = "entities"
    FIELD = "field"


@dataclass(slots=True)
class Failing:
    """A subgraph in front of which something fails."""

    inner: Transport
    failure: Failure
    random: Random

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        """The broken answer."""
        if self.failure is Failure.WHOLE:
            return SubgraphAnswer(503, b"")
        if self.failure is Failure.ENTITIES and b"_entities" in request.body:
            return SubgraphAnswer(200, b'{"data":null,"errors":[{"message":"down"}]}')
        answer = await self.inner.send(request)
        if self.failure is not Failure.FIELD:
            return answer
        body = msgspec.json.decode(answer.body)
        leaves = list(_leaves(body.get("data"), ()))
        if not leaves:
            return answer
        path = self.random.choice(leaves)
        target = body["data"]
        for step in path[:-1]:
            target = target[step]
        target[path[-1]] = None
        body["errors"] = [*body.get("errors", ()), {"message": "broken", "path": list(path)}]
        return SubgraphAnswer(200, msgspec.json.encode(body))

    async def close(self) -> None:
        """Nothing to do."""


def silent_losses(
    bench: Bench, query: str, variables: Mapping[str, object], service: str, failure: Failure, random: Random
) -> list[Path]:
    """Where the answer lacks something without an error at, above or below the place."""
    assert bench.federation is not None
    federation, subgraphs = bench.federation, dict(bench.federation.subgraphs)
    planned = federation.plan(query, frozenset())
    whole = bench.loop.run_until_complete(federation.answer(planned, variables))
    federation.subgraphs[service] = Failing(subgraphs[service], failure, random)  # type: ignore[assignment]  # a transport too
    try:
        got = bench.loop.run_until_complete(federation.answer(planned, variables))
    finally:
        federation.subgraphs[service] = subgraphs[service]
    told = [tuple(error.get("path") or ()) for error in got.errors]
    lost = _differences(msgspec.json.decode(whole.data), msgspec.json.decode(got.data), ())
    return [place for place in lost if not any(_touch(place, other) for other in told)]


def _leaves(value: Any, path: Path) -> Iterator[Path]:
    match value:
        case dict():
            for key, inner in value.items():
                if key != "__typename":
                    yield from _leaves(inner, (*path, key))
        case list():
            for index, inner in enumerate(value):
                yield from _leaves(inner, (*path, index))
        case _:
            yield path


def _differences(whole: Any, got: Any, path: Path) -> Iterator[Path]:
    if isinstance(whole, dict) and isinstance(got, dict):
        for key in whole:
            yield from _differences(whole[key], got.get(key), (*path, key))
    elif isinstance(whole, list) and isinstance(got, list) and len(whole) == len(got):
        for index, (one, other) in enumerate(zip(whole, got, strict=True)):
            yield from _differences(one, other, (*path, index))
    elif whole != got:
        yield path


def _touch(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
