"""What operators see of changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from prometheus_client import CollectorRegistry

from changes.change import Change
from changes.consumer import Consumer
from changes.measures import OutboxWatch, consumer_measures, relay_measures
from changes.relay import RELAY, Relay, Relayed
from kernel.clock import FixedClock
from kernel.errors import InternalError
from kernel.metrics import measured
from kernel.rabbitmq import Broker
from tests.changes.conftest import NOW
from tests.subgraphs.samples import person


async def test_the_outbox_is_told_by_room_as_it_was_sampled_and_grows_old(room: Any):
    clock, registry = FixedClock(NOW), CollectorRegistry()
    watch = OutboxWatch({"persons": room}, clock=clock)
    measured(registry, *watch.measures())
    await room.put_many([person(1), person(2)])
    await watch.sample()
    clock.advance(timedelta(seconds=4))
    assert registry.get_sample_value("saite_outbox_unpublished", {"room": "persons"}) == 2
    assert registry.get_sample_value("saite_outbox_oldest_age_seconds", {"room": "persons"}) == 4
    await room.move(RELAY, 0, await room.last())
    await watch.sample()
    assert registry.get_sample_value("saite_outbox_unpublished", {"room": "persons"}) == 0
    assert registry.get_sample_value("saite_outbox_oldest_age_seconds", {"room": "persons"}) == 0


async def test_a_room_that_does_not_answer_keeps_its_last_sample(room: Any, monkeypatch: Any):
    watch = OutboxWatch({"persons": room}, clock=FixedClock(NOW))
    registry = CollectorRegistry()
    measured(registry, *watch.measures())
    await room.put_many([person(1)])
    await watch.sample()

    async def away(_: str) -> None:
        raise InternalError("away")

    monkeypatch.setattr(room, "backlog", away)
    await watch.sample()
    assert registry.get_sample_value("saite_outbox_unpublished", {"room": "persons"}) == 1


async def test_a_consumer_tells_how_old_what_it_works_on_is(room: Any):
    clock, registry = FixedClock(NOW), CollectorRegistry()
    seen: list[float | None] = []

    async def handle(_: Sequence[Change]) -> None:
        clock.advance(timedelta(seconds=3))
        seen.append(registry.get_sample_value("saite_changes_lag_seconds", {"consumer": "search"}))

    consumer = Consumer("search", handle, clock=clock)
    measured(registry, *consumer_measures(consumer))
    await room.put_many([person(1), person(2)])
    await consumer.turn({"persons": room})
    assert seen == [3]
    assert registry.get_sample_value("saite_changes_lag_seconds", {"consumer": "search"}) == 0
    assert registry.get_sample_value("saite_changes_handled_total", {"consumer": "search"}) == 2


def test_relays_tell_what_was_confirmed_and_refused(room: Any):
    registry = CollectorRegistry()
    relay = Relay("persons", room, Broker("amqp://127.0.0.1:1", "saite tests"), relayed=Relayed(5, 1))
    measured(registry, *relay_measures([relay]))
    assert registry.get_sample_value("saite_changes_published_total", {"room": "persons"}) == 5
    assert registry.get_sample_value("saite_changes_refused_total", {"room": "persons"}) == 1
