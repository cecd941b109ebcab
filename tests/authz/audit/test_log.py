"""The log: what was acknowledged is there, in one chain per writer; what cannot be recorded is refused."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.audit import AuditLog, AuditUnavailable, ContractReference, Operation, WithheldField, find, tail, verify, waiting
from authz.audit import log as log_module
from authz.audit.store_sqlite import SqliteStore
from kernel.clock import FixedClock

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

_WRITER = """
import asyncio, os, sys
from pathlib import Path
from authz.audit import AuditEntry, AuditLog

async def main() -> None:
    log = AuditLog.open(Path(sys.argv[1]))
    async def client(number: int) -> None:
        while True:
            entry = AuditEntry(kind="consultation", request_id=f"{number}", agency="LV-PROK", user="anna", status="ok")
            record_id = await log.append(entry)
            os.write(1, f"{log.writer} {record_id}\\n".encode())
    await asyncio.gather(*(client(number) for number in range(20)))

asyncio.run(main())
"""

_DISK_FULL = """
import resource, signal, sys
from pathlib import Path
from authz.audit import AuditEntry, AuditLog, AuditUnavailable, verify

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
log = AuditLog.open(path)
def append(text: str) -> str:
    return log.append_blocking(AuditEntry(kind="consultation", request_id=text, agency="A", user="u", status="ok"))
acknowledged = [append(str(number)) for number in range(10)]
resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))
refused = 0
for number in range(10):
    try:
        acknowledged.append(append("x" * 9000))
    except AuditUnavailable:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
