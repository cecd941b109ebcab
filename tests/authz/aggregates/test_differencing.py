"""Counts that were published never tell of few rows by being subtracted from each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authz.aggregates import Differencing, SqliteCountLedger, Suppressed, published
from authz.document.model import Aggregates

Rows = frozenset[str]


class Sets:
    """Questions are sets of rows, written as sorted letters."""

    async def outside(self, inside: Rows, without: Sequence[Rows]) -> int:
        return len(inside.difference(*without))


def rows(text: str) -> Rows:
    return frozenset(text)


async def answered(guard: Differencing[Rows], text: str) -> bool:
    try:
        await guard.admit("".join(sorted(set(text))), Sets())
    except Suppressed:
        return False
    return True


def guard(k: int = 3, ledger: SqliteCountLedger | None = None) -> Differencing[Rows]:
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


async def test_processes_share_what_was_published(tmp_path: Path) -> None:
    path = tmp_path / "counts.sqlite3"
    assert await answered(guard(ledger=SqliteCountLedger(path)), "abcdef")
    assert not await answered(guard(ledger=SqliteCountLedger(path)), "abcde")


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
