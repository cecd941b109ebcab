"""What waits to be written, in the order in which it came.

In: drafts, each with whoever waits for it. Out: batches, for the one thread that writes. What somebody waits for is taken at
once, with everything before it; what nobody waits for gathers for a moment first: a room beside its gateway flushes ten times
a second at most, and not for every call.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from authz.audit.record import Draft

MAX_BATCH: Final = 512
MAX_BATCH_BYTES: Final = 4 * 1024 * 1024
GATHER: Final = 0.1
"""How many seconds what nobody waits for may wait."""


@dataclass(frozen=True, slots=True)
class AsyncWaiter:
    """A coroutine that waits on its own event loop."""

    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft and whoever waits for it: a coroutine, a thread, or nobody."""

    draft: Draft
    waiter: AsyncWaiter | Future[None] | None


class Waitlist:
    """Takes from any thread, gives to one."""

    def __init__(self) -> None:
        self._items: deque[Waiting] = deque()
        self._changed = threading.Condition(threading.Lock())
        self._awaited = 0
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Waiting) -> None:
        """Let it wait; the writer is woken when somebody waits with it, and by the first that nobody waits for."""
        with self._changed:
            self._items.append(item)
            if item.waiter is not None:
                self._awaited += 1
            if item.waiter is not None or len(self._items) in (1, MAX_BATCH):
                self._changed.notify()

    def close(self) -> None:
        """Nothing comes any more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def batch(self, timeout: float | None) -> tuple[list[Waiting], bool]:
        """The next batch, and whether there will be another one. Empty when nothing came for `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._is_closed, timeout)
            if self._items:
                self._changed.wait_for(self._is_pressing, GATHER)
            batch = self._taken()
            return batch, bool(self._items) or not self._is_closed

    def _is_pressing(self) -> bool:
        return self._awaited > 0 or self._is_closed or len(self._items) >= MAX_BATCH

    def _taken(self) -> list[Waiting]:
        batch: list[Waiting] = []
        size = 0
        while self._items and len(batch) < MAX_BATCH and size < MAX_BATCH_BYTES:
            item = self._items.popleft()
            batch.append(item)
            size += len(item.draft.entry)
            self._awaited -= item.waiter is not None
        return batch
