"""S-26 node-global: an id harvested elsewhere and one that never was, asked by `node` and by id: same bytes, same time."""

from __future__ import annotations

import random
import time
from math import sqrt
from statistics import mean, variance

import pytest

from tests.security.interference import told
from tests.security.population import row_of
from tests.security.town import Town

HIDDEN = row_of("Event", 8)[1]
ABSENT = row_of("Event", 777)[1]
QUERIES = (
    "query($id: ID!) { node(id: $id) { ... on Event { id kind } } }",
    "query($id: ID!) { event(id: $id) { id kind place { text } } }",
    "query($id: ID!) { a: node(id: $id) { __typename } b: node(id: $id) { id } }",
)


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("way", ["POST", "GET"])
async def test_s26_a_hidden_row_and_an_absent_one_give_the_same_bytes(town: Town, query: str, way: str) -> None:
    hidden, absent = [told(await town.ask(query, {"id": one}, way=way)) for one in (HIDDEN, ABSENT)]
    assert hidden == absent
    assert HIDDEN.encode() not in hidden


async def test_s26_the_same_of_other_registers_rows(town: Town) -> None:
    for type_name, hidden in (("person", row_of("Person", 3)[1]),):
        query = f"query($id: ID!) {{ {type_name}(id: $id) {{ familyName documents {{ kind }} }} }}"
        answers = [told(await town.ask(query, {"id": one})) for one in (hidden, hidden.replace("3", "9"))]
        assert answers[0] == answers[1]


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t of two samples."""
    return (mean(one) - mean(other)) / sqrt(variance(one) / len(one) + variance(other) / len(other))


async def difference(town: Town, times: int) -> float:
    taken: dict[str, list[float]] = {HIDDEN: [], ABSENT: []}
    order = [HIDDEN, ABSENT] * times
    random.shuffle(order)
    for one in order:
        started = time.thread_time()
        await town.ask(QUERIES[1], {"id": one})
        taken[one].append(time.thread_time() - started)
    # the slowest tenth is the machine's other work
    samples = [sorted(each)[: len(each) * 9 // 10] for each in taken.values()]
    return abs(welch(*samples))


@pytest.mark.slow
async def test_s26_a_hidden_row_takes_as_long_as_an_absent_one(town: Town) -> None:
    await difference(town, 20)
    # a true difference shows every time; the machine's noise does not
    assert min([await difference(town, 250) for _ in range(2)]) < 4.5
