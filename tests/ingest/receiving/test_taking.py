"""Taking messages: each has its effect once, in the order that its source counted, whatever is delivered how often and when."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta
from itertools import pairwise

import pytest

from authz.audit import tail
from kernel.ids import is_id
from tests.ingest.receiving.conftest import RIGA, STATE, Desk, in_batches, message

STORY = ("registerEvent", "assign", "dispatch", "recordArrival", "linkPerson", "recordDecision", "close")


def story(event: str) -> list[bytes]:
    return [message(kind, event, seq) for seq, kind in enumerate(STORY, 1)]


async def test_a_registration_becomes_an_event_of_the_agency_that_its_source_belongs_to(desk: Desk):
    (receipt,) = await desk.receipts(message("registerEvent", "2026/17", source=STATE))
    kept = await desk.event(receipt.event_id)
    assert (receipt.status, receipt.version, receipt.registration_number) == ("APPLIED", 1, "VP-2026-000001")
    assert kept.record.territory_owner == kept.record.registered_by.institution == "LV-VP"
    assert (kept.record.source.system, kept.record.source.id) == (STATE, "2026/17")
    assert is_id(receipt.event_id or "", "evt")


async def test_a_change_is_noted_with_who_did_it_and_under_which_registration(desk: Desk):
    _, changed = await desk.receipts(message("registerEvent"), message("dispatch", seq=2))
    _, change = await desk.store.entries(changed.event_id, {})
    assert (change.operation, change.agency, change.official) == ("dispatch", "LV-PP-RIGA", RIGA)
    assert change.after.record.status == "RESPONDING"
    assert changed.version == 2


async def test_every_event_is_in_the_audit_before_the_receipt_is(desk: Desk):
    receipts = await desk.receipts(message("registerEvent", "1"), message("registerEvent", "1", source=STATE))
    records = [record.entry for record in tail(desk.log, 10)]
    assert {(entry.agency, *entry.entities["Event"]) for entry in records} == {
        ("LV-PP-RIGA", receipts[0].event_id),
        ("LV-VP", receipts[1].event_id),
    }


async def test_the_same_message_again_gives_the_same_receipt_and_no_second_effect(any_desk: Desk):
    (first,) = await any_desk.take(message("registerEvent"))
    any_desk.clock.advance(timedelta(minutes=1))
    twice = await any_desk.take(message("registerEvent"), message("registerEvent"))
    assert not first.repeated
    assert [one.repeated for one in twice] == [True, True]
    assert [one.receipt for one in twice] == [first.receipt] * 2
    assert (await any_desk.event(first.receipt.event_id)).version == 1


async def test_when_a_message_was_sent_and_how_it_is_spelled_makes_no_other_message(desk: Desk):
    raw = message("registerEvent")
    spelled = json.dumps(json.loads(raw) | {"sentAt": "2026-11-23T14:30:00+02:00"}, indent=2).encode()
    first, again = await desk.take(raw, spelled)
    assert again.repeated
    assert again.receipt == first.receipt


async def test_one_id_for_two_things_goes_to_the_quarantine_and_changes_nothing(any_desk: Desk):
    first, other = await any_desk.receipts(message("registerEvent"), message("registerEvent", unit="Cita"))
    (later,) = await any_desk.receipts(message("registerEvent", unit="Vēl cita"))
    assert [other.status, later.status] == ["QUARANTINED"] * 2
    assert later.problems[0].code == "MESSAGE_ID_REUSED"
    assert (await any_desk.event(first.event_id)).record.registered_by.unit == "2. nodaļa"


@pytest.mark.parametrize("seed", range(2))
async def test_in_whatever_order_and_batches_messages_come_the_events_are_the_same(any_desk: Desk, seed: int):
    rng = random.Random(seed)
    raws = [raw for event in ("a", "b", "c") for raw in story(event)]
    shuffled = [*raws, *rng.sample(raws, 8)]
    rng.shuffle(shuffled)
    for part in in_batches(shuffled, iter(lambda: rng.randint(1, 6), 0)):
        await any_desk.take(*part)
    receipts = await any_desk.receipts(*raws)
    assert {receipt.status for receipt in receipts} == {"APPLIED"}
    for event in range(3):
        of_event = receipts[event * len(STORY) : (event + 1) * len(STORY)]
        assert [receipt.version for receipt in of_event] == list(range(1, len(STORY) + 1))
        assert (await any_desk.event(of_event[0].event_id)).record.status == "CLOSED"
    assert sorted({receipt.registration_number for receipt in receipts}) == [f"PP-RIGA-2026-00000{n}" for n in (1, 2, 3)]


async def test_a_message_that_its_event_overtook_is_kept_and_changes_nothing(any_desk: Desk):
    raws = [
        message("registerEvent"),
        message("amendEvent", seq=2, summary="Vecāks"),
        message("amendEvent", seq=3, summary="Jaunāks"),
    ]
    await any_desk.fates(raws[0], raws[2])
    any_desk.clock.advance(timedelta(minutes=2))
    overdue = await any_desk.receiver.store.holding.overdue(any_desk.clock.now() - timedelta(minutes=1))
    (given_up,) = (await any_desk.receiver.retry(overdue, forced=False)).values()
    (late,) = await any_desk.receipts(raws[1])
    assert (given_up.status, late.status) == ("APPLIED", "SUPERSEDED")
    assert (await any_desk.event(late.event_id)).record.summary == "Jaunāks"
    assert [held.message_id for held in await any_desk.held("LATE")] == [late.message_id]


async def test_what_waits_for_an_event_that_has_not_begun_is_not_given_up(desk: Desk):
    assert await desk.fates(message("close", seq=2)) == ["WAITING"]
    assert await desk.receiver.store.holding.overdue(desk.clock.now() + timedelta(days=1)) == []
    assert await desk.fates(message("close", seq=2)) == ["WAITING"]


async def test_a_change_that_the_event_does_not_allow_waits_for_a_person_and_the_next_goes_on(desk: Desk):
    fates = await desk.receipts(message("registerEvent"), message("recordArrival", seq=2), message("assign", seq=3))
    assert [one.status for one in fates] == ["APPLIED", "QUARANTINED", "APPLIED"]
    assert (fates[1].problems[0].code, fates[1].problems[0].path) == ("WRONG_STATUS", ("sourceEventNo",))
    (held,) = await desk.held("OPEN")
    assert held.id == fates[1].quarantine_id


async def test_everything_that_is_wrong_is_told_at_once_in_both_languages(desk: Desk):
    (receipt,) = await desk.receipts(message("registerEvent", subkind="NO-SUCH", place={"atvk": "0001000", "lat": 57.0}))
    assert {problem.code: problem.path for problem in receipt.problems} == {
        "UNKNOWN_CODE": ("body", "subkind"),
        "POINT_INCOMPLETE": ("body", "place"),
    }
    assert all(problem.message and problem.message_lv for problem in receipt.problems)


async def test_a_corrected_message_comes_in_once_and_its_source_is_told(any_desk: Desk):
    wrong = message("registerEvent", place={"atvk": "123"})
    (receipt,) = await any_desk.receipts(wrong)
    held_id = receipt.quarantine_id or ""
    assert await any_desk.receiver.store.holding.correct(held_id, message("registerEvent"))
    (tried,) = (await any_desk.receiver.retry([held_id], forced=True)).values()
    assert tried.status == "APPLIED"
    assert await any_desk.receiver.retry([held_id], forced=True) == {}
    assert [held.state for held in await any_desk.held()] == ["IMPORTED"]
    assert await any_desk.fates(message("registerEvent"), message("dispatch", seq=2)) == ["APPLIED", "APPLIED"]


async def test_a_refused_change_is_applied_when_a_person_says_so_though_later_ones_were(desk: Desk):
    raws = [message("registerEvent"), message("linkPerson", seq=2, role="NOBODY"), message("amendEvent", seq=3)]
    receipts = await desk.receipts(*raws)
    assert [one.status for one in receipts] == ["APPLIED", "QUARANTINED", "WAITING"]
    held_id = receipts[1].quarantine_id or ""
    await desk.receiver.store.holding.correct(held_id, message("linkPerson", seq=2))
    (tried,) = (await desk.receiver.retry([held_id], forced=True)).values()
    kept = await desk.event(tried.event_id)
    assert [person.role for person in kept.record.persons] == ["WITNESS"]
    assert kept.record.summary == "Labots"  # the message that waited went on after it


async def test_a_second_registration_of_an_event_is_refused(desk: Desk):
    fates = await desk.receipts(message("registerEvent"), message("registerEvent", seq=2))
    assert fates[1].problems[0].code == "ALREADY_REGISTERED"


async def test_an_event_that_was_handed_over_is_changed_by_its_new_agency_alone(desk: Desk):
    raws = [
        message("registerEvent"),
        message("transferToAgency", seq=2, agency="LV-VP", reason="Piekritība"),
        message("assign", seq=3),
    ]
    assert [one.problems[0].code for one in await desk.receipts(*raws) if one.problems] == ["NOT_YOUR_EVENT"]


async def test_many_who_take_the_same_at_once_have_one_effect_and_numbers_without_gaps(any_desk: Desk):
    raws = [message("registerEvent", str(event)) for event in range(20)]
    all_receipts = await asyncio.gather(*(any_desk.receipts(*raws[start:], *raws[:start]) for start in range(0, 20, 5)))
    by_id = {one.message_id: one for one in all_receipts[0]}
    assert all(by_id[one.message_id] == one for receipts in all_receipts for one in receipts)
    numbers = sorted(int((one.registration_number or "").rpartition("-")[2]) for one in by_id.values())
    assert all(later == one + 1 for one, later in pairwise(numbers))
    assert numbers == list(range(1, 21))


async def test_a_hundred_and_more_come_in_by_one_batch(any_desk: Desk):
    raws = [message("registerEvent", str(event)) for event in range(120)] + [
        message("dispatch", str(event), 2) for event in range(120)
    ]
    receipts = await any_desk.receipts(*raws)
    assert {receipt.status for receipt in receipts} == {"APPLIED"}
    assert [receipt.version for receipt in receipts] == [1] * 120 + [2] * 120


async def test_what_no_text_of_a_database_can_hold_comes_in_all_the_same(any_desk: Desk):
    (receipt,) = await any_desk.receipts(message("registerEvent", "1", summary="a\0b", unit="x\0y"))
    assert receipt.status == "APPLIED"
    assert (await any_desk.event(receipt.event_id)).record.summary == "a\0b"


async def test_the_inbox_forgets_after_its_time_and_the_event_is_still_not_registered_twice(any_desk: Desk):
    (first,) = await any_desk.receipts(message("registerEvent"))
    assert await any_desk.receiver.store.forget(any_desk.clock.now()) == 0
    assert await any_desk.receiver.store.forget(any_desk.clock.now() + timedelta(days=90)) == 1
    (later,) = await any_desk.receipts(message("registerEvent"))
    assert (later.status, later.event_id) == ("SUPERSEDED", first.event_id)
