"""The relay: takes the changes of one room to the broker, in order, and loses none.

What comes in: a room's changes and a broker. What goes out: each change as a CloudEvent in the exchange `changes`, under the
key `ROOM.KIND`, into the queue `changes.CONSUMER` of each consumer that was named.

    alone(room, "relay"):                     one relay a room, in whatever process
        position ← where the last one ended
        loop
            batch ← changes after position
            publish all of it, persistent, mandatory; wait for every confirm
            move the position to the last one before the first that was refused
            refused → wait, and again from there

What dies between publish and move publishes again: a consumer may be told twice, never not at all. After a refusal a later
change may be told before an earlier one, which then comes with the later one behind it once more: the last word is right.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from changes.change import MEDIA_TYPE, Change, to_json
from changes.feed import Changes
from changes.pace import Pace
from kernel.errors import InternalError
from kernel.rabbitmq import Broker, Exchange, Letter, Link, NotTaken, Queue, Topology, stay_connected

_log: Final = logging.getLogger(__name__)

RELAY: Final = "relay"
"""The name that the relay has among a room's followers."""

EXCHANGE: Final = "changes"


def queue_of(consumer: str, exchange: str = EXCHANGE) -> Queue:
    """The queue of one consumer, to which all changes go; one process at a time takes from it, so that order is kept."""
    return Queue(f"{exchange}.{consumer}", ((exchange, "#"),), single_active=True)


def broker_for(address: str, name: str, consumers: Sequence[str], exchange: str = EXCHANGE) -> Broker:
    """The broker, with the exchange and the queues of these consumers there before anything is published."""
    queues = tuple(queue_of(consumer, exchange) for consumer in consumers)
    return Broker(address, name, Topology((Exchange(exchange),), queues))


@dataclass(slots=True)
class Relayed:
    """How many changes were confirmed, and how many refused, since the process began."""

    confirmed: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Relay:
    """One room's relay. `changes` are the room's, `broker` has at least one queue behind `exchange`."""

    room: str
    changes: Changes
    broker: Broker
    exchange: str = EXCHANGE
    pace: Pace = field(default_factory=Pace)
    relayed: Relayed = field(default_factory=Relayed)

    async def run(self) -> NoReturn:
        """Relay until cancelled. What the broker or the store cannot do now is tried again."""
        failures = 0
        while True:
            try:
                async with self.changes.alone(RELAY):
                    await stay_connected(self.broker, self._forward)
            except InternalError as error:
                failures += 1
                _log.error("changes cannot be relayed", extra={"room": self.room, "reason": error.message})
                await asyncio.sleep(self.pace.pause(failures))

    async def _forward(self, link: Link) -> NoReturn:
        position, refusals = await self.changes.position(RELAY), 0
        while True:
            batch = await self.changes.after(position, self.pace.batch)
            if not batch:
                await asyncio.sleep(self.pace.idle_seconds)
                continue
            refused = await link.publish([self._letter(change) for change in batch])
            confirmed = _before(batch, refused)
            if confirmed:
                await self.changes.move(RELAY, position, confirmed[-1].sequence)
                position = confirmed[-1].sequence
            self.relayed.confirmed += len(confirmed)
            self.relayed.refused += len(refused)
            refusals = refusals + 1 if refused else 0
            if refused:
                _log.warning("the broker refused changes", extra={"room": self.room, "reason": refused[0].reason})
                await asyncio.sleep(self.pace.pause(refusals))

    def _letter(self, change: Change) -> Letter:
        return Letter(
            to_json(change),
            change.routing_key,
            self.exchange,
            message_id=change.key,
            content_type=MEDIA_TYPE,
            timestamp=change.at,
        )


def _before(batch: Sequence[Change], refused: Sequence[NotTaken]) -> Sequence[Change]:
    """The changes before the first one that was refused."""
    keys = {each.letter.message_id for each in refused}
    end = next((place for place, change in enumerate(batch) if change.key in keys), len(batch))
    return batch[:end]
