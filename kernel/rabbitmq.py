"""RabbitMQ: one connection that is given up whole when anything is wrong with it, and made anew by our own loop.

What comes in: the broker's address, what has to be there (`Topology`), work. What goes out: `Link`, which publishes with
confirms and hands over batches of deliveries that are acknowledged together.

    stay_connected(broker, work):
        loop
            connect, declare the topology, work(link)
            BrokerUnavailable → close everything, wait a little longer each time (with jitter), again

Why a loop of our own: aio-pika's robust connection may come back without consumers, and a publish on it may wait for ever.
Queues are quorum queues; they and their arguments are right for RabbitMQ 3.10 and later and for 4. A confirm means that a
majority of the broker's nodes has the message. Delivery is at least once: consumers have to be idempotent.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeVar, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

from kernel.errors import InternalError

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection
    from aiormq.abc import DeliveredMessage
    from aiormq.channel import Channel as Underlay

_log: Final = logging.getLogger(__name__)

# A lost connection is told here, once; the library tells it several times, with tracebacks.
for _library in ("aio_pika", "aiormq"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)

T = TypeVar("T")

HEARTBEAT_SECONDS: Final = 5
CONNECT_SECONDS: Final = 10.0
PUBLISH_SECONDS: Final = 30.0
CLOSE_SECONDS: Final = 5.0
PAUSES: Final = (0.2, 30.0)
"""Seconds before the first and, at most, before a later try to connect again."""


class BrokerUnavailable(InternalError):
    """Raised when the broker cannot be reached, or the connection to it was lost. What was published and not confirmed may
    have arrived or not; what was delivered and not acknowledged comes again.
    """

    code: ClassVar[str] = "BROKER_UNAVAILABLE"
    status: ClassVar[int] = 503


@dataclass(frozen=True, slots=True)
class Exchange:
    """A durable exchange."""

    name: str
    kind: Literal["direct", "topic", "fanout"] = "topic"


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue, and beside it `NAME.dead` (behind the exchange of that name) for what cannot be delivered.

    `bindings` are pairs of exchange and routing key. A message that was delivered more than `delivery_limit` times goes to the
    dead; beyond `max_bytes` publishers are refused, nothing is thrown away. Changing arguments of a queue that exists is
    refused by the broker: make a new one, or use policies.
    """

    name: str
    bindings: tuple[tuple[str, str], ...] = ()
    delivery_limit: int = 20
    max_bytes: int = 1 << 30
    single_active: bool = False

    @property
    def dead(self) -> str:
        """The name of the exchange and of the queue for what cannot be delivered."""
        return f"{self.name}.dead"

    def arguments(self) -> dict[str, str | int | bool]:
        """What the broker is told when it is declared."""
        said: dict[str, str | int | bool] = {
            "x-queue-type": "quorum",
            "x-dead-letter-exchange": self.dead,
            # At least once needs that a full queue refuses: with its default it would drop the head instead.
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
            "x-delivery-limit": self.delivery_limit,
            "x-max-length-bytes": self.max_bytes,
        }
        if self.single_active:
            said["x-single-active-consumer"] = True
        return said


@dataclass(frozen=True, slots=True)
class Topology:
    """What has to be there before work begins; declared after every connect, so that a broker that lost it gets it back."""

    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = ()


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is (`amqp://USER:PASSWORD@HOST:PORT/VHOST`, or `amqps://`), who we are, what has to be there."""

    address: str
    name: str
    topology: Topology = field(default_factory=Topology)

    @property
    def place(self) -> str:
        """The address without user and password, for messages and logs."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or 5672}{parts.path}"

    @property
    def user(self) -> str:
        """Whom we connect as."""
        return urlsplit(self.address).username or "guest"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to publish. `exchange` "" is the default one: `key` is then the name of a queue.

    `user_id` is checked by the broker: it refuses a message that names another user than the connection's.
    """

    body: bytes
    key: str
    exchange: str = ""
    message_id: str | None = None
    type: str | None = None
    user_id: str | None = None
    content_type: str = "application/json"
    headers: Mapping[str, str | int] = field(default_factory=dict)
    timestamp: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A letter that the broker refused: no queue is there for it, or the queue is full. The others were confirmed."""

    letter: Letter
    reason: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message that was delivered. `user_id` is who sent it, as the broker checked; `redelivered`: it was delivered before."""

    body: bytes
    key: str
    message_id: str | None
    type: str | None
    user_id: str | None
    headers: Mapping[str, object]
    redelivered: bool
    tag: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Deliveries in their order. Acknowledge it before the next one is asked for, or leave the link: then it comes again."""

    deliveries: tuple[Delivery, ...]
    _channel: Underlay

    async def ack(self) -> None:
        """All of it is dealt with. Raises BrokerUnavailable."""
        with _lost_connection_is_ours():
            await self._channel.basic_ack(self.deliveries[-1].tag, multiple=True)

    async def bury(self) -> None:
        """None of it can ever be dealt with: it goes to the dead. Raises BrokerUnavailable."""
        with _lost_connection_is_ours():
            await self._channel.basic_nack(self.deliveries[-1].tag, multiple=True, requeue=False)


