"""What the event register's store promises of registration, asked of every adapter."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from kernel.clock import FixedClock
from subgraphs.events.enumerations import EventStatus
from subgraphs.events.registration.change import Actor, Asked, Target
from subgraphs.events.registration.refusal import Refused
from tests.subgraphs.samples import event, id_of
from tests.subgraphs.stores import OpenStore, adapters_of

NOW = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # in Latvia the next year has begun
ACTOR = Actor("LV-PP-RIGA", "anna", "C-1/1", "EVENT_RESPONSE", None, "txn-1")


@pytest.fixture(params=adapters_of("events"))
async def store(request: pytest.FixtureRequest, open_store: OpenStore) -> Any:
    return await open_store("events", request.param, FixedClock(NOW))


def asked(key: str, request: bytes = b"one") -> Asked:
    return Asked("registerEvent", ACTOR, key, request, NOW)


def numbered(number: int) -> Any:
    return lambda registration_number: event(number, registration_number=registration_number)


def closed(record: Any) -> Any:
    return msgspec.structs.replace(record, status=EventStatus.CLOSED)


async def test_numbers_follow_one_another_by_the_year_in_latvia_however_many_register_at_once(store):
    await asyncio.gather(*(store.register(asked(f"key-{n}"), numbered(n)) for n in range(1, 9)))
    found = await store.by_ids([id_of("evt", n) for n in range(1, 9)], {})
    numbers = sorted(kept.record.registration_number for kept in found.values())
    assert numbers == [f"PP-RIGA-2027-{n:06}" for n in range(1, 9)]


async def test_one_key_registers_once_however_many_ask_at_once(store):
    answers = await asyncio.gather(*(store.register(asked("key-1"), numbered(n)) for n in range(1, 9)))
    assert len(set(answers)) == 1
    found = await store.by_ids([id_of("evt", n) for n in range(1, 9)], {})
    assert list(found) == [answers[0].event_id]
    with pytest.raises(Refused, match="IDEMPOTENCY_KEY_REUSED"):
        await store.register(asked("key-1", b"two"), numbered(9))


async def test_of_many_who_change_one_version_one_does_and_the_others_are_told(store):
    done = await store.register(asked("key-0"), numbered(1))
    target = Target(done.event_id, done.version, {})
    changes = [store.change(asked(f"key-{n}"), target, closed) for n in range(1, 6)]
    answers = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(str(answer) for answer in answers if isinstance(answer, Refused)) == ["CONFLICT"] * 4
    history = await store.entries(done.event_id, {})
    assert [(entry.version, entry.official, entry.fields) for entry in history] == [(1, "anna", ()), (2, "anna", ("status",))]
    assert history[1].before.record.status is EventStatus.REGISTERED


async def test_a_step_that_refuses_leaves_nothing_and_the_key_can_be_used(store):
    done = await store.register(asked("key-0"), numbered(1))
    target = Target(done.event_id, done.version, {})

    def refuses(_record: Any) -> Any:
        raise Refused

    with pytest.raises(Refused):
        await store.change(asked("key-1"), target, refuses)
    assert (await store.change(asked("key-1"), target, closed)).version == 2
    other = replace(asked("key-2"), actor=replace(ACTOR, agency="LV-VP"))
    with pytest.raises(Refused, match="NOT_YOUR_EVENT"):
        await store.change(other, replace(target, expected_version=2), closed)
