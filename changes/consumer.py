"""A consumer: hands changes to whoever makes something of them, and remembers how far it is.

What comes in: a name, a handler, and the changes, over the broker or straight from the rooms. What goes out: batches to the
handler, in order for each record.

    over the broker   queue `changes.NAME` → what is new of the batch → handler → acknowledge
    from the rooms    position → changes after it → handler → move the position

A batch counts as dealt with when the handler returned: what dies before that is told again, so a handler does the same when it
is told twice. A handler that raises an InternalError (its index or register is away) is asked again with the same batch, ever
more slowly: nothing behind it is taken meanwhile, and nothing goes to the dead. Any other error is a fault and ends the
consumer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NoReturn

from changes.change import Change, from_json
from changes.errors import NotAChange
from changes.feed import Changes
from changes.inbox import Inbox, Recent
from changes.pace import Pace
from changes.relay import EXCHANGE, queue_of
from kernel.clock import Clock, SystemClock
from kernel.errors import InternalError
from kernel.rabbitmq import Batch, Broker, Delivery, Letter, Link, stay_connected

_log: Final = logging.getLogger(__name__)

Handle = Callable[[Sequence[Change]], Awaitable[None]]
"""Makes something of changes. May be told the same again, and of a version that there is a newer one of."""


@dataclass(slots=True)
class Progress:
    """How far a consumer is, for its measures."""

    handled: int = 0
    failed: int = 0
    unreadable: int = 0
    oldest: datetime | None = None

    def lag_seconds(self, now: datetime) -> float:
        """How old the oldest change is that it works on; 0 when it waits for changes."""
        return 0.0 if self.oldest is None else max(0.0, (now - self.oldest).total_seconds())


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who follows, and what with the changes is done."""

    name: str
    handle: Handle
    pace: Pace = field(default_factory=Pace)
    clock: Clock = field(default_factory=SystemClock)
    inbox: Inbox = field(default_factory=Recent)
    progress: Progress = field(default_factory=Progress)

    async def follow_broker(self, broker: Broker, exchange: str = EXCHANGE) -> NoReturn:
        """Take from the queue of this name until cancelled; `broker` is one of `changes.relay.broker_for`, with this queue."""
        queue = queue_of(self.name, exchange)

        async def work(link: Link) -> NoReturn:
            async with link.consuming(queue.name, size=self.pace.batch) as deliveries:
                while True:
                    await self._take(link, queue.dead, await deliveries.next_batch())

        await stay_connected(broker, work)
        raise AssertionError("the work ends by an error alone")

    async def follow_rooms(self, rooms: Mapping[str, Changes]) -> NoReturn:
        """Follow the rooms themselves until cancelled: where there is no broker. One process of this name follows at a time."""
        failures = 0
        while True:
            try:
                async with AsyncExitStack() as turns:
                    for _, room in sorted(rooms.items()):
                        await turns.enter_async_context(room.alone(self.name))
                    while True:
                        told = await self.turn(rooms)
                        failures = 0
                        await asyncio.sleep(0 if told else self.pace.idle_seconds)
            except InternalError as error:
                failures += 1
                _log.error("changes cannot be followed", extra={"consumer": self.name, "reason": error.message})
                await asyncio.sleep(self.pace.pause(failures))

    async def turn(self, rooms: Mapping[str, Changes]) -> int:
        """Deal with the next batch of each room; how many changes those were. Raises PositionLost, and as the stores do."""
        told = 0
        for _, room in sorted(rooms.items()):
            position = await room.position(self.name)
            changes = await room.after(position, self.pace.batch)
            if changes:
                await self._handled(changes)
                await room.move(self.name, position, changes[-1].sequence)
            self.progress.oldest = None
            told += len(changes)
        return told

    async def _take(self, link: Link, dead: str, batch: Batch) -> None:
        changes = []
        for delivery in batch.deliveries:
            try:
                changes.append(from_json(delivery.body))
            except NotAChange as error:
                self.progress.unreadable += 1
                _log.error("a message is no change", extra={"consumer": self.name, "reason": error.message})
                await link.publish([_to_the_dead(delivery, dead)])
        new = await self.inbox.unseen(changes)
        if new:
            await self._handled(new)
            await self.inbox.saw(new)
        await batch.ack()
        self.progress.oldest = None

    async def _handled(self, changes: Sequence[Change]) -> None:
        self.progress.oldest = min(change.at for change in changes)
        failures = 0
        while True:
            try:
                await self.handle(changes)
            except InternalError as error:
                failures += 1
                self.progress.failed += 1
                _log.error(
                    "changes wait for what they are followed into", extra={"consumer": self.name, "reason": error.message}
                )
                await asyncio.sleep(self.pace.pause(failures))
            else:
                self.progress.handled += len(changes)
                return


def _to_the_dead(delivery: Delivery, dead: str) -> Letter:
    return Letter(delivery.body, delivery.key, dead, message_id=delivery.message_id, type=delivery.type)
