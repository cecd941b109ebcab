"""Reconciliation: what only one side tells is told, and what explains itself is not held against anybody."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from authz.audit import AuditLog, AuditUnavailable, Fetch, verify
from authz.audit.reconcile import reconcile
from authz.audit.served import RoomRecorder
from authz.signed_context import SignedContext
from kernel.clock import FixedClock

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
SENT, ANSWER = b'{"query":"{ a }"}', b'{"data":{}}'


def digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def context(txn: str) -> SignedContext:
    return SignedContext(txn, "LV-VP", "anna", "C-1", 1, "sha256:m", "EVENT_RESPONSE", None, "client")


@pytest.fixture
def sides(tmp_path):
    """A gateway's log and a room's, both open; and their paths."""
    clock = FixedClock(NOW)
    gateway, room = (
        AuditLog.open(tmp_path / "gateway.db", clock),
        AuditLog.open(tmp_path / "vehicles.db", clock, role="vehicles"),
    )
    yield gateway, RoomRecorder("vehicles", room), clock, tmp_path
    gateway.close()
    room.close()


def compared(folder, **options):
    return reconcile(folder / "gateway.db", {"vehicles": folder / "vehicles.db"}, **options)


async def test_both_sides_of_an_exchange_agree(sides, entry):
    gateway, room, _, folder = sides
    await room.answered(context("req-1"), SENT, 200, ANSWER)
    await gateway.append(entry("req-1", fetches=(Fetch("vehicles", digest(SENT), digest(ANSWER)),)))
    found = compared(folder)
    assert (found.ok, found.exchanges, found.discrepancies) == (True, 1, ())


async def test_the_same_question_twice_in_one_request_is_two_exchanges(sides, entry):
    gateway, room, _, folder = sides
    for _ in range(2):
        await room.answered(context("req-1"), SENT, 200, ANSWER)
    await gateway.append(entry("req-1", fetches=(Fetch("vehicles", digest(SENT), digest(ANSWER)),) * 2))
    found = compared(folder)
    assert (found.exchanges, found.discrepancies) == (2, ())


@pytest.mark.parametrize(
    ("recorded", "served", "kind", "is_grave"),
    [
        ((), True, "missing at the gateway", True),
        ((Fetch("vehicles", digest(SENT), digest(ANSWER)),), False, "missing at the room", True),
        ((Fetch("vehicles", digest(SENT), digest(b"another")),), True, "another answer", True),
        ((Fetch("vehicles", digest(b"other"), None),), True, "missing at the gateway", True),
        ((Fetch("vehicles", digest(SENT), None),), True, "unanswered", False),
        ((Fetch("vehicles", digest(SENT), digest(ANSWER), status=403),), False, "refused by the room", False),
    ],
)
async def test_what_the_sides_tell_differently_is_told(sides, entry, recorded, served, kind, is_grave):
    gateway, room, _, folder = sides
    await gateway.append(entry("req-1", fetches=recorded))
    if served:
        await room.answered(context("req-1"), SENT, 200, ANSWER)
    found = compared(folder)
    assert [(one.kind, one.txn, one.is_grave) for one in found.discrepancies] == [(kind, "req-1", is_grave)]
    assert found.ok is not is_grave


async def test_a_request_that_was_given_up_explains_an_answer_that_nobody_saw(sides, entry):
    gateway, room, _, folder = sides
    await room.answered(context("req-1"), SENT, 200, ANSWER)
    await gateway.append(entry("req-1", status="failed", error_code="CANCELLED"))
    found = compared(folder)
    assert (found.ok, [one.kind for one in found.discrepancies]) == (True, ["unanswered"])


async def test_a_fetch_that_never_reached_the_room_is_no_discrepancy(sides, entry):
    gateway, _, _, folder = sides
    await gateway.append(entry("req-1", fetches=(Fetch("vehicles", digest(SENT), None),)))
    assert compared(folder).discrepancies == ()


async def test_only_the_time_that_was_asked_for_is_told(sides, entry):
    _, room, clock, folder = sides
    await room.answered(context("req-1"), SENT, 200, ANSWER)
    clock.advance(timedelta(hours=1))
    await room.answered(context("req-2"), SENT, 200, ANSWER)
    assert [one.txn for one in compared(folder, since=NOW + timedelta(minutes=30)).discrepancies] == ["req-2"]
    assert [one.txn for one in compared(folder, until=NOW + timedelta(minutes=30)).discrepancies] == ["req-1"]


async def test_a_room_that_cannot_record_gives_no_answer(sides, monkeypatch):
    _, room, _, _ = sides
    monkeypatch.setattr("authz.audit.store_sqlite.SqliteStore.write", lambda *_: 1 / 0)
    with pytest.raises(AuditUnavailable):
        await room.answered(context("req-1"), SENT, 200, ANSWER)


async def test_a_room_that_does_not_wait_refuses_the_next_call_until_it_can_write_again(tmp_path, monkeypatch):
    monkeypatch.setattr("authz.audit.waiting.GATHER", 0.01)
    log = AuditLog.open(tmp_path / "vehicles.db", role="vehicles")
    room = RoomRecorder("vehicles", log, waits=False)
    with monkeypatch.context() as broken:
        broken.setattr("authz.audit.store_sqlite.SqliteStore.write", lambda *_: 1 / 0)
        await room.answered(context("req-1"), SENT, 200, ANSWER)
        await asyncio.sleep(0.1)
        with pytest.raises(AuditUnavailable):
            await room.answered(context("req-2"), SENT, 200, ANSWER)
        await asyncio.sleep(0.1)
    with pytest.raises(AuditUnavailable):
        await room.answered(context("req-3"), SENT, 200, ANSWER)
    await asyncio.sleep(0.1)
    await room.answered(context("req-4"), SENT, 200, ANSWER)
    await room.close()
    assert verify(tmp_path / "vehicles.db").records == 2  # req-3 was written, though its answer did not leave
