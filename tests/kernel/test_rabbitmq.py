"""RabbitMQ: what is published is confirmed and delivered, what is not acknowledged comes again, a lost link is made anew."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from kernel import rabbitmq
from kernel.rabbitmq import Broker, BrokerUnavailable, Exchange, Letter, Link, Queue, Topology, linked, stay_connected


@pytest.fixture
async def broker(rabbitmq_url: str) -> AsyncIterator[Broker]:
    """A broker with an exchange and a queue of the test's own."""
    name = f"test.{secrets.token_hex(6)}"
    queue = Queue(name, ((f"{name}.in", "go.#"),), delivery_limit=2, max_bytes=100_000)
    given = Broker(rabbitmq_url, "saite tests", Topology((Exchange(f"{name}.in"),), (queue,)))
    yield given
    await remove(given)


async def remove(broker: Broker) -> None:
    async with linked(replace(broker, topology=Topology())) as link:
        await link.remove(broker.topology)


def letters(broker: Broker, *bodies: bytes, key: str = "go.on") -> list[Letter]:
    exchange = broker.topology.exchanges[0].name
    return [Letter(body, key, exchange, message_id=body[:16].hex(), user_id=broker.user) for body in bodies]


async def test_what_is_published_is_delivered_in_order_and_acknowledged_together(broker: Broker):
    bodies = [str(number).encode() for number in range(250)]
    async with linked(broker) as link:
        assert await link.publish(letters(broker, *bodies)) == ()
        found: list[bytes] = []
        async with link.consuming(broker.topology.queues[0].name, size=100) as consumer:
            while len(found) < len(bodies):
                batch = await consumer.next_batch()
                assert len(batch.deliveries) <= 100
                found += [delivery.body for delivery in batch.deliveries]
                await batch.ack()
        assert found == bodies
        assert batch.deliveries[-1].user_id == broker.user
    async with linked(broker) as link:
        assert await link.length(broker.topology.queues[0].name) == 0


async def test_what_was_not_acknowledged_comes_again(broker: Broker):
    queue = broker.topology.queues[0].name
    async with linked(broker) as link:
        await link.publish(letters(broker, b"once"))
        async with link.consuming(queue) as consumer:
            assert not (await consumer.next_batch()).deliveries[0].redelivered
    async with linked(broker) as link, link.consuming(queue) as consumer:
        batch = await consumer.next_batch()
        assert batch.deliveries[0].redelivered
        await batch.ack()


async def test_what_nobody_can_deal_with_goes_to_the_dead(broker: Broker):
    queue = broker.topology.queues[0]
    async with linked(broker) as link:
        await link.publish(letters(broker, b"poison"))
        async with link.consuming(queue.name) as consumer:
            await (await consumer.next_batch()).bury()
        async with link.consuming(queue.dead) as consumer:
            batch = await consumer.next_batch()
            assert batch.deliveries[0].body == b"poison"
            await batch.ack()


async def test_a_message_that_is_delivered_too_often_goes_to_the_dead(broker: Broker):
    queue = broker.topology.queues[0]
    async with linked(broker) as link:
        await link.publish(letters(broker, b"again"))
        for _ in range(queue.delivery_limit + 1):
            async with link.consuming(queue.name) as consumer:
                await consumer.next_batch()
        async with link.consuming(queue.dead) as consumer:
            batch = await consumer.next_batch()
            assert batch.deliveries[0].body == b"again"
            await batch.ack()


async def test_a_letter_that_no_queue_takes_is_told(broker: Broker):
    sent = [*letters(broker, b"taken"), *letters(broker, b"lost", key="nowhere")]
    async with linked(broker) as link:
        (refused,) = await link.publish(sent)
    assert refused.letter is sent[1]
    assert "no queue takes 'nowhere'" in refused.reason


async def test_a_full_queue_refuses_what_comes_then_and_keeps_what_it_has(broker: Broker):
    queue = broker.topology.queues[0].name
    async with linked(broker) as link:
        refused = []
        for number in range(12):
            refused += await link.publish(letters(broker, bytes([number]) * 20_000))
        assert refused
        assert all("full" in one.reason for one in refused)
        assert await link.length(queue) == 12 - len(refused)


async def test_a_message_that_names_another_user_is_refused_by_the_broker(broker: Broker):
    (letter,) = letters(broker, b"forged")
    async with linked(broker) as link:
        with pytest.raises(BrokerUnavailable, match="user"):
            await link.publish([replace(letter, user_id="somebody")])


async def test_a_consumer_whose_queue_was_removed_says_so(broker: Broker):
    other = Queue(f"{broker.topology.queues[0].name}.other")
    async with linked(replace(broker, topology=Topology((), (other,)))) as link, link.consuming(other.name) as consumer:
        await remove(replace(broker, topology=Topology((), (other,))))
        with pytest.raises(BrokerUnavailable):
            await consumer.next_batch()


async def test_work_goes_on_with_another_connection_when_one_was_lost(broker: Broker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rabbitmq, "PAUSES", (0.01, 0.02))
    heard: list[bool] = []
    links: list[Link] = []

    async def work(link: Link) -> str:
        links.append(link)
        if len(links) == 1:
            waiting = asyncio.create_task(_next(link, broker))
            await asyncio.sleep(0)
            await link._connection.close()
            await waiting
        assert await link.publish(letters(broker, b"after")) == ()
        return "done"

    assert await stay_connected(broker, work, heard.append) == "done"
    assert len(links) == 2
    assert heard == [True, False, True, False]


async def test_errors_of_the_work_itself_go_through(broker: Broker):
    async def work(_link: Link) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        await stay_connected(broker, work)


async def test_a_broker_that_is_not_there_is_told_without_its_password():
    nobody = Broker("amqp://user:secret@127.0.0.1:1/vhost", "saite tests")
    with pytest.raises(BrokerUnavailable) as caught:
        async with linked(nobody):
            pass
    assert "amqp://127.0.0.1:1/vhost" in caught.value.message
    assert "secret" not in caught.value.message


async def _next(link: Link, broker: Broker) -> None:
    async with link.consuming(broker.topology.queues[0].name) as consumer:
        await consumer.next_batch()
