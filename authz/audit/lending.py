"""Lets the writer thread run beside an event loop that never rests.

A thread that waits for the interpreter lock gets it when the holder blocks, or has kept it for a whole switch interval. A
busy event loop does neither: each round it gives the lock up for the microsecond of an empty `select`, which starts the
interval anew, and takes it back first. Measured, the writer then waited for more than five seconds. So when records wait and
none was acknowledged for as long as a flush should take, the loop itself steps aside for a millisecond.
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

PAUSE: Final = 0.004
LENT: Final = 0.001


class Lender:
    """Steps aside for the writer on one event loop while any record waits there. All methods run on that loop's thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting = 0
        self._is_planned = False
        self._has_moved = False

    def begin(self) -> None:
        """A record begins to wait."""
        self._waiting += 1
        if not self._is_planned:
            self._is_planned = True
            self._loop.call_later(PAUSE, self._lend)

    def end(self) -> None:
        """A record waits no more."""
        self._waiting -= 1
        self._has_moved = True

    def _lend(self) -> None:
        self._is_planned = self._waiting > 0
        if not self._is_planned:
            return
        if not self._has_moved:
            time.sleep(LENT)
        self._has_moved = False
        self._loop.call_later(PAUSE, self._lend)