class Consumer:
    """Deliveries of one queue, on a channel of their own."""

    def __init__(self, channel: AbstractChannel, underlay: Underlay, size: int, linger: float) -> None:
        self._channel = channel
        self._underlay = underlay
        self._size = size
        self._linger = linger
        self._arrived: asyncio.Queue[Delivery | None] = asyncio.Queue()
        self._tag: str | None = None

    async def begin(self, queue: str, prefetch: int) -> None:
        """Let deliveries come, `prefetch` of them without acknowledgement at most."""
        await self._underlay.basic_qos(prefetch_count=prefetch, timeout=CONNECT_SECONDS)
        self._underlay.on_consumer_cancel_callbacks.add(self._cancelled)
        self._underlay.closing.add_done_callback(lambda _: self._arrived.put_nowait(None))
        begun = await self._underlay.basic_consume(queue, self._put, timeout=CONNECT_SECONDS)
        self._tag = begun.consumer_tag

    async def next_batch(self) -> Batch:
        """The next deliveries: waits for one, then for a moment (`linger`) whether more come. Raises BrokerUnavailable."""
        found = [_known(await self._arrived.get())]
        with suppress(TimeoutError):
            async with asyncio.timeout(self._linger):
                while len(found) < self._size:
                    found.append(_known(await self._arrived.get()))
        return Batch(tuple(found), self._underlay)

    async def end(self) -> None:
        """Take no more; what was not acknowledged goes back to the queue."""
        with suppress(Exception):
            await asyncio.wait_for(self._channel.close(), CLOSE_SECONDS)

    async def _put(self, message: DeliveredMessage) -> None:
        said = message.header.properties
        self._arrived.put_nowait(
            Delivery(
                body=message.body,
                key=message.routing_key or "",
                message_id=said.message_id,
                type=said.message_type,
                user_id=said.user_id,
                headers=said.headers or {},
                redelivered=bool(message.redelivered),
                tag=message.delivery_tag or 0,
            )
        )

    def _cancelled(self, _frame: object) -> None:
        self._arrived.put_nowait(None)


class Link:
    """One connection to the broker."""

    def __init__(self, connection: AbstractConnection, publishing: AbstractChannel) -> None:
        self._connection = connection
        self._publishing = publishing

    async def publish(self, letters: Sequence[Letter], *, seconds: float = PUBLISH_SECONDS) -> tuple[NotTaken, ...]:
        """Publish, persistent and mandatory, and wait for every confirm; what the broker refused.

        Raises BrokerUnavailable when the connection is lost or no confirm comes in time: publish all of it again then.
        """
        with _lost_connection_is_ours():
            underlay = await _underlay(self._publishing)
        sent = [asyncio.ensure_future(_publish(underlay, letter, seconds)) for letter in letters]
        try:
            said = await asyncio.gather(*sent, return_exceptions=True)
        except asyncio.CancelledError:
            await asyncio.gather(*sent, return_exceptions=True)
            raise
        refused = (_refusal(letter, outcome) for letter, outcome in zip(letters, said, strict=True))
        return tuple(one for one in refused if one is not None)

    @asynccontextmanager
    async def consuming(
        self, queue: str, *, size: int = 100, linger: float = 0.005, prefetch: int | None = None
    ) -> AsyncIterator[Consumer]:
        """Batches of at most `size` of the queue. Raises BrokerUnavailable."""
        with _lost_connection_is_ours():
            channel = await self._connection.channel(publisher_confirms=False)
            consumer = Consumer(channel, await _underlay(channel), size, linger)
            await consumer.begin(queue, prefetch or 2 * size)
        try:
            yield consumer
        finally:
            await consumer.end()

    async def length(self, queue: str) -> int:
        """How many messages are ready in the queue, about. Raises BrokerUnavailable."""
        with _lost_connection_is_ours():
            underlay = await _underlay(self._publishing)
            declared = await underlay.queue_declare(queue, passive=True, timeout=CONNECT_SECONDS)
        return declared.message_count or 0

    async def remove(self, topology: Topology) -> None:
        """Remove all of it, with what is in it: for tests. Raises BrokerUnavailable."""
        with _lost_connection_is_ours():
            underlay = await _underlay(self._publishing)
            for queue in topology.queues:
                for name in (queue.name, queue.dead):
                    await underlay.queue_delete(name, timeout=CONNECT_SECONDS)
                await underlay.exchange_delete(queue.dead, timeout=CONNECT_SECONDS)
            for exchange in topology.exchanges:
                await underlay.exchange_delete(exchange.name, timeout=CONNECT_SECONDS)


