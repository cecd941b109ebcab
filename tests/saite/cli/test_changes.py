"""`saite changes`: the relay as a process that is killed, and what operators ask."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
import urllib.request
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from changes.change import Change, from_json
from changes.relay import RELAY
from kernel.rabbitmq import linked
from saite.cli.main import app
from saite.folder import DataFolder
from saite.registers import open_one
from tests.changes.conftest import Own, own
from tests.subgraphs.samples import person

__all__ = ["own"]


async def relay_of(own: Own, data: Path) -> Process:
    prefix = own.exchange.removesuffix("changes")
    options = [
        "--broker",
        own.broker.address,
        "--consumer",
        "search",
        "--prefix",
        prefix,
        "--metrics-port",
        "0",
        "--data",
        str(data),
    ]
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "saite", "changes", "relay", *options, stdout=DEVNULL, stderr=PIPE
    )


async def metrics_of(relay: Process) -> str:
    assert relay.stderr is not None
    line = (await relay.stderr.readline()).decode()
    found = re.search(r"http://\S+/metrics", line)
    assert found, line
    answer = await asyncio.to_thread(urllib.request.urlopen, found[0])
    return answer.read().decode()


async def told_so_far(own: Own) -> list[Change]:
    found: list[Change] = []
    async with linked(own.broker) as link:
        number = await link.length(f"{own.exchange}.search")
        async with link.consuming(f"{own.exchange}.search") as consumer, asyncio.timeout(20):
            while len(found) < number:
                batch = await consumer.next_batch()
                found += [from_json(delivery.body) for delivery in batch.deliveries]
                await batch.ack()
    return found


@pytest.mark.slow
async def test_a_relay_that_is_killed_at_work_loses_nothing_and_keeps_the_order_of_each_record(tmp_path: Path, own: Own):
    folder = DataFolder(tmp_path)
    folder.prepare()
    async with open_one(folder, "persons") as room:
        relay = await relay_of(own, tmp_path)
        for version in range(6):
            await room.put_many([person(number, given_names=f"Nr {version}") for number in range(100)])
            if version == 3:
                position = await room.position(RELAY)
                await until(room, position + 1)  # in the middle of its work
                relay.kill()
                await relay.wait()
                relay = await relay_of(own, tmp_path)
        await until(room, await room.last())
        assert 'saite_changes_published_total{room="persons"}' in await metrics_of(relay)
        relay.send_signal(signal.SIGTERM)
        assert await relay.wait() == 0
        changes = list(await room.after(0, 10_000))
    told = await told_so_far(own)
    assert set(told) == set(changes)
    first_told = list(dict.fromkeys(told))
    assert first_told == changes


async def until(room: Any, position: int) -> None:
    while await room.position(RELAY) < position:  # noqa: ASYNC110 - a register has no event to wait for
        await asyncio.sleep(0.01)


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["changes", *arguments])


def test_followers_are_shown_skipped_and_old_changes_forgotten(tmp_path: Path):
    folder = DataFolder(tmp_path)
    folder.prepare()

    async def write() -> None:
        async with open_one(folder, "persons") as room:
            await room.put_many([person(1), person(2)])
            await room.move("search", 0, 1)

    asyncio.run(write())
    data = ("--data", str(tmp_path))
    (status,) = json.loads(run("status", "--format", "json", *data).stdout)
    assert (status["room"], status["follower"], status["position"], status["waiting"]) == ("persons", "search", 1, 1)
    skipped = run("skip", "search", *data)
    assert skipped.exit_code == 0
    assert "persons: search is at change 2" in skipped.stdout
    assert json.loads(run("status", "--format", "json", *data).stdout)[-1]["waiting"] == 0
    assert "persons: 1 forgotten" in run("forget", "--days", "0", *data).stdout


def test_a_change_that_waits_too_long_is_an_alarm(tmp_path: Path):
    folder = DataFolder(tmp_path)
    folder.prepare()

    async def write() -> None:
        from datetime import UTC, datetime

        from kernel.clock import FixedClock
        from subgraphs.persons.store_sqlite import open_store

        room = await open_store(folder.register("persons"), FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
        await room.put_many([person(1), person(2)])
        await room.move("search", 0, 1)
        await room.close()

    asyncio.run(write())
    assert run("status", "--data", str(tmp_path)).exit_code == 1
