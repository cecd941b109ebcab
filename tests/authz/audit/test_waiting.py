"""What somebody waits for is written at once, what nobody waits for within a moment, and always in order."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future

from authz.audit import tail, verify, waiting
from authz.audit.record import Draft
from authz.audit.store_sqlite import SqliteStore


def item(number: int, waiter: Future[None] | None = None) -> waiting.Waiting:
    return waiting.Waiting(Draft(f"aud_{number}", "2026-11-23T10:00:00.000000Z", b"{}"), waiter)


def ids(batch: list[waiting.Waiting]) -> list[str]:
    return [one.draft.id for one in batch]


def test_notes_gather_for_a_moment_and_become_one_batch(log, path, entry, monkeypatch):
    batches: list[int] = []
    write = SqliteStore.write

    def counted(store, writer, records):
        batches.append(len(records))
        write(store, writer, records)

    monkeypatch.setattr(SqliteStore, "write", counted)
    monkeypatch.setattr(waiting, "GATHER", 0.5)
    for number in range(40):
        log.note(entry(str(number)))
    deadline = time.monotonic() + 10
    while verify(path).records < 40 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert [record.entry.request_id for record in tail(path, 50)] == [str(number) for number in range(40)]
    assert len(batches) <= 2


def test_whoever_waits_takes_the_notes_before_along(log, path, entry, monkeypatch):
    monkeypatch.setattr(waiting, "GATHER", 3600)
    log.note(entry("note"))
    log.append_blocking(entry("awaited"))
    assert [record.entry.request_id for record in tail(path, 5)] == ["note", "awaited"]


def test_notes_are_written_before_the_log_closes(log, path, entry, monkeypatch):
    monkeypatch.setattr(waiting, "GATHER", 3600)
    for number in range(5):
        log.note(entry(str(number)))
    log.close()
    assert verify(path).records == 5


def test_as_many_notes_as_a_batch_holds_do_not_gather_any_longer(monkeypatch):
    monkeypatch.setattr(waiting, "GATHER", 3600)
    monkeypatch.setattr(waiting, "MAX_BATCH", 3)
    waitlist = waiting.Waitlist()
    found: list[list[str]] = []
    taking = threading.Thread(target=lambda: found.append(ids(waitlist.batch(None)[0])))
    taking.start()
    for number in range(3):
        waitlist.put(item(number))
    taking.join(10)
    assert found == [["aud_0", "aud_1", "aud_2"]]


def test_a_batch_that_leaves_somebody_waiting_is_followed_by_another_at_once(monkeypatch):
    monkeypatch.setattr(waiting, "GATHER", 3600)
    monkeypatch.setattr(waiting, "MAX_BATCH", 2)
    waitlist = waiting.Waitlist()
    for number in range(2):
        waitlist.put(item(number))
    waitlist.put(item(2, Future()))
    assert ids(waitlist.batch(None)[0]) == ["aud_0", "aud_1"]
    assert ids(waitlist.batch(None)[0]) == ["aud_2"]
    assert waitlist.batch(0.01) == ([], True)


def test_a_closed_waitlist_gives_what_it_has_and_then_no_more(monkeypatch):
    monkeypatch.setattr(waiting, "MAX_BATCH", 2)
    waitlist = waiting.Waitlist()
    for number in range(3):
        waitlist.put(item(number))
    waitlist.close()
    assert [(ids(batch), more) for batch, more in (waitlist.batch(None), waitlist.batch(None))] == [
        (["aud_0", "aud_1"], True),
        (["aud_2"], False),
    ]
