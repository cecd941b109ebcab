"""The journal's outbox: everything that was added is sent until its receipt came, and nothing after that."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from journal.outbox import Outbox


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "journal.sqlite3", "pp-riga")) as opened:
        yield opened


def entry(event: str = "1", kind: str = "close") -> dict[str, Any]:
    return {"kind": kind, "sourceEventNo": event, "body": {}}


def receipt(message_id: str, status: str, source: str = "pp-riga") -> bytes:
    return json.dumps({"sourceId": source, "messageId": message_id, "status": status}).encode()


def test_messages_of_an_event_are_counted_and_keep_their_order(outbox: Outbox):
    ids = outbox.add([entry("1"), entry("2"), entry("1")])
    said = [json.loads(item.body()) for item in outbox.due()]
    assert [one["messageId"] for one in said] == ids
    assert [(one["sourceEventNo"], one["sourceSeq"]) for one in said] == [("1", 1), ("2", 1), ("1", 2)]
    assert {one["sourceId"] for one in said} == {"pp-riga"}


def test_what_was_sent_is_sent_again_later_and_later_until_its_receipt_came(outbox: Outbox, monkeypatch: pytest.MonkeyPatch):
    now = 1000.0
    monkeypatch.setattr("journal.outbox.time", lambda: now)
    (message_id,) = outbox.add([entry()])
    waits = []
    for _ in range(12):
        outbox.sent(outbox.due(), 10)
        began = now
        while not outbox.due():
            now += 10
        waits.append(now - began)
    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-1] == 3600
    outbox.settle([receipt(message_id, "APPLIED")])
    now += 10_000
    assert outbox.due() == []
    assert outbox.is_done()


def test_a_message_in_quarantine_is_not_sent_again_and_may_come_in_later(outbox: Outbox):
    (message_id,) = outbox.add([entry()])
    outbox.settle([receipt(message_id, "QUARANTINED")])
    assert (outbox.due(), outbox.status()) == ([], {"QUARANTINED": 1})
    outbox.settle([receipt(message_id, "APPLIED"), receipt(message_id, "QUARANTINED")])
    assert outbox.status() == {"APPLIED": 1}


def test_receipts_of_others_and_of_nothing_change_nothing(outbox: Outbox):
    (message_id,) = outbox.add([entry()])
    outbox.settle([receipt(message_id, "APPLIED", "other"), receipt("unknown", "APPLIED")])
    assert outbox.status() == {"UNSENT": 1}


def test_all_of_what_is_added_is_kept_or_nothing(outbox: Outbox):
    with pytest.raises(KeyError):
        outbox.add([entry(), {"kind": "close"}])
    assert outbox.status() == {}


def test_the_file_is_its_owners_and_its_sources_alone(outbox: Outbox, tmp_path: Path):
    path = tmp_path / "journal.sqlite3"
    assert path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="is the journal of pp-riga"):
        Outbox(path, "other")
    with pytest.raises(ValueError, match="say which"):
        Outbox(tmp_path / "new.sqlite3")
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)