acknowledged += [append(str(number)) for number in range(10)]
log.close()
found = verify(path)
print(refused, found.ok, found.records >= len(acknowledged))
"""


async def test_an_acknowledged_entry_can_be_read_back_whole(log, path, entry):
    full = entry(
        kind="combination",
        status="partial",
        client_id="prok-case-mgmt",
        issuer="urn:saite:development",
        contract=ContractReference("C-2026-014", 7, "sha256:aa"),
        mask_digest="sha256:bb",
        purpose="CRIMINAL_PROCEEDING",
        case_ref="11-00001",
        operation=Operation("WhoWasWithThisCar", "cc", "dd", frozenset({"ee"})),
        resources=frozenset({"Vehicle.plate", "Person.familyName"}),
        withheld=(WithheldField("Person.personalCode", "read", "NOT_GRANTED"),),
        filters=frozenset({"Vehicle.plate:eq"}),
        entities={"Vehicle": ("veh_1",), "Person": ("per_1", "per_2")},
        counts={"Vehicle": 1, "Person": 2},
        subgraphs=("vehicles", "persons"),
        error_code="PARTIAL",
    )
    record_id = await log.append(full)
    record = find(path, record_id)
    assert record is not None
    assert record.entry == full
    assert (record.id, record.seq, record.writer, record.v) == (record_id, 1, "gateway-1", 1)


async def test_a_denial_is_recorded_like_everything_else(log, path, entry):
    await log.append(entry(kind="denial", status="denied", error_code="PURPOSE_REQUIRED"))
    assert [record.entry.error_code for record in tail(path, 5)] == ["PURPOSE_REQUIRED"]
    assert verify(path).ok


async def test_a_record_says_when_it_was_made(path, entry):
    log = AuditLog.open(path, FixedClock(NOW))
    await log.append(entry())
    log.close()
    assert [record.at for record in tail(path, 1)] == [NOW]


async def test_many_requests_share_one_flush_to_disk(log, path, entry, monkeypatch):
    batches = []
    write = SqliteStore.write

    def counted(self, writer, records):
        batches.append(len(records))
        write(self, writer, records)

    monkeypatch.setattr(SqliteStore, "write", counted)
    ids = await asyncio.gather(*(log.append(entry(str(number))) for number in range(500)))
    assert len(set(ids)) == 500
    assert sum(batches) == 500
    assert len(batches) < 250
    found = verify(path)
    assert (found.ok, found.records) == (True, 500)


def test_a_batch_has_an_end(log, path, entry, monkeypatch):
    monkeypatch.setattr(waiting, "MAX_BATCH", 3)
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(log.append_blocking, [entry(str(number)) for number in range(20)]))
    assert verify(path).records == 20


async def test_records_stand_in_the_order_in_which_they_were_appended(log, path, entry):
    await asyncio.gather(*(log.append(entry(str(number))) for number in range(50)))
    with sqlite3.connect(path) as connection:
        order = [
            row[0] for row in connection.execute("SELECT json_extract(body, '$.entry.request_id') FROM record ORDER BY seq")
        ]
    connection.close()
    assert order == [str(number) for number in range(50)]


def test_code_without_an_event_loop_appends_too(log, path, entry):
    record_id = log.append_blocking(entry(kind="import", counts={"new": 5}))
    record = find(path, record_id)
    assert record is not None
    assert record.entry.counts == {"new": 5}


def test_the_file_is_readable_by_its_owner_only_and_flushed_at_every_commit(log, path, entry):
    log.append_blocking(entry())
    for file in (path, path.with_name(f"{path.name}-wal")):
        assert file.stat().st_mode & 0o777 == 0o600
    connection = log._store._open_connection()
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_restarted_writer_goes_on_with_its_chain(path, entry):
    for number in range(3):
        log = AuditLog.open(path)
        assert log.writer == "gateway-1"
        log.append_blocking(entry(str(number)))
        log.close()
    found = verify(path)
    assert (found.ok, found.records, found.heads.heads["gateway-1"].seq) == (True, 3, 3)


def test_two_living_writers_have_a_chain_each(path, entry):
    one, two, other = AuditLog.open(path), AuditLog.open(path), AuditLog.open(path, role="ingest")
    assert [one.writer, two.writer, other.writer] == ["gateway-1", "gateway-2", "ingest-1"]
    for log in (one, two, one, other, two, one):
        log.append_blocking(entry())
    one.close()
    three = AuditLog.open(path)
    assert three.writer == "gateway-1"
    three.append_blocking(entry())
    for log in (two, three, other):
        log.close()
    found = verify(path)
    assert found.ok
    assert {writer: head.seq for writer, head in found.heads.heads.items()} == {"gateway-1": 4, "gateway-2": 2, "ingest-1": 1}


def test_a_killed_writer_loses_nothing_that_it_acknowledged(path, entry):
    acknowledged: set[tuple[str, str]] = set()
    for _ in range(3):
        # Two at a time: kill -9 in the middle of writing, several times, with another process on the same file.
        processes = [
            subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        for process in processes:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(100)]
            os.kill(process.pid, signal.SIGKILL)
            lines += process.stdout.readlines()
            process.wait()
            process.stdout.close()
            acknowledged |= {(line.split()[0], line.split()[1]) for line in lines if line.endswith("\n")}
    found = verify(path)
    assert found.ok, found.reason
    with sqlite3.connect(path) as connection:
        stored = set(connection.execute("SELECT writer, id FROM record"))
    connection.close()
    assert len(acknowledged) >= 600
    assert acknowledged <= stored
    log = AuditLog.open(path)  # and the chain goes on
    log.append_blocking(entry())
    log.close()
    assert verify(path).ok
    assert verify(path).records == len(stored) + 1


def test_a_full_disk_refuses_and_the_chain_goes_on_when_there_is_room_again(path):
    done = subprocess.run([sys.executable, "-c", _DISK_FULL, str(path)], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["10", "True", "True"], done.stderr


async def test_a_log_that_another_process_holds_refuses_and_recovers(path, entry, monkeypatch):
    monkeypatch.setattr("authz.audit.store_sqlite._BUSY_SECONDS", 0.1)
    log = AuditLog.open(path)
    await log.append(entry("before"))
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(*(log.append(entry("during")) for _ in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [AuditUnavailable] * 5
    assert all(result.status == 503 for result in results)
    blocker.execute("ROLLBACK")
    blocker.close()
    await log.append(entry("after"))
    log.close()
    found = verify(path)
    assert (found.ok, found.records) == (True, 2)


async def test_a_log_that_hangs_refuses_after_its_patience(path, entry, monkeypatch):
    log = AuditLog.open(path, patience=timedelta(milliseconds=50))
    release = threading.Event()
    write = SqliteStore.write

    def hanging(self, writer, records):
        release.wait(10)
        write(self, writer, records)

    monkeypatch.setattr(SqliteStore, "write", hanging)
    with pytest.raises(AuditUnavailable):
        await log.append(entry())
    with pytest.raises(AuditUnavailable):
        await asyncio.to_thread(log.append_blocking, entry())
    release.set()
    log.close()
    assert verify(path).ok


async def test_a_log_that_was_taken_away_refuses_and_is_not_made_anew(log, path, entry):
    await log.append(entry())
    path.rename(path.with_name("elsewhere.sqlite"))
    for _ in range(2):
        with pytest.raises(AuditUnavailable):
            await log.append(entry())
    assert not path.exists()
    SqliteStore.open(path).close()  # another log under the same name is not ours either
    with pytest.raises(AuditUnavailable):
        await log.append(entry())


async def test_a_log_that_was_rolled_back_under_the_writer_refuses(log, path, entry, monkeypatch):
    await log.append(entry("1"))
    await log.append(entry("2"))
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TRIGGER record_is_never_deleted; DELETE FROM record WHERE seq = 2;")
    connection.close()
    write = SqliteStore.write
    monkeypatch.setattr(SqliteStore, "write", lambda *_: 1 / 0)  # any failure makes the writer look at the disk again
    with pytest.raises(AuditUnavailable):
        await log.append(entry("3"))
    monkeypatch.setattr(SqliteStore, "write", write)
    with pytest.raises(AuditUnavailable):
        await log.append(entry("4"))


async def test_a_second_writer_of_the_same_chain_cannot_fork_it(log, path, entry):
    await log.append(entry("1"))
    fork = SqliteStore.open(path)
    fork.write("gateway-1", log_module.seal([log._draft(entry("forged"))], "gateway-1", fork.head("gateway-1"))[0])
    fork.close()
    with pytest.raises(AuditUnavailable):
        await log.append(entry("2"))
    await log.append(entry("3"))  # after a look at the disk it goes on behind the stranger
    assert verify(path).ok


async def test_more_than_the_disk_can_take_is_refused_at_once(log, entry, monkeypatch):
    monkeypatch.setattr(log_module, "MAX_WAITING", 0)
    with pytest.raises(AuditUnavailable, match="wait for the disk"):
        await log.append(entry())


async def test_an_entry_that_json_cannot_carry_is_refused(log, path, entry):
    with pytest.raises(AuditUnavailable):
        await log.append(entry("\ud800"))
    await log.append(entry("good"))
    assert verify(path).records == 1


async def test_a_closed_log_refuses_and_closing_twice_is_harmless(log, entry):
    log.close()
    log.close()
    with pytest.raises(AuditUnavailable, match="closed"):
        await log.append(entry())


async def test_what_waits_is_written_before_the_log_closes(path, entry):
    log = AuditLog.open(path)
    waiting = [asyncio.create_task(log.append(entry(str(number)))) for number in range(100)]
    await asyncio.sleep(0)
    await asyncio.to_thread(log.close)
    assert len(await asyncio.gather(*waiting)) == 100
    assert verify(path).records == 100


async def test_a_cancelled_request_does_not_disturb_the_others(log, path, entry):
    tasks = [asyncio.create_task(log.append(entry(str(number)))) for number in range(10)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[3], asyncio.CancelledError)
    assert verify(path).records == 10


def test_a_loop_that_ended_meanwhile_does_not_stop_the_writer(log, path, entry, monkeypatch):
    release = threading.Event()
    write = SqliteStore.write

    def hanging(self, writer, records):
        release.wait(10)
        write(self, writer, records)

    monkeypatch.setattr(SqliteStore, "write", hanging)

    async def leave() -> None:
        task = asyncio.create_task(log.append(entry("left")))
        await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(leave())
    release.set()
    log.append_blocking(entry("next"))
    assert verify(path).records == 2


def test_a_folder_that_cannot_be_written_is_told_when_opening(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(AuditUnavailable, match="cannot be opened"):
        AuditLog.open(tmp_path / "file" / "audit.sqlite")


def test_a_file_that_is_no_log_is_told_when_opening(path):
    path.write_bytes(b"this is not a database, and long enough to be looked at" * 20)
    with pytest.raises(AuditUnavailable):
        AuditLog.open(path)
