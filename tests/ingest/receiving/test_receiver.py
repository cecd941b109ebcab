"""The receiver: whom to believe, what to do when the register takes nothing, or takes all but one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from authz.audit import AuditUnavailable
from ingest.receiving.errors import BadSources
from ingest.receiving.message import MAX_BYTES
from ingest.receiving.receiver import Incoming
from ingest.receiving.sources import read_sources
from kernel.metrics import measured, page
from kernel.natural_keys import normal_number
from subgraphs.events.registration.arrival import Batch
from subgraphs.events.registration.receipts import Receipts
from subgraphs.room.errors import StoreFailed
from tests.ingest.receiving.conftest import RIGA, STATE, Desk, message


async def test_nobody_speaks_for_a_source_that_is_not_his(desk: Desk):
    (taken,) = await desk.receiver.take([Incoming(message("registerEvent", source=STATE), frozenset({RIGA}))])
    assert [problem.code for problem in taken.receipt.problems] == ["NOT_ITS_SENDER"]
    assert await desk.store.by_numbers([normal_number("VP-2026-000001")], {}) == {}


async def test_a_source_that_is_not_registered_has_no_agency_and_no_event(desk: Desk):
    (receipt,) = await desk.receipts(message("registerEvent", source="nobody"))
    assert [problem.code for problem in receipt.problems] == ["UNKNOWN_SOURCE"]


async def test_a_message_that_is_too_large_is_not_even_read(desk: Desk):
    (receipt,) = await desk.receipts(b" " * (MAX_BYTES + 1))
    assert [problem.code for problem in receipt.problems] == ["TOO_LARGE"]


async def test_without_audit_nothing_is_written_and_the_same_message_comes_in_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(_entry: object) -> str:
        raise AuditUnavailable("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(desk.audit, "append", refuse)
        with pytest.raises(AuditUnavailable):
            await desk.receipts(message("registerEvent"))
    (receipt,) = await desk.receipts(message("registerEvent"))
    assert (receipt.status, receipt.registration_number) == ("APPLIED", "PP-RIGA-2026-000001")


async def test_one_message_that_the_register_cannot_take_keeps_no_other_out(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    real = desk.receiver.store.take

    async def choke(batch: Batch, record: Any) -> Any:
        def broken(_id: str, _number: str) -> Any:
            raise OverflowError("no database has numbers that large")

        messages = [replace(one, begin=broken) if getattr(one, "event_no", "") == "2" else one for one in batch.messages]
        return await real(replace(batch, messages=messages), record)

    monkeypatch.setattr(desk.receiver.store, "take", choke)
    receipts = await desk.receipts(*(message("registerEvent", str(event)) for event in range(4)))
    assert [receipt.status for receipt in receipts] == ["APPLIED", "APPLIED", "QUARANTINED", "APPLIED"]
    assert receipts[2].problems[0].code == "REFUSED_BY_STORE"


async def test_a_register_that_does_not_answer_quarantines_nothing(desk: Desk):
    await desk.store.close()
    desk.store.database._path.unlink()
    desk.store.database._path.mkdir()
    with pytest.raises(StoreFailed):
        await desk.receipts(message("registerEvent"))
    desk.store.database._path.rmdir()


async def test_what_came_in_is_counted_by_source(desk: Desk):
    await desk.take(message("registerEvent"), message("registerEvent"), message("close", seq=3), b"{}")
    registry = CollectorRegistry()
    measured(registry, *desk.receiver.counts.measures())
    lines = page(registry).decode().splitlines()
    assert f'saite_ingest_received_total{{source="{RIGA}"}} 3.0' in lines
    assert f'saite_ingest_applied_total{{source="{RIGA}"}} 1.0' in lines
    assert f'saite_ingest_duplicate_total{{source="{RIGA}"}} 1.0' in lines
    assert 'saite_ingest_quarantined_total{source="unknown"} 1.0' in lines
    assert f'saite_ingest_lag_seconds{{source="{RIGA}"}} 60.0' in lines


async def test_receipts_wait_until_they_are_handed_over(any_desk: Desk):
    await any_desk.take(message("registerEvent"), message("registerEvent", source=STATE))
    await any_desk.take(message("registerEvent"))
    receipts = Receipts(any_desk.store.database)
    waiting = await receipts.waiting(10)
    assert [one.source for one in waiting] == [RIGA, STATE, RIGA]
    assert [one.source for one in await receipts.waiting(10, {RIGA})] == [STATE]
    await receipts.handed_over([waiting[0].number, waiting[1].number])
    assert await receipts.number() == 1


@pytest.mark.parametrize(
    "text",
    [
        "sources: [{id: x, agency: LV-VP}]",
        "sources: [{id: vp, agency: LV-NOBODY}]",
        "sources: [{id: vp, agency: LV-VP}, {id: vp, agency: LV-VP}]",
        "sources: [{id: vp, agency: LV-VP, broker: vp}]",
        "{",
        "",
    ],
)
def test_a_document_of_sources_that_is_wrong_says_so(tmp_path: Path, text: str):
    path = tmp_path / "sources.yaml"
    path.write_text(text)
    with pytest.raises(BadSources, match=r"sources\.yaml"):
        read_sources(path)
