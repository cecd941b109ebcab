"""The way in over RabbitMQ, and the receipts' way back.

In: messages on the exchange `ingest`, of which the broker says who sent them. Out: receipts in each source's queue
`receipts.SOURCE`.

    take      a batch of deliveries → committed → acknowledged together
              the register is away → leave the broker, look after it until it answers, begin again: nothing is put back and
              fetched in a loop
    hand over receipts that are committed → published, those of a source as one letter of lines → confirmed → forgotten
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Final

from ingest.receiving.receiver import AWAY, Incoming, Receiver
from ingest.receiving.sources import Sources
from kernel.rabbitmq import Broker, Exchange, Letter, Link, Queue, Topology, stay_connected
from subgraphs.events.registration.receipts import Receipts, Waiting
from subgraphs.room.errors import StoreFailed

_log: Final = logging.getLogger(__name__)

EXCHANGE: Final = "ingest"
QUEUE: Final = "ingest"
BATCH: Final = 100
RECEIPTS: Final = 500
IDLE_SECONDS: Final = 0.2
FULL_SECONDS: Final = 60.0
"""So long a source whose queue is full gets no receipts."""
PAUSES: Final = (0.1, 5.0)

Heard = Callable[[str, bool], None]
"""Told which part works, or does not any more."""


def topology_of(sources: Sources, prefix: str = "") -> Topology:
    """Exchange and queues of these sources; `prefix` goes before every name, for tests beside each other."""
    receipts = tuple(
        Queue(prefix + source.receipts, max_bytes=256 << 20) for source in sources if source.broker_user is not None
    )
    ingest = Queue(prefix + QUEUE, ((prefix + EXCHANGE, "#"),), delivery_limit=100, max_bytes=4 << 30)
    return Topology((Exchange(prefix + EXCHANGE),), (ingest, *receipts))


class BrokerWay:
    """Takes from and gives to one broker until it is cancelled."""

    def __init__(self, broker: Broker, receiver: Receiver, receipts: Receipts, heard: Heard, prefix: str = "") -> None:
        self._broker = broker
        self._receiver = receiver
        self._receipts = receipts
        self._heard = heard
        self._prefix = prefix
        self._senders: dict[str, set[str]] = defaultdict(set)
        for source in receiver.sources:
            if source.broker_user is not None:
                self._senders[source.broker_user].add(source.id)
        self._committed = asyncio.Event()

    async def take(self) -> None:
        """Take messages, for ever."""
        while True:
            try:
                await stay_connected(self._broker, self._consume, lambda there: self._heard("broker", there))
            except AWAY as error:
                self._heard("register", False)
                _log.warning("the register takes nothing; the broker waits", extra={"reason": str(error)})
            await self._until_register_answers()

    async def hand_over(self) -> None:
        """Hand receipts over, for ever."""
        pause = PAUSES[0]
        while True:
            try:
                async with self._receipts.alone():
                    pause = PAUSES[0]
                    await stay_connected(self._broker, self._publish)
            except (StoreFailed, OSError) as error:
                _log.warning("receipts cannot be read", extra={"reason": str(error)})
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads tries, hides nothing
            pause = min(pause * 2, PAUSES[1])

    async def _consume(self, link: Link) -> None:
        async with link.consuming(self._prefix + QUEUE, size=BATCH) as consumer:
            while True:
                batch = await consumer.next_batch()
                await self._receiver.take(
                    [Incoming(each.body, self._senders.get(each.user_id or "", frozenset())) for each in batch.deliveries]
                )
                await batch.ack()
                self._committed.set()

    async def _until_register_answers(self) -> None:
        pause = PAUSES[0]
        while True:
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads tries, hides nothing
            try:
                await self._receipts.number()
            except StoreFailed:
                pause = min(pause * 2, PAUSES[1])
                continue
            self._heard("register", True)
            return

    async def _publish(self, link: Link) -> None:
        full: dict[str, float] = {}
        while True:
            self._committed.clear()
            full = {source: until for source, until in full.items() if until > monotonic()}
            waiting = await self._receipts.waiting(RECEIPTS, full)
            if waiting:
                full |= await self._hand_out(link, waiting)
            if len(waiting) < RECEIPTS:
                await self._until_committed()

    async def _hand_out(self, link: Link, waiting: Sequence[Waiting]) -> dict[str, float]:
        """Publish, a letter for each source; the sources whose queue is full, and until when they get nothing."""
        of_source: dict[str, list[Waiting]] = defaultdict(list)
        for one in waiting:
            of_source[one.source].append(one)
        letters = {source: self._letter(source, found) for source, found in of_source.items()}
        refused = {id(one.letter) for one in await link.publish(list(letters.values()))}
        full = {source for source, letter in letters.items() if id(letter) in refused}
        if full:
            _log.warning("sources take no receipts", extra={"sources": sorted(full)})
        await self._receipts.handed_over([one.number for one in waiting if one.source not in full])
        return dict.fromkeys(full, monotonic() + FULL_SECONDS)

    async def _until_committed(self) -> None:
        try:
            await asyncio.wait_for(self._committed.wait(), IDLE_SECONDS)
        except TimeoutError:
            return

    def _letter(self, source: str, receipts: Sequence[Waiting]) -> Letter:
        body = b"\n".join(one.body for one in receipts)
        return Letter(body, f"{self._prefix}receipts.{source}", type="receipts", content_type="application/x-ndjson")
