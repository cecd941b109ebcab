"""A room with changes, and a broker with an exchange of the test's own."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from changes.relay import broker_for
from kernel.clock import FixedClock
from kernel.rabbitmq import Broker, Topology, linked

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Any]:
    from subgraphs.persons.store_sqlite import open_store

    store = await open_store(tmp_path / "persons.sqlite3", FixedClock(NOW))
    yield store
    await store.close()


@dataclass(frozen=True)
class Own:
    """The broker, and the name of the exchange."""

    broker: Broker
    exchange: str


@pytest.fixture
async def own(rabbitmq_url: str) -> AsyncIterator[Own]:
    """With the queue of one consumer, `search`."""
    exchange = f"test.{secrets.token_hex(6)}.changes"
    broker = broker_for(rabbitmq_url, "saite tests", ["search"], exchange)
    yield Own(broker, exchange)
    async with linked(replace(broker, topology=Topology())) as link:
        channel = await link._connection.channel()
        for queue in broker.topology.queues:
            await channel.queue_delete(queue.name)
            await channel.queue_delete(queue.dead)
            await channel.exchange_delete(queue.dead)
        await channel.exchange_delete(exchange)
