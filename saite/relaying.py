"""Takes the changes of all registers to the broker, and says how they stand.

In: the registers and the broker's address. Out: a relay a room, its measures, and for each room its followers' positions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from changes.feed import Changes
from changes.measures import OutboxWatch, relay_measures
from changes.relay import EXCHANGE, Relay, broker_for
from kernel.metrics import measured

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry


@dataclass(frozen=True, slots=True)
class Relaying:
    """The relays of one process, and what is watched."""

    relays: tuple[Relay, ...]
    watch: OutboxWatch

    async def run(self) -> None:
        """Relay until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.watch.run())
            for relay in self.relays:
                tasks.create_task(relay.run())

    def measured_in(self, registry: CollectorRegistry) -> None:
        """Tell the numbers to `registry`."""
        measured(registry, *relay_measures(self.relays), *self.watch.measures())


def relaying(rooms: Mapping[str, Changes], broker: str, consumers: Sequence[str], exchange: str = EXCHANGE) -> Relaying:
    """The relays from these rooms to the queues of these consumers."""
    relays = tuple(
        Relay(name, room, broker_for(broker, f"saite relay {name}", consumers, exchange), exchange)
        for name, room in rooms.items()
    )
    return Relaying(relays, OutboxWatch(rooms))


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one follower of one room is."""

    room: str
    follower: str
    position: int
    waiting: int
    oldest_at: datetime | None

    def as_json(self, now: datetime) -> dict[str, Any]:
        """One flat object."""
        return {
            "room": self.room,
            "follower": self.follower,
            "position": self.position,
            "waiting": self.waiting,
            "lagSeconds": self.lag_seconds(now),
        }

    def lag_seconds(self, now: datetime) -> float:
        """Since when the oldest change waits for it."""
        return 0.0 if self.oldest_at is None else round(max(0.0, (now - self.oldest_at).total_seconds()), 3)


async def standings(rooms: Mapping[str, Changes]) -> list[Standing]:
    """Every follower that ever came to each room. Raises StoreFailed."""
    found = []
    for name, room in rooms.items():
        for follower, position in sorted((await room.positions()).items()):
            backlog = await room.backlog(follower)
            found.append(Standing(name, follower, position, backlog.waiting, backlog.oldest_at))
    return found


async def skip(rooms: Mapping[str, Changes], follower: str) -> dict[str, int]:
    """Set the follower to the newest change of each room; where that is. Raises StoreFailed, PositionLost."""
    found = {}
    for name, room in rooms.items():
        found[name] = await room.last()
        position = await room.position(follower)
        if position != found[name]:
            await room.move(follower, position, found[name])
    return found
