"""Counts of a room under a contract for statistics (S-21, S-22): small cells, rounding, subtraction, pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from authz.document.model import Aggregates
from authz.signed_context import ContextSigner, ContextVerifier
from kernel.clock import FixedClock
from subgraphs.events.app import build_app
from subgraphs.events.model import Place
from subgraphs.events.settings import settings
from subgraphs.events.store_sqlite import open_store
from subgraphs.room.guard import Guard
from subgraphs.room.where import All, AnyOf, Circle, Compare, Not, Some
from subgraphs.room.where_text import text_of, where_in
from tests.subgraphs.conftest import NOW, SECRET, Room
from tests.subgraphs.samples import event

COUNT = "query($w: EventWhere) { events(where: $w) { totalCount } }"


class Statistician(Guard):
    """A door that puts a statistician's limits in place of the contract's."""

    changes: dict[str, Any]

    def admit(self, header: str | None, body: bytes, schema: Any) -> Any:
        entered = super().admit(header, body, schema)
        return replace(entered, mask=replace(entered.mask, **self.changes))


@pytest.fixture
async def room(tmp_path: Path, book: Any, keys: Path) -> AsyncIterator[Room]:
    clock = FixedClock(NOW)
    store = await open_store(tmp_path / "events.db", clock)
    await store.put_many([event(n, place=Place(atvk="0001000" if n <= 12 else "0005000")) for n in range(1, 24)])
    guard = Statistician(ContextVerifier.open(keys, "events"), book, clock)
    guard.changes = {"aggregates": Aggregates(10, 1, None, True)}
    yield Room("events", build_app(settings(SECRET), store, guard), store, ContextSigner.open(keys), book)
    await store.close()


async def count(room: Room, where: Any = None) -> tuple[Any, list[str]]:
    answer = (await room.ask(COUNT, {"w": where})).json
    return answer["data"]["events"]["totalCount"], [error["extensions"]["code"] for error in answer.get("errors", ())]


def until(hour: int) -> dict[str, Any]:
    return {"occurred": {"to": f"2026-01-01T{hour:02}:30:00Z"}}


async def test_a_small_count_is_null_and_said_to_be_suppressed(room: Room) -> None:
    assert await count(room, until(9)) == (None, ["SUPPRESSED"])
    assert await count(room, until(0)) == (None, ["SUPPRESSED"])
    assert await count(room, until(10)) == (10, [])


async def test_the_second_of_two_counts_that_differ_by_one_is_suppressed(room: Room) -> None:
    assert await count(room, until(11)) == (11, [])
    assert await count(room, until(12)) == (None, ["SUPPRESSED"])
    assert await count(room, {"and": [until(12), {"occurred": {"from": "2025-01-01T00:00:00Z"}}]}) == (None, ["SUPPRESSED"])
    assert await count(room, until(21)) == (21, [])
    assert await count(room, until(11)) == (11, [])


async def test_a_total_and_all_but_one_of_its_cells_do_not_tell_the_last(room: Room) -> None:
    riga = {"place": {"atvk": {"eq": "0001000"}}}
    assert await count(room) == (23, [])
    assert await count(room, riga) == (12, [])
    assert await count(room, {"not": riga}) == (11, [])
    nearly = {"and": [{"not": riga}, {"occurred": {"to": "2026-01-01T23:15:00Z"}}]}
    assert await count(room, nearly) == (11, [])  # the same rows, said otherwise
    rest = {"occurred": {"from": "2026-01-01T13:30:00Z"}}
    assert await count(room, rest) == (None, ["SUPPRESSED"])


async def test_a_purpose_for_aggregates_shows_no_pages_to_count(room: Room) -> None:
    guard: Any = room.app._guard
    guard.changes = {"aggregates": Aggregates(10, 5), "aggregates_only": True}
    query = "{ events(first: 1) { totalCount nodes { kind } edges { cursor } pageInfo { hasNextPage } } }"
    answer = (await room.ask(query)).json
    assert answer["data"] is None or answer["data"]["events"]["totalCount"] == 25
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUPPRESSED"}
    assert "hasNextPage" not in str(answer["data"])
    assert await count(room) == (25, [])


def test_a_condition_is_the_same_after_it_was_remembered() -> None:
    where = All(
        (
            Compare("kind", "in", ("B", "A")),
            Not(
                AnyOf(
                    (Compare("occurred_at", "from", datetime(2026, 1, 1, tzinfo=UTC)), Compare("day", "to", date(2026, 1, 1)))
                )
            ),
            Some("place", Compare("point", "within", Circle(56.9, 24.1, 500.0))),
        )
    )
    assert text_of(where_in(text_of(where))) == text_of(where)
    assert text_of(Compare("kind", "in", ("A", "B"))) == text_of(Compare("kind", "in", ("B", "A")))
