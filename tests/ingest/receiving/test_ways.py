"""The ways in: RabbitMQ with a journal at the other end, HTTPS, a watched folder."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from authz.identity import Actor, Unauthenticated
from ingest.receiving.broker import BrokerWay, topology_of
from ingest.receiving.folder import WatchedFolder
from ingest.receiving.pushing import NDJSON
from ingest.receiving.service import Ingest, Ways
from journal.outbox import Outbox
from journal.sending import Sending
from kernel.natural_keys import normal_number
from kernel.rabbitmq import Broker, Letter, Topology, linked
from subgraphs.events.registration.receipts import Receipts
from subgraphs.room.errors import StoreFailed
from tests.gateway.server.conftest import AsgiClient
from tests.ingest.receiving.conftest import BODIES, RIGA, Desk, message, until


@asynccontextmanager
async def running(*works: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def prefix(rabbitmq_url: str, desk: Desk) -> AsyncIterator[str]:
    name = f"test.{secrets.token_hex(6)}."
    yield name
    async with linked(Broker(rabbitmq_url, "saite tests", Topology())) as link:
        await link.remove(topology_of(desk.receiver.sources, name))


def counted(desk: Desk, name: str) -> Callable[[], Awaitable[bool]]:
    async def some() -> bool:
        return desk.receiver.counts.of(name) > 0

    return some


def way_of(desk: Desk, url: str, prefix: str, heard: Any = lambda *_: None) -> BrokerWay:
    broker = Broker(url, "saite tests", topology_of(desk.receiver.sources, prefix))
    return BrokerWay(broker, desk.receiver, Receipts(desk.store.database), heard, prefix)


async def test_a_journal_sends_until_every_event_has_its_receipt(desk: Desk, rabbitmq_url: str, prefix: str, tmp_path: Path):
    way = way_of(desk, rabbitmq_url, prefix)
    with closing(Outbox(tmp_path / "journal.sqlite3", RIGA)) as outbox:
        outbox.add(
            {"kind": kind, "sourceEventNo": str(n), "body": BODIES[kind]}
            for n in range(30)
            for kind in ("registerEvent", "assign")
        )
        outbox.add([{"kind": "dispatch", "sourceEventNo": "7", "body": {}}])
        async with running(way.take(), way.hand_over()):
            await asyncio.wait_for(Sending(outbox, 1.0).over_amqp(rabbitmq_url, prefix), 30)
        receipts = outbox.receipts()
        assert outbox.status() == {"APPLIED": 60, "QUARANTINED": 1}
    assert sorted({one["registrationNumber"] for one in receipts.values() if one["status"] == "APPLIED"}) == [
        f"PP-RIGA-2026-{n:06}" for n in range(1, 31)
    ]


async def test_while_the_register_is_away_the_broker_keeps_everything(
    desk: Desk, rabbitmq_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
):
    heard: list[tuple[str, bool]] = []
    real, failures = desk.receiver.store.take, iter(range(2))

    async def away(*given: Any) -> Any:
        if next(failures, None) is not None:
            raise StoreFailed("The database is away.")
        return await real(*given)

    monkeypatch.setattr(desk.receiver.store, "take", away)
    way = way_of(desk, rabbitmq_url, prefix, lambda *said: heard.append(said))
    async with running(way.take()), linked(way._broker) as link:
        raw = message("registerEvent")
        await link.publish([Letter(raw, RIGA, f"{prefix}ingest", message_id="m", user_id="guest")])
        await until(counted(desk, "applied"))
        assert await link.length(f"{prefix}ingest.dead") == 0
    assert heard.count(("register", False)) == 2


async def test_who_sends_for_another_is_refused_and_the_dead_stay_empty(desk: Desk, rabbitmq_url: str, prefix: str):
    way = way_of(desk, rabbitmq_url, prefix)
    async with running(way.take()), linked(way._broker) as link:
        await link.publish([Letter(message("registerEvent"), RIGA, f"{prefix}ingest", message_id="m")])  # names no user
        await until(counted(desk, "quarantined"))
    assert [held.problems[0].code for held in await desk.held("OPEN")] == ["NOT_ITS_SENDER"]


async def identify(request: Any) -> Actor:
    words = request.headers.get("authorization", "").split()
    if len(words) != 3:
        raise Unauthenticated
    return Actor(words[1], "somebody", words[2], "test")


@asynccontextmanager
async def pushing(desk: Desk) -> AsyncIterator[AsgiClient]:
    ingest = Ingest(desk.receiver, identify, Ways(), desk.clock)
    async with running(ingest._queue.run()):
        yield AsgiClient(ingest.application())


async def post(client: AsgiClient, body: bytes, kind: str = "application/json", who: str = "Bearer LV-PP-RIGA x") -> Any:
    return await client.request("POST", "/ingest", headers={"content-type": kind, "authorization": who}, chunks=(body,))


async def test_a_message_that_is_pushed_is_answered_with_its_receipt(desk: Desk):
    async with pushing(desk) as client:
        first, again = [await post(client, message("registerEvent")) for _ in range(2)]
        wrong = await post(client, message("dispatch", seq=1, crew=""))
        early = await post(client, message("dispatch", seq=3))
    assert (first.status, again.status, wrong.status, early.status) == (200, 200, 422, 202)
    assert first.json["registrationNumber"] == again.json["registrationNumber"] == "PP-RIGA-2026-000001"


async def test_many_messages_are_answered_in_their_order(desk: Desk):
    raws = [message("registerEvent", str(event)) for event in range(5)]
    async with pushing(desk) as client:
        answer = await post(client, b"\n".join(raws), NDJSON)
    receipts = [json.loads(line) for line in answer.body.splitlines()]
    assert [one["messageId"] for one in receipts] == [json.loads(raw)["messageId"] for raw in raws]


@pytest.mark.parametrize(
    ("who", "kind", "status"),
    [
        ("", "application/json", 401),
        ("Bearer LV-STAT x", "application/json", 403),
        ("Bearer LV-VP other", "application/json", 403),
        ("Bearer LV-PP-RIGA x", "text/plain", 415),
    ],
)
async def test_who_may_not_push_is_told_so(desk: Desk, who: str, kind: str, status: int):
    async with pushing(desk) as client:
        assert (await post(client, message("registerEvent"), kind, who)).status == status


async def test_more_than_can_be_taken_is_refused_until_later(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    async def away(*_: Any) -> Any:
        raise StoreFailed("The database is away.")

    async with pushing(desk) as client:
        too_many = await post(client, b"\n".join([b"{}"] * 1001), NDJSON)
        monkeypatch.setattr(desk.receiver.store, "take", away)
        later = await post(client, message("registerEvent"))
        monkeypatch.setattr("ingest.receiving.pushing.WAITING", 0)
        full = await post(client, message("registerEvent"))
    assert (too_many.status, later.status, full.status) == (413, 503, 429)
    assert later.headers["retry-after"] == full.headers["retry-after"] == "2"


async def test_it_is_ready_when_broker_and_register_answer(desk: Desk):
    ingest = Ingest(desk.receiver, identify, Ways(Broker("amqp://127.0.0.1:1/", "tests")), desk.clock)
    client = AsgiClient(ingest.application())
    assert (await client.request("GET", "/livez")).status == 200
    assert (await client.request("GET", "/readyz")).status == 503
    ingest._heard("broker", True)
    assert (await client.request("GET", "/readyz")).status == 200
    assert b"saite_ingest_works" in (await client.request("GET", "/metrics")).body


async def test_files_that_are_put_there_whole_come_in_and_are_put_away_with_their_receipts(desk: Desk, tmp_path: Path):
    watched = WatchedFolder(tmp_path / "in", desk.receiver, lambda *_: None)
    assert await watched.take_all() == 0
    inside = tmp_path / "in" / RIGA / "in"
    (inside / "good.ndjson").write_bytes(message("registerEvent", "1") + b"\n" + message("assign", "1", 2) + b"\n")
    (inside / "bad.json").write_bytes(b"{}")
    (inside / ".half.json").write_bytes(b"{")
    assert await watched.take_all() == 2
    (inside / "good.ndjson").write_bytes(message("registerEvent", "1"))  # killed before it was put away, say
    assert await watched.take_all() == 1
    names = sorted(
        str(path.relative_to(tmp_path / "in" / RIGA)) for path in (tmp_path / "in" / RIGA).rglob("*") if path.is_file()
    )
    assert names == [
        "done/good.1.ndjson",
        "done/good.1.ndjson.receipts.ndjson",
        "done/good.ndjson",
        "done/good.ndjson.receipts.ndjson",
        "failed/bad.json",
        "failed/bad.json.receipts.ndjson",
        "in/.half.json",
    ]
    assert len(await desk.store.by_numbers([normal_number(f"PP-RIGA-2026-00000{n}") for n in (1, 2)], {})) == 1


async def test_what_waited_too_long_goes_on_without_what_is_missing(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ingest.receiving.service.SWEEP_SECONDS", 0.01)
    await desk.take(message("registerEvent"), message("assign", seq=3))
    desk.clock.advance(timedelta(minutes=5))

    async def went_on() -> bool:
        return [held.state.value for held in await desk.held()] == ["IMPORTED"]

    async with running(Ingest(desk.receiver, identify, Ways(), desk.clock)._sweep()):
        await until(went_on)
