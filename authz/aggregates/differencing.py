"""No count is published that tells of few rows by being subtracted from counts that were published before, on whatever day.

For a question Q that counts n rows, the questions P that were published under the same contract, p being what was told of P
then, and k the smallest cell:

    Q again      n differs from what was told by 1 … k-1: what was told is told again, however long ago that was
    Q within P   the rows of P outside Q would be told by a subtraction: refused when they are 1 … k-1, or p - n is
    P within Q   likewise
    parts        the rows of a question outside all its published parts together: refused when they are 1 … k-1 (the last cell
                 of a table whose total is known); where the parts share no row, also when n less their p's is

Questions that only overlap tell nothing alone; what they have in common is a question of its own. Rows are compared as they are
now, numbers as they were told: rows that came or went in between are in the numbers. What was told of a question counts until
it was told anew, k or more away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from authz.aggregates.errors import Suppressed
from authz.aggregates.ledger import CountLedger

Q = TypeVar("Q")
T = TypeVar("T")
Q_contra = TypeVar("Q_contra", contravariant=True)
MOST: Final = 200
"""So many different questions are answered under one contract in one register: every new one is held against all."""


class Universe(Protocol[Q_contra]):
    """Rows that can be counted."""

    async def outside(self, inside: Q_contra, without: Sequence[Q_contra]) -> int:
        """How many rows `inside` are in none of `without`, of which there is one or more."""
        ...


@dataclass(frozen=True, slots=True)
class _Part(Generic[Q]):
    """A published question within another: how many rows it has now, and what was told of it (None: before that was kept)."""

    question: Q
    rows: int
    told: int | None


class Differencing(Generic[Q]):
    """The guard of one register's counts under one contract. `read` makes a question of its text."""

    def __init__(self, ledger: CountLedger, contract: str, min_cell: int, read: Callable[[str], Q]) -> None:
        self._ledger = ledger
        self._contract = contract
        self._min_cell = min_cell
        self._read = read

    async def admit(self, text: str, count: int, universe: Universe[Q]) -> int:
        """The count that may be told of the question `text`, which counts `count` rows now; one below the smallest cell as it
        is, for the caller to suppress. Raises Suppressed when it tells too much.

        What is told is remembered before it is compared, so that of two processes that publish at once one sees the other's.
        """
        told = await self._in_thread(self._ledger.told, text)
        if told is not None and abs(told - count) < self._min_cell:
            return told
        if count < self._min_cell:
            return count
        if told is None:
            told = await self._in_thread(self._ledger.add, text, count)
        if told is None:
            await self._hold_against_others(text, count, universe)
            return count
        return await self._anew(text, told, count, universe)

    async def _hold_against_others(self, text: str, count: int, universe: Universe[Q]) -> None:
        try:
            if await self._tells_too_much(text, count, universe):
                raise Suppressed("This count is kept back: with others of your contract it would tell of too few.")
        except BaseException:
            await self._in_thread(self._ledger.remove, text)
            raise

    async def _anew(self, text: str, told: int, count: int, universe: Universe[Q]) -> int:
        """A question that was told before: the new count, where it may be told; otherwise what was told."""
        if abs(told - count) < self._min_cell or not await self._in_thread(self._ledger.replace, text, told, count):
            return told  # somebody else was faster
        try:
            may_be_told = not await self._tells_too_much(text, count, universe)
        except BaseException:
            await self._in_thread(self._ledger.replace, text, count, told)
            raise
        if not may_be_told:
            await self._in_thread(self._ledger.replace, text, count, told)
        return count if may_be_told else told

    async def _tells_too_much(self, text: str, count: int, universe: Universe[Q]) -> bool:
        asked = self._read(text)
        known = await self._in_thread(self._ledger.others, text)
        if len(known) >= MOST:
            return True
        others = [(self._read(one), told) for one, told in known]
        parts: list[_Part[Q]] = []
        for other, told in others:
            rest, more = await universe.outside(other, [asked]), await universe.outside(asked, [other])
            if rest and more:
                continue
            if self._is_few(rest + more) or (told is not None and self._is_few(abs(told - count))):
                return True
            if rest == 0:
                parts.append(_Part(other, count - more, told))
            elif await self._completes(_Part(other, count + rest, told), _Part(asked, count, count), others, universe):
                return True
        return bool(parts) and await self._leaves_few(_Part(asked, count, count), parts, universe)

    async def _completes(
        self, whole: _Part[Q], asked: _Part[Q], others: Sequence[tuple[Q, int | None]], universe: Universe[Q]
    ) -> bool:
        """Whether of `whole` too few rows are left outside `asked` and its parts that were published before."""
        parts = [asked]
        for one, told in others:
            if one is not whole.question and await universe.outside(one, [whole.question]) == 0:
                parts.append(_Part(one, whole.rows - await universe.outside(whole.question, [one]), told))
        return await self._leaves_few(whole, parts, universe)

    async def _leaves_few(self, whole: _Part[Q], parts: Sequence[_Part[Q]], universe: Universe[Q]) -> bool:
        left = await universe.outside(whole.question, [part.question for part in parts])
        if self._is_few(left):
            return True
        told = [part.told for part in (whole, *parts)]
        are_apart = sum(part.rows for part in parts) == whole.rows - left
        if not are_apart or None in told:
            return False
        of_whole, *of_parts = (number or 0 for number in told)
        return self._is_few(abs(of_whole - sum(of_parts)))

    async def _in_thread(self, ask: Callable[..., T], *arguments: object) -> T:
        return await asyncio.to_thread(ask, self._contract, *arguments)

    def _is_few(self, rows: int) -> bool:
        return 0 < rows < self._min_cell
