"""What operators watch of changes: how far the outbox is published, and how far each consumer is behind.

What comes in: rooms, relays, consumers. What goes out: `kernel.metrics.Measure`s. Those of the outbox are sampled
(`OutboxWatch`), because a scraper's page must not wait for a database.

    saite_outbox_unpublished{room}          changes that the relay has before it
    saite_outbox_oldest_age_seconds{room}   since when the oldest of them waits
    saite_changes_published{room}           _total; confirmed by the broker
    saite_changes_refused{room}             _total; refused by it: no queue, or a full one
    saite_changes_lag_seconds{consumer}     how old what a consumer works on is; 0 when it waits
    saite_changes_handled{consumer}         _total
    saite_changes_failed{consumer}          _total; batches that its index or register could not take at once
    saite_changes_unreadable{consumer}      _total; messages that were no changes
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NoReturn

from changes.consumer import Consumer
from changes.feed import Backlog, Changes
from changes.relay import RELAY, Relay
from kernel.clock import Clock, SystemClock
from kernel.errors import InternalError
from kernel.metrics import Measure, by_label

_log: Final = logging.getLogger(__name__)

EVERY_SECONDS: Final = 5.0


class OutboxWatch:
    """Samples what each room's outbox has before `follower`. A room that does not answer keeps its last sample, which ages."""

    def __init__(self, rooms: Mapping[str, Changes], follower: str = RELAY, clock: Clock | None = None) -> None:
        self._rooms = rooms
        self._follower = follower
        self._clock = clock or SystemClock()
        self._sampled: dict[str, Backlog] = {}

    async def run(self, every_seconds: float = EVERY_SECONDS) -> NoReturn:
        """Sample until cancelled."""
        while True:
            await self.sample()
            await asyncio.sleep(every_seconds)

    async def sample(self) -> None:
        """Look at every room once."""
        for name, room in self._rooms.items():
            try:
                self._sampled[name] = await room.backlog(self._follower)
            except InternalError as error:
                _log.error("an outbox cannot be looked at", extra={"room": name, "reason": error.message})

    def measures(self) -> tuple[Measure, ...]:
        """The gauges."""
        return (
            Measure(
                "saite_outbox_unpublished", "Changes that the relay has before it.", by_label(self._unpublished), ("room",)
            ),
            Measure("saite_outbox_oldest_age_seconds", "Since when the oldest of them waits.", by_label(self._ages), ("room",)),
        )

    def _unpublished(self) -> dict[str, float]:
        return {name: backlog.waiting for name, backlog in self._sampled.items()}

    def _ages(self) -> dict[str, float]:
        now = self._clock.now()
        return {
            name: 0.0 if backlog.oldest_at is None else max(0.0, (now - backlog.oldest_at).total_seconds())
            for name, backlog in self._sampled.items()
        }


def relay_measures(relays: Sequence[Relay]) -> tuple[Measure, ...]:
    """What the relays of one process did."""
    confirmed = by_label(lambda: {relay.room: relay.relayed.confirmed for relay in relays})
    refused = by_label(lambda: {relay.room: relay.relayed.refused for relay in relays})
    return (
        Measure("saite_changes_published", "Changes that the broker confirmed.", confirmed, ("room",), grows=True),
        Measure("saite_changes_refused", "Changes that the broker refused.", refused, ("room",), grows=True),
    )


def consumer_measures(consumer: Consumer) -> tuple[Measure, ...]:
    """How far a consumer is."""
    name, progress = consumer.name, consumer.progress

    def counter(measure: str, said: str, read: Callable[[], float]) -> Measure:
        return Measure(f"saite_changes_{measure}", said, by_label(lambda: {name: read()}), ("consumer",), grows=True)

    lag = by_label(lambda: {name: progress.lag_seconds(consumer.clock.now())})
    return (
        Measure("saite_changes_lag_seconds", "How old what the consumer works on is.", lag, ("consumer",)),
        counter("handled", "Changes that the consumer dealt with.", lambda: progress.handled),
        counter("failed", "Batches that could not be dealt with at once.", lambda: progress.failed),
        counter("unreadable", "Messages that were no changes.", lambda: progress.unreadable),
    )
