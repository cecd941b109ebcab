"""Sends what an outbox has, until a receipt came for everything.

In: an outbox, where the register takes messages. Out: receipts in the outbox. A confirm of the broker says that it has the
message; only a receipt says that the register has the event. What has none is sent again, as often as it takes: the register
knows it by its id.

Over RabbitMQ: to the exchange `ingest`, receipts, one a line, from the queue `receipts.SOURCE`. Over HTTPS: `POST` of one
message a line, receipts in the answer.
"""

from __future__ import annotations

import asyncio
import logging
import random
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from typing import Final

from journal.outbox import Outbox
from kernel.rabbitmq import Broker, Letter, Link, stay_connected

_log: Final = logging.getLogger(__name__)

AT_ONCE: Final = 200
IDLE_SECONDS: Final = 0.1
PAUSES: Final = (0.5, 30.0)


@dataclass(frozen=True, slots=True)
class Sending:
    """`again_seconds`: so long a message waits for its receipt before it is sent again. `ends`: when nothing is left."""

    outbox: Outbox
    again_seconds: float = 10.0
    ends: bool = True

    async def over_amqp(self, address: str, prefix: str = "") -> None:
        """Send over RabbitMQ; the connection is made anew as often as it breaks. `prefix` goes before every name there."""
        broker = Broker(address, f"journal {self.outbox.source}")

        async def work(link: Link) -> None:
            receiving = asyncio.create_task(self._receive(link, f"{prefix}receipts.{self.outbox.source}"))
            sending = asyncio.create_task(self._send(link, f"{prefix}ingest", broker.user))
            done, left = await asyncio.wait((receiving, sending), return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            for task in done:
                task.result()

        await stay_connected(broker, work)

    async def _send(self, link: Link, exchange: str, user: str) -> None:
        while not (self.ends and self.outbox.is_done()):
            items = self.outbox.due(AT_ONCE)
            source = self.outbox.source
            letters = [
                Letter(item.body(), source, exchange, message_id=item.message_id, type="message", user_id=user)
                for item in items
            ]
            refused = await link.publish(letters)
            for one in refused:
                _log.warning("the broker did not take a message; it is sent again", extra={"reason": one.reason})
            self.outbox.sent(items, self.again_seconds)
            if refused or not items:
                await asyncio.sleep(PAUSES[0] if refused else IDLE_SECONDS)

    async def _receive(self, link: Link, queue: str) -> None:
        async with link.consuming(queue, size=AT_ONCE, linger=0.05) as consumer:
            while True:
                batch = await consumer.next_batch()
                self.outbox.settle(line for each in batch.deliveries for line in each.body.split(b"\n"))
                await batch.ack()

    async def over_https(self, address: str, token: str) -> None:
        """Send by `POST` to `address` with a bearer token. Raises PermissionError when the register does not let us in."""
        pause = PAUSES[0]
        while not (self.ends and self.outbox.is_done()):
            items = self.outbox.due(AT_ONCE)
            if not items:
                await asyncio.sleep(IDLE_SECONDS)
                continue
            body = b"\n".join(item.body() for item in items)
            try:
                receipts = await asyncio.to_thread(_post, address, token, body)
            except (OSError, HTTPException) as error:
                if isinstance(error, PermissionError):
                    raise
                _log.warning("the register did not answer; asked again later", extra={"reason": str(error)})
                await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads tries, hides nothing
                pause = min(pause * 2, PAUSES[1])
                continue
            pause = PAUSES[0]
            self.outbox.sent(items, self.again_seconds)
            self.outbox.settle(receipts)


def _post(address: str, token: str, body: bytes) -> list[bytes]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    request = urllib.request.Request(address, body, headers, method="POST")  # noqa: S310 - the caller's own address
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
            return [line for line in answer.read().split(b"\n") if line]
    except urllib.error.HTTPError as error:
        with suppress(OSError):
            error.close()
        if error.code in (401, 403):
            raise PermissionError(f"the register does not let us in ({error.code})") from None
        raise
