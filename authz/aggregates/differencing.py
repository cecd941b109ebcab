"""No count is published that tells of few rows by being subtracted from counts that were published before.

For a question Q and the questions P that were published under the same contract, with k the smallest cell:

    Q within P   the rows of P outside Q would be told by a subtraction: refused when they are 1 … k-1
    P within Q   likewise
    parts        the rows of a question outside all its published parts together: refused when they are 1 … k-1 (the last cell
                 of a table whose total is known)

Questions that only overlap tell nothing alone; what they have in common is a question of its own. A question that was published
is published again. Counts of rows that came or went between two days are not compared: rounding blurs those.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from authz.aggregates.errors import Suppressed
from authz.aggregates.ledger import CountLedger

Q = TypeVar("Q")
Q_contra = TypeVar("Q_contra", contravariant=True)
MOST: Final = 200
"""So many different questions are answered under one contract in one register: every new one is held against all."""


class Universe(Protocol[Q_contra]):
    """Rows that can be counted."""

    async def outside(self, inside: Q_contra, without: Sequence[Q_contra]) -> int:
        """How many rows `inside` are in none of `without`."""
        ...


class Differencing(Generic[Q]):
    """The guard of one register's counts under one contract. `read` makes a question of its text."""

    def __init__(self, ledger: CountLedger, contract: str, min_cell: int, read: Callable[[str], Q]) -> None:
        self._ledger = ledger
        self._contract = contract
        self._min_cell = min_cell
        self._read = read

    async def admit(self, text: str, universe: Universe[Q]) -> None:
        """Remember the question `text`, whose count is large enough, as published. Raises Suppressed when it tells too much.

        It is remembered before it is compared, so that of two processes that publish at once one sees the other's.
        """
        if not await asyncio.to_thread(self._ledger.add, self._contract, text):
            return
        try:
            others = await asyncio.to_thread(self._ledger.others, self._contract, text)
            if len(others) >= MOST or await self._tells_too_much(
                self._read(text), [self._read(one) for one in others], universe
            ):
                raise Suppressed("This count is kept back: with others of your contract it would tell of too few.")
        except BaseException:
            await asyncio.to_thread(self._ledger.remove, self._contract, text)
            raise

    async def _tells_too_much(self, asked: Q, others: Sequence[Q], universe: Universe[Q]) -> bool:
        parts = []
        for other in others:
            rest, more = await universe.outside(other, [asked]), await universe.outside(asked, [other])
            if (rest == 0 and self._is_few(more)) or (more == 0 and self._is_few(rest)):
                return True
            if rest == 0:
                parts.append(other)
            elif more == 0 and await self._completes(other, asked, others, universe):
                return True
        return bool(parts) and self._is_few(await universe.outside(asked, parts))

    async def _completes(self, whole: Q, asked: Q, others: Sequence[Q], universe: Universe[Q]) -> bool:
        """Whether of `whole` too few rows are left outside `asked` and its parts that were published before."""
        parts = [asked, *[one for one in others if one is not whole and await universe.outside(one, [whole]) == 0]]
        return self._is_few(await universe.outside(whole, parts))

    def _is_few(self, rows: int) -> bool:
        return 0 < rows < self._min_cell
