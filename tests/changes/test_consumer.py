"""A consumer is told everything, over the broker and from the rooms, and what is told twice is dealt with once."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from changes.change import Change, to_json
from changes.consumer import Consumer, Progress
from changes.inbox import Recent
from changes.pace import Pace
from kernel.errors import InternalError
from kernel.rabbitmq import Letter, linked
from tests.changes.conftest import NOW, Own
from tests.subgraphs.samples import id_of, person

FAST = Pace(batch=7, idle_seconds=0.01, least_pause=0.01, most_pause=0.05)
CHANGES = [Change("persons", id_of("per", number), 1, "created", NOW, number) for number in range(1, 21)]


class Told:
    """What the handler got; raises first what `failures` say."""

    def __init__(self, *failures: Exception) -> None:
        self.batches: list[list[Change]] = []
        self._failures = list(failures)

    async def __call__(self, changes: Sequence[Change]) -> None:
        if self._failures:
            raise self._failures.pop(0)
        self.batches.append(list(changes))

    @property
    def changes(self) -> list[Change]:
        return [change for batch in self.batches for change in batch]

    async def until(self, number: int) -> None:
        async with asyncio.timeout(30):
            while len(self.changes) < number:  # noqa: ASYNC110 - told by another task
                await asyncio.sleep(0.01)


@asynccontextmanager
async def running(following: Coroutine[Any, Any, Any]):
    task = asyncio.create_task(following)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def publish(own: Own, *changes: Change) -> None:
    async with linked(own.broker) as link:
        letters = [Letter(to_json(change), change.routing_key, own.exchange, message_id=change.key) for change in changes]
        assert await link.publish(letters) == ()


async def waiting(own: Own, queue: str = "search") -> int:
    async with linked(own.broker) as link:
        return await link.length(f"{own.exchange}.{queue}")


async def test_what_the_broker_tells_twice_is_dealt_with_once_and_nothing_is_left(own: Own):
    told = Told()
    await publish(own, *CHANGES, *CHANGES[:5], *CHANGES[3:9])
    consumer = Consumer("search", told, FAST)
    async with running(consumer.follow_broker(own.broker, own.exchange)):
        await told.until(20)
        await asyncio.sleep(0.3)
    assert told.changes == CHANGES
    assert max(len(batch) for batch in told.batches) <= FAST.batch
    assert consumer.progress.handled == 20
    assert await waiting(own) == 0


async def test_a_change_that_comes_after_later_ones_is_not_taken_for_an_old_one(own: Own):
    told = Told()
    await publish(own, *CHANGES[5:], *CHANGES[:5])
    async with running(Consumer("search", told, FAST).follow_broker(own.broker, own.exchange)):
        await told.until(20)
    assert set(told.changes) == set(CHANGES)


async def test_a_handler_whose_index_is_away_gets_the_same_batch_again(own: Own):
    told = Told(InternalError("away"), InternalError("away"))
    await publish(own, *CHANGES)
    consumer = Consumer("search", told, FAST)
    async with running(consumer.follow_broker(own.broker, own.exchange)):
        await told.until(20)
    assert told.changes == CHANGES
    assert consumer.progress.failed == 2


async def test_what_was_not_dealt_with_when_a_consumer_ended_is_told_to_the_next_one(own: Own):
    told = Told(ValueError("a fault of the handler"))
    await publish(own, *CHANGES[:3])
    with pytest.raises(ValueError, match="a fault"):
        await Consumer("search", told, FAST).follow_broker(own.broker, own.exchange)
    async with running(Consumer("search", told, FAST).follow_broker(own.broker, own.exchange)):
        await told.until(3)
    assert told.changes == CHANGES[:3]


async def test_a_message_that_is_no_change_goes_to_the_dead_and_holds_nobody_up(own: Own):
    told = Told()
    async with linked(own.broker) as link:
        await link.publish([Letter(b"{}", "persons.created", own.exchange)])
    await publish(own, CHANGES[0])
    consumer = Consumer("search", told, FAST)
    async with running(consumer.follow_broker(own.broker, own.exchange)):
        await told.until(1)
    assert consumer.progress.unreadable == 1
    assert await waiting(own, "search.dead") == 1


async def test_rooms_are_followed_without_a_broker_from_where_the_last_one_ended(room: Any):
    told = Told()
    await room.put_many([person(number) for number in range(20)])
    async with running(Consumer("search", told, FAST).follow_rooms({"persons": room})):
        await told.until(20)
        await asyncio.sleep(0.05)
    assert told.changes == await room.after(0, 100)
    await room.put_many([person(1, given_names="Pēteris")])
    again = Told()
    async with running(Consumer("search", again, FAST).follow_rooms({"persons": room})):
        await again.until(1)
    assert [(each.id, each.version) for each in again.changes] == [(person(1).id, 2)]


async def test_a_batch_that_failed_is_told_again_from_the_room(room: Any):
    told = Told(InternalError("away"), ValueError("a fault"))
    await room.put_many([person(1)])
    consumer = Consumer("search", told, FAST)
    with pytest.raises(ValueError, match="a fault"):
        await consumer.turn({"persons": room})
    assert await room.position("search") == 0
    assert await consumer.turn({"persons": room}) == 1
    assert await consumer.turn({"persons": room}) == 0


def test_the_lag_is_the_age_of_what_is_worked_on():
    progress = Progress()
    assert progress.lag_seconds(NOW) == 0
    progress.oldest = NOW
    assert progress.lag_seconds(NOW + timedelta(seconds=3)) == 3


async def test_an_inbox_forgets_the_oldest():
    inbox = Recent(kept=5)
    await inbox.saw(CHANGES[:8])
    assert await inbox.unseen(CHANGES[:10]) == [*CHANGES[:3], *CHANGES[8:10]]
    assert await inbox.unseen([CHANGES[9], CHANGES[9]]) == [CHANGES[9]]
