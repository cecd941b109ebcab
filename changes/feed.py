"""What followers of changes ask of a room's store.

What comes in: the position that a follower is at. What goes out: the changes after it, in order. The stores of the rooms are it
(`subgraphs.room.outbox`); whoever builds something from a whole register takes `last` first, reads the register, and follows
from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from changes.change import Change


class Feed(Protocol):
    """The changes of one room."""

    async def after(self, position: int, limit: int) -> Sequence[Change]:
        """The first `limit` changes with a greater sequence, in order; 0 is before all that are kept. What is not returned
        now and comes later has a greater sequence than all that were.
        """
        ...

    async def last(self) -> int:
        """The sequence of the newest change; 0: there was none."""
        ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many changes a follower has not dealt with, and since when the oldest of them waits."""

    waiting: int
    oldest_at: datetime | None


class Positions(Protocol):
    """Where each follower of a room is, kept beside the room's changes."""

    async def position(self, follower: str) -> int:
        """Up to which sequence the follower has dealt with everything; 0: it never came."""
        ...

    async def move(self, follower: str, before: int, to: int) -> None:
        """It has dealt with everything up to `to`. Raises PositionLost when it is not at `before`."""
        ...

    async def positions(self) -> dict[str, int]:
        """Every follower that ever came."""
        ...

    async def backlog(self, follower: str) -> Backlog:
        """What the follower has before it."""
        ...

    async def forget(self, before: datetime) -> int:
        """Delete the changes that are older and that every follower has dealt with; how many those were. The newest stays."""
        ...

    def alone(self, follower: str) -> AbstractAsyncContextManager[None]:
        """Inside, no other process follows under this name; waits for its turn. Should the way to the store break meanwhile,
        another one may begin: `move` tells whoever was overtaken.
        """
        ...


class Changes(Feed, Positions, Protocol):
    """All of it, as a room's store gives it."""
