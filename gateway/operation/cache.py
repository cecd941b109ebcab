"""A bounded cache with one maker per key.

Keys compare by equality (a dict), never by a hash alone, and hold everything the value depends on. What is made once is
shared by all who wait for it; what fails is not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class CacheStatistics:
    """How a cache fares: entries now, hits and misses since the start."""

    entries: int
    weight: int
    hits: int
    misses: int


class Cache(Generic[K, V]):
    """Holds at most `max_entries` values of at most `max_weight` together; the least recently used go first."""

    def __init__(self, *, max_entries: int, max_weight: int) -> None:
        self._max_entries = max_entries
        self._max_weight = max_weight
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._making: dict[K, asyncio.Task[V]] = {}
        self._weight = 0
        self._hits = 0
        self._misses = 0

    async def get(self, key: K, weight: int, make: Callable[[], Awaitable[V]]) -> V:
        """The value of `key`, made by `make` when it is not here. Raises what `make` raises, to everybody who waits."""
        known = self._values.get(key)
        if known is not None:
            self._values.move_to_end(key)
            self._hits += 1
            return known[0]
        self._misses += 1
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._make(key, weight, make))
            making.add_done_callback(_retrieve)
        # Shielded: a client that goes away must not cancel what others wait for.
        return await asyncio.shield(making)

    def statistics(self) -> CacheStatistics:
        """Counts since the start."""
        return CacheStatistics(len(self._values), self._weight, self._hits, self._misses)

    async def _make(self, key: K, weight: int, make: Callable[[], Awaitable[V]]) -> V:
        try:
            value = await make()
        finally:
            del self._making[key]
        if weight <= self._max_weight:
            self._values[key] = (value, weight)
            self._weight += weight
        while len(self._values) > self._max_entries or self._weight > self._max_weight:
            _, (_, freed) = self._values.popitem(last=False)
            self._weight -= freed
        return value


def _retrieve(task: asyncio.Task[V]) -> None:
    """When everybody who waited has gone, a failure is nobody's: reading it here keeps the loop from reporting it as lost."""
    if not task.cancelled():
        task.exception()
