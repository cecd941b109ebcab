"""Counts that were published never tell of few rows by being subtracted from each other."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authz.aggregates import CountLedger, Differencing, SqliteCountLedger, Suppressed, published
from authz.aggregates.errors import CountsUnusable
from authz.aggregates.ledger_postgresql import PostgresqlCountLedger
from authz.document.model import Aggregates

Rows = frozenset[str]


class Sets:
    """Questions are sets of rows, written as sorted letters; `there` are the rows that there are today."""

    def __init__(self, there: Rows | None = None) -> None:
        self.there = there

    async def outside(self, inside: Rows, without: Sequence[Rows]) -> int:
        return self.count(inside.difference(*without))

    def count(self, question: Rows) -> int:
        return len(question if self.there is None else question & self.there)


def rows(text: str) -> Rows:
    return frozenset(text)


async def told(guard: Differencing[Rows], text: str, there: str | None = None) -> int | None:
    """What is told of a question on a day on which `there` is; None when it is kept back."""
    today = Sets(None if there is None else rows(there))
    try:
        count = await guard.admit("".join(sorted(set(text))), today.count(rows(text)), today)
    except Suppressed:
        return None
    return None if count < guard._min_cell else count


async def answered(guard: Differencing[Rows], text: str) -> bool:
    return await told(guard, text) is not None


def guard(k: int = 3, ledger: CountLedger | None = None) -> Differencing[Rows]:
    return Differencing(ledger or SqliteCountLedger(), "C-1", k, rows)


async def test_two_counts_that_differ_by_one_row_are_not_both_published() -> None:
    one = guard()
    assert await answered(one, "abcdef")
    assert not await answered(one, "abcde")
    assert not await answered(one, "abcdefg")
    assert await answered(one, "abc")
    assert await answered(one, "abcdef")  # what was published is published again


async def test_the_last_cell_of_a_table_is_kept_back_when_it_completes_a_small_one() -> None:
    one = guard()
    assert await answered(one, "abcdefghij")
    assert await answered(one, "abcd")
    assert not await answered(one, "efgh")  # with the two above it would tell that ij are two
    other = guard()
    assert await answered(other, "abcd")
    assert await answered(other, "efgh")
    assert not await answered(other, "abcdefghij")


async def test_counts_that_only_overlap_are_published_and_what_they_share_is_a_question_of_its_own() -> None:
    one = guard()
    assert await answered(one, "abcdefg")
    assert await answered(one, "efghijk")
    assert not await answered(one, "abcdef")


async def test_a_refused_count_is_not_held_against_anybody() -> None:
    one = guard()
    assert await answered(one, "abcdef")
    assert not await answered(one, "abcde")
    assert await answered(one, "ab" + "cd" + "uvwxyz")


async def test_a_count_that_changed_by_few_is_told_as_it_was() -> None:
    one = guard()
    assert await told(one, "abcdefghij", there="abcdef") == 6
    assert await told(one, "abcdefghij", there="abcdefg") == 6
    assert await told(one, "abcdefghij", there="abcd") == 6
    assert await told(one, "abcdefghij", there="abcdefghi") == 9
    assert await told(one, "abcdefghij", there="abcdefgh") == 9
    other = guard()
    assert await told(other, "abcdefghij", there="abcd") == 4
    assert await told(other, "abcdefghij", there="ab") == 4, "null would tell that one or two are gone"
    assert await told(other, "abcdefghij", there="a") is None


async def test_a_count_is_held_against_what_was_told_of_others_on_another_day() -> None:
    one = guard()
    assert await told(one, "abcdefghij", there="abcdefgh") == 8
    assert await told(one, "abcdefg", there="abcdefg") is None, "nothing is outside today, but one was there when 8 were told"
    assert await told(one, "abcd", there="abcdefg") == 4
    other = guard()
    assert await told(other, "abcd", there="abcdefghij") == 4
    assert await told(other, "efgh", there="abcdefghij") == 4
    assert await told(other, "abcdefgh", there="abcdefghi") == 8
    assert await told(other, "abcdefghij", there="abcdefghi") is None


async def test_a_count_is_held_against_each_part_and_not_their_sum_alone() -> None:
    one = guard()
    assert await told(one, "abcd", there="abcdefghi") == 4
    assert await told(one, "efghi", there="abcdefghi") == 5
    assert await told(one, "abcdefghij", there="abcefg") is None, "6 less the 4 that were told of a part would be two"


async def test_a_question_that_may_not_be_told_anew_stays_as_it_was_told() -> None:
    one = guard()
    assert await told(one, "abcdefgh", there="abcd") == 4
    assert await told(one, "abcdefghijklm", there="abcdijklm") == 9
    assert await told(one, "abcdefgh", there="abcdefghi") == 4, "8 of 9 would leave one"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.text("abcdefgh", min_size=1), st.text("abcdefgh")), max_size=14), st.integers(2, 4))
def test_over_days_nothing_told_last_is_few_from_anything_else_told_last(asked: list[tuple[str, str]], k: int) -> None:
    async def ask() -> list[tuple[Rows, int]]:
        one = guard(k)
        given_out = [(rows(text), await told(one, text, there)) for text, there in asked]
        return [(question, number) for question, number in given_out if number is not None]

    said: dict[Rows, int] = {}
    for question, number in asyncio.run(ask()):
        before = said.get(question)
        assert before is None or not 0 < abs(before - number) < k
        if before != number:
            assert not any(0 < abs(number - known) < k for other, known in said.items() if other < question or question < other)
        said[question] = number


@pytest.fixture(params=["sqlite", "postgresql"])
def ledgers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], CountLedger]]:
    """Opens the same ledger, as each process of a room would."""
    opened: list[SqliteCountLedger | PostgresqlCountLedger] = []
    address = request.getfixturevalue("state") if request.param == "postgresql" else None

    def open_one() -> CountLedger:
        if address is None:
            opened.append(SqliteCountLedger(tmp_path / "counts.sqlite3"))
        else:
            opened.append(PostgresqlCountLedger(address, "events"))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


async def test_processes_share_what_was_published(ledgers: Callable[[], CountLedger]) -> None:
    assert await answered(guard(ledger=ledgers()), "abcdef")
    assert not await answered(guard(ledger=ledgers()), "abcde")
    assert await answered(guard(ledger=ledgers()), "abcdef")


def test_what_a_ledger_does(ledgers: Callable[[], CountLedger]) -> None:
    one, other = ledgers(), ledgers()
    assert (one.told("C-1", "a"), one.add("C-1", "a", 7), other.add("C-1", "a", 9)) == (None, None, 7)
    assert one.add("C-2", "a", 1) is None
    assert one.add("C-1", "b" * 5_000, 3) is None
    assert other.others("C-1", "a") == [("b" * 5_000, 3)]
    assert (other.replace("C-1", "a", 9, 8), other.replace("C-1", "a", 7, 8), one.told("C-1", "a")) == (False, True, 8)
    one.remove("C-1", "a")
    assert (other.told("C-1", "a"), other.others("C-1", "b" * 5_000)) == (None, [])


def test_a_database_that_is_away_is_an_error_and_no_leave() -> None:
    away = PostgresqlCountLedger("postgresql://somebody:secret-word@127.0.0.1:1/x", "events")
    with pytest.raises(CountsUnusable) as refused:
        away.add("C-1", "a", 1)
    assert "secret-word" not in refused.value.message
    away.close()


def test_a_question_from_before_numbers_were_kept_counts_as_new(tmp_path: Path) -> None:
    path = tmp_path / "counts.sqlite3"
    old = sqlite3.connect(path)
    old.execute("CREATE TABLE published (contract TEXT, question TEXT, PRIMARY KEY (contract, question)) WITHOUT ROWID")
    old.execute("INSERT INTO published VALUES ('C-1', 'a')")
    old.commit()
    old.close()
    ledger = SqliteCountLedger(path)
    assert (ledger.told("C-1", "a"), ledger.others("C-1", "b")) == (None, [("a", None)])
    assert (ledger.add("C-1", "a", 5), ledger.add("C-1", "a", 6)) == (None, 5)
    ledger.close()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=1, max_size=8), max_size=14), st.integers(2, 4))
def test_no_published_count_is_another_with_few_rows_more(texts: list[str], k: int) -> None:
    async def ask() -> list[Rows]:
        one = guard(k)
        return [rows(text) for text in texts if len(set(text)) >= k and await answered(one, text)]

    given_out = set(asyncio.run(ask()))
    for one, other in combinations(given_out, 2):
        small, large = sorted((one, other), key=len)
        assert not (small < large and len(large - small) < k)
    for whole in given_out:
        parts = [part for part in given_out if part < whole]
        if parts:
            assert not 0 < len(whole.difference(*parts)) < k


@pytest.mark.parametrize(("count", "told"), [(0, None), (9, None), (10, 10), (11, 10), (12, 10), (13, 15), (104, 105)])
def test_small_counts_are_suppressed_and_others_rounded(count: int, told: int | None) -> None:
    assert published(count, Aggregates(10, 5)) == told


def test_rounding_never_makes_a_count_look_suppressed() -> None:
    assert published(6, Aggregates(6, 5)) == 10
    assert {published(count, Aggregates(6, 5)) for count in range(6, 200)} == set(range(10, 205, 5))
