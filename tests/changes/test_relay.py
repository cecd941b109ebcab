"""The relay on a real broker: everything arrives, in order, whatever breaks in between."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import Any

from changes.change import Change, from_json
from changes.pace import Pace
from changes.relay import RELAY, Relay
from kernel.errors import InternalError
from kernel.rabbitmq import linked
from tests.changes.conftest import Own
from tests.subgraphs.samples import person

FAST = Pace(batch=7, idle_seconds=0.01, least_pause=0.01, most_pause=0.05)


@asynccontextmanager
async def running(relay: Relay):
    task = asyncio.create_task(relay.run())
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until_published(room: Any, relayed_to: int) -> None:
    async with asyncio.timeout(30):
        while await room.position(RELAY) < relayed_to:  # noqa: ASYNC110 - a register has no event to wait for
            await asyncio.sleep(0.01)


async def arrived(own: Own, number: int) -> list[Change]:
    found: list[Change] = []
    async with linked(own.broker) as link, link.consuming(f"{own.exchange}.search") as consumer, asyncio.timeout(30):
        while len(found) < number:
            batch = await consumer.next_batch()
            for delivery in batch.deliveries:
                found.append(from_json(delivery.body))
                assert (delivery.key, delivery.message_id) == (found[-1].routing_key, found[-1].key)
            await batch.ack()
    return found


async def test_every_change_arrives_once_and_in_order(room: Any, own: Own):
    await room.put_many([person(number) for number in range(20)])
    await room.put_many([person(number, given_names="Pēteris") for number in range(20)])
    relay = Relay("persons", room, own.broker, own.exchange, FAST)
    async with running(relay):
        await until_published(room, 40)
    assert await arrived(own, 40) == await room.after(0, 100)
    assert relay.relayed.confirmed == 40
    assert (await room.backlog(RELAY)).waiting == 0


async def test_a_relay_that_dies_between_publishing_and_marking_tells_again_and_loses_nothing(room: Any, own: Own):
    await room.put_many([person(number) for number in range(10)])

    class Dies(Exception):
        pass

    async def dies(*_: Any) -> None:
        raise Dies

    room.move = dies
    task = asyncio.create_task(Relay("persons", room, own.broker, own.exchange, FAST).run())
    with suppress(Dies):
        await task
    del room.move
    async with running(Relay("persons", room, own.broker, own.exchange, FAST)):
        await until_published(room, 10)
    told = await arrived(own, 17)
    everything = await room.after(0, 100)
    assert told == [*everything[:7], *everything]


async def test_a_store_that_fails_is_asked_again(room: Any, own: Own):
    await room.put_many([person(1)])
    after, failures = room.after, iter([InternalError("away"), InternalError("away")])

    async def flaky(position: int, limit: int) -> Any:
        for failure in failures:
            raise failure
        return await after(position, limit)

    room.after = flaky
    async with running(Relay("persons", room, own.broker, own.exchange, FAST)):
        await until_published(room, 1)
    assert [each.id for each in await arrived(own, 1)] == [person(1).id]


async def test_a_queue_that_is_not_there_holds_the_relay_up_until_it_is(room: Any, own: Own):
    await room.put_many([person(1)])
    async with linked(own.broker) as link:
        channel = await link._connection.channel()
        relay = Relay("persons", room, own.broker, own.exchange, FAST)
        async with running(relay):
            await until_published(room, 1)
            await arrived(own, 1)
            queue = await channel.get_queue(f"{own.exchange}.search")
            await queue.unbind(own.exchange, "#")
            await room.put_many([person(2)])
            async with asyncio.timeout(20):
                while relay.relayed.refused < 2:  # noqa: ASYNC110 - counted by another task
                    await asyncio.sleep(0.01)
            assert await room.position(RELAY) == 1
            await queue.bind(own.exchange, "#")
            await until_published(room, 2)
    assert [each.id for each in await arrived(own, 1)] == [person(2).id]


async def test_of_two_relays_of_a_room_one_works(room: Any, own: Own):
    await room.put_many([person(number) for number in range(30)])
    first, second = (Relay("persons", room, own.broker, own.exchange, FAST) for _ in range(2))
    async with running(first), running(second):
        await until_published(room, 30)
    assert sorted((first.relayed.confirmed, second.relayed.confirmed)) == [0, 30]
    assert len(await arrived(own, 30)) == 30