@asynccontextmanager
async def linked(broker: Broker) -> AsyncIterator[Link]:
    """One connection, everything declared on it; closed at the end. Raises BrokerUnavailable."""
    connection = await _connected(broker)
    try:
        with _lost_connection_is_ours(broker.place):
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            await _declare(await _underlay(channel), broker.topology)
        yield Link(connection, channel)
    finally:
        with suppress(Exception):
            await asyncio.wait_for(connection.close(), CLOSE_SECONDS)


async def stay_connected(
    broker: Broker, work: Callable[[Link], Awaitable[T]], heard: Callable[[bool], None] = lambda _: None
) -> T:
    """Do the work with a link; when the broker is lost, with another one. What the work returns ends it.

    `heard` is told whether the broker answers: for readiness. All other errors of the work go through.
    """
    least, most = PAUSES
    pause = least
    while True:
        try:
            async with linked(broker) as link:
                heard(True)
                pause = least
                return await work(link)
        except BrokerUnavailable as error:
            _log.warning("the broker is not there; trying again", extra={"broker": broker.place, "reason": error.message})
        finally:
            heard(False)
        await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads connections, hides nothing
        pause = min(pause * 2, most)


async def _connected(broker: Broker) -> AbstractConnection:
    import aio_pika

    parts = urlsplit(broker.address)
    query = {"heartbeat": str(HEARTBEAT_SECONDS), **dict(parse_qsl(parts.query))}
    address = parts._replace(query=urlencode(query)).geturl()
    with _lost_connection_is_ours(broker.place):
        return await aio_pika.connect(address, timeout=CONNECT_SECONDS, client_properties={"connection_name": broker.name})


async def _underlay(channel: AbstractChannel) -> Underlay:
    """The library's lower channel, which has what we need: acknowledging many, publishing without a wait for the socket."""
    return cast("Underlay", await channel.get_underlay_channel())


async def _declare(channel: Underlay, topology: Topology) -> None:
    seconds = CONNECT_SECONDS
    for exchange in topology.exchanges:
        await channel.exchange_declare(exchange.name, exchange_type=exchange.kind, durable=True, timeout=seconds)
    for queue in topology.queues:
        await channel.exchange_declare(queue.dead, exchange_type="fanout", durable=True, timeout=seconds)
        await channel.queue_declare(queue.dead, durable=True, arguments={"x-queue-type": "quorum"}, timeout=seconds)
        await channel.queue_bind(queue.dead, queue.dead, timeout=seconds)
        await channel.queue_declare(queue.name, durable=True, arguments=dict(queue.arguments()), timeout=seconds)
        for exchange_name, key in queue.bindings:
            await channel.queue_bind(queue.name, exchange_name, routing_key=key, timeout=seconds)


async def _publish(channel: Underlay, letter: Letter, seconds: float) -> None:
    from aiormq import spec

    properties = spec.Basic.Properties(
        delivery_mode=2,  # persistent
        content_type=letter.content_type,
        message_id=letter.message_id,
        message_type=letter.type,
        user_id=letter.user_id,
        headers=dict(letter.headers) or None,
        timestamp=letter.timestamp,
    )
    # Not waiting for the socket to drain: the confirm that is waited for says more.
    await channel.basic_publish(
        letter.body,
        exchange=letter.exchange,
        routing_key=letter.key,
        properties=properties,
        mandatory=True,
        timeout=seconds,
        wait=False,
    )


def _refusal(letter: Letter, outcome: object) -> NotTaken | None:
    from aio_pika.exceptions import DeliveryError, PublishError

    match outcome:
        case None:
            return None
        case PublishError():
            return NotTaken(letter, f"no queue takes {letter.key!r} of the exchange {letter.exchange!r}")
        case DeliveryError():
            return NotTaken(letter, f"the queue behind {letter.key!r} refused it: it is full, or most of its nodes are away")
        case BaseException() if isinstance(outcome, asyncio.CancelledError) or _is_loss(outcome):
            raise BrokerUnavailable(f"A message was not confirmed: {_said(outcome)}.") from outcome
        case BaseException():
            raise outcome
    raise AssertionError("a publish returns nothing or an error")


def _known(delivery: Delivery | None) -> Delivery:
    if delivery is None:
        raise BrokerUnavailable("The broker ended the consumer, or the connection was lost.")
    return delivery


@contextmanager
def _lost_connection_is_ours(place: str = "the broker") -> Iterator[None]:
    """Turns whatever the client library raises for a lost connection into BrokerUnavailable."""
    try:
        yield
    except (Exception, asyncio.CancelledError) as error:
        if not _is_loss(error):
            raise
        raise BrokerUnavailable(f"{place} could not answer: {_said(error)}.") from error


def _is_loss(error: BaseException) -> bool:
    from aio_pika.exceptions import CONNECTION_EXCEPTIONS

    if isinstance(error, asyncio.CancelledError):  # the library cancels its own tasks when the connection ends
        task = asyncio.current_task()
        return task is not None and not task.cancelling()
    # A call that was under way then ends with a bare Exception.
    return isinstance(error, (*CONNECTION_EXCEPTIONS, TimeoutError)) or type(error) is Exception


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
