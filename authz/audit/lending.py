"""Lets the writer thread run beside an event loop that never rests.

A thread that waits for the interpreter lock gets it when the holder blocks, or has kept it for a whole switch interval. A
busy event loop does neither: each round it gives the lock up for the microsecond of an empty `select`, which starts the
interval anew, and takes it back first. Measured, the writer then waited for more than five seconds. So when records wait and
none was acknowledged for as long as a flush should take, the loop itself steps aside for a millisecond. The same beat ends the
patience of who has waited too long: a timer for each record would cost more.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import Final

PAUSE: Final = 0.004
LENT: Final = 0.001


class Lender:
    """Steps aside for the writer on one event loop while any record waits there, and fails with TimeoutError whoever waits for
    longer than `patience` seconds. All methods run on that loop's thread.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        self._loop = loop
        self._patience = patience
        self._futures: deque[tuple[float, asyncio.Future[None]]] = deque()
        self._waiting = 0
        self._is_planned = False
        self._has_moved = False

    def begin(self, future: asyncio.Future[None]) -> None:
        """A record begins to wait."""
        self._waiting += 1
        self._futures.append((self._loop.time() + self._patience, future))
        if not self._is_planned:
            self._is_planned = True
            self._loop.call_later(PAUSE, self._lend)

    def end(self) -> None:
        """A record waits no more."""
        self._waiting -= 1
        self._has_moved = True

    def _lend(self) -> None:
        self._lose_patience()
        self._is_planned = self._waiting > 0
        if not self._is_planned:
            return
        if not self._has_moved:
            time.sleep(LENT)
        self._has_moved = False
        self._loop.call_later(PAUSE, self._lend)

    def _lose_patience(self) -> None:
        now = self._loop.time()
        while self._futures and (self._futures[0][1].done() or self._futures[0][0] <= now):
            _, future = self._futures.popleft()
            if not future.done():
                future.set_exception(TimeoutError())
