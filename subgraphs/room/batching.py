"""Data loaders of one request (aiodataloader), typed: from a store's look-up of many to the look-up of one.

What comes in: a function from keys to a dictionary of what was found. What goes out: a `Loader`; a key that was not found is
None.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from aiodataloader import DataLoader

K = TypeVar("K")
V = TypeVar("V")


class Loader(Generic[K, V]):
    """Asks for all keys of one turn of the event loop together, and for each key once."""

    def __init__(self, find_many: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        async def batch(keys: list[K]) -> list[V | None]:
            found = await find_many(keys)
            return [found.get(key) for key in keys]

        self._loader: DataLoader[K, V | None] = DataLoader(batch)

    async def load(self, key: K) -> V | None:
        """What was found under `key`, or None."""
        return await self._loader.load(key)

    def forget(self) -> None:
        """Ask anew for what was found so far."""
        self._loader.clear_all()

    async def load_many(self, keys: Sequence[K]) -> list[V | None]:
        """What was found under each key, in their order."""
        return await self._loader.load_many(keys)


def loader(find_many: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> Loader[K, V]:
    """A loader for the look-up `find_many`."""
    return Loader(find_many)
