"""What every place for a log promises, whichever it is: the same test for SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from authz.audit import AuditLog, AuditUnavailable, HeadKeys, HeadSigner, LogHeads, UnreadableLog, find, tail, verify
from authz.audit.log import _store as open_store
from authz.audit.reader import reading
from authz.audit.record import Sealed, draft, genesis, hash_of, seal
from authz.audit.store import Location, StoreFailed

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)

_WRITER = """
import asyncio, os, sys
from pathlib import Path
from authz.audit import AuditEntry, AuditLog

async def main() -> None:
    place = sys.argv[1]
    log = AuditLog.open(place if "://" in place else Path(place))
    async def client(number: int) -> None:
        while True:
            entry = AuditEntry(kind="consultation", request_id=f"{number}", agency="LV-PROK", user="anna", status="ok")
            record_id = await log.append(entry)
            os.write(1, f"{log.writer} {record_id}\\n".encode())
    await asyncio.gather(*(client(number) for number in range(20)))

asyncio.run(main())
"""


def tamper(location: Location, sql: str) -> None:
    """Run statements as somebody who may do everything."""
    if isinstance(location, Path):
        with closing(sqlite3.connect(location)) as connection:
            connection.executescript(
                "DROP TRIGGER IF EXISTS record_is_never_changed; DROP TRIGGER IF EXISTS record_is_never_deleted;" + sql
            )
        return

    async def run() -> None:
        connection = await asyncpg.connect(location)
        for name in ("record_stays", "records_stay"):
            await connection.execute(f"DROP TRIGGER IF EXISTS {name} ON audit.record")
        await connection.execute(f"SET search_path TO audit; {sql}")
        await connection.close()

    asyncio.run(run())


@pytest.fixture
def signer(tmp_path: Path) -> HeadSigner:
    return HeadSigner.open(tmp_path / "keys")


def filled(location: Location, entry, count: int, **options) -> None:
    log = AuditLog.open(location, **options)
    for number in range(1, count + 1):
        log.append_blocking(entry(f"req-{number}"))
    log.close()


def records_after(head, count: int, entry) -> list[Sealed]:
    return seal(
        [draft(entry(f"req-{n}"), f"aud_{n:032x}", NOW) for n in range(head.seq + 1, head.seq + 1 + count)], "w-1", head
    )[0]


def test_a_new_place_has_an_id_and_no_record(location):
    store = open_store(location)
    assert store.head("w-1") == genesis(store.log_id, "w-1")
    assert (store.edge("w-1"), list(store.hashes("w-1", 0))) == (None, [])
    log_id = store.log_id
    store.close()
    again = open_store(location)
    assert again.log_id == log_id
    again.close()


def test_a_batch_is_written_whole_and_read_back_byte_for_byte(location, entry):
    store = open_store(location)
    records = records_after(store.head("w-1"), 5, entry)
    store.write("w-1", records)
    assert store.head("w-1") == type(store.head("w-1"))(5, records[-1].hash)
    assert [leaf.hex() for leaf in store.hashes("w-1", 2)] == [record.hash for record in records[2:]]
    store.close()
    with reading(location) as reader:
        rows = list(reader.rows("w-1", 1))
        assert [(row.seq, row.id, row.body, row.hash) for row in rows] == [(r.seq, r.id, r.body, r.hash) for r in records[1:]]
        assert list(reader.hashes("w-1", 1, 3)) == [bytes.fromhex(record.hash) for record in records[1:3]]
        assert (reader.writers(), reader.row(records[2].id)) == (["w-1"], rows[1])
        assert reader.row("aud_none") is None


def test_a_batch_with_a_number_that_is_taken_is_refused_whole(location, entry):
    store = open_store(location)
    start = store.head("w-1")
    store.write("w-1", records_after(start, 2, entry))
    with pytest.raises(StoreFailed):
        store.write("w-1", records_after(start, 3, entry))
    assert store.head("w-1").seq == 2  # and the store goes on
    store.close()


def test_every_character_that_json_can_hold_comes_back(location, entry):
    text = "Ķ\u0000\u0007\u2028\U0001f600'\"\\;--%s$1?"
    log = AuditLog.open(location)
    record_id = log.append_blocking(entry(text))
    log.close()
    found = find(location, record_id)
    assert found is not None
    assert found.entry.request_id == text
    assert verify(location).ok


def test_living_writers_have_a_chain_each_and_a_free_one_is_gone_on_with(location, entry):
    one, two, other = AuditLog.open(location), AuditLog.open(location), AuditLog.open(location, role="ingest")
    assert [one.writer, two.writer, other.writer] == ["gateway-1", "gateway-2", "ingest-1"]
    for log in (one, two, other):
        log.append_blocking(entry(log.writer))
    one.close()
    three = AuditLog.open(location)
    assert three.writer == "gateway-1"
    three.append_blocking(entry("again"))
    assert [record.entry.request_id for record in tail(location, 2)] == ["ingest-1", "again"]
    for log in (two, other, three):
        log.close()
    assert verify(location).records == 4


def test_a_role_that_cannot_name_a_chain_is_refused(location):
    with pytest.raises(ValueError, match="cannot name"):
        AuditLog.open(location, role="Gate way")


def test_records_that_hold_a_text_are_found_in_the_order_of_writing(location, entry):
    log = AuditLog.open(location)
    for number, person in enumerate(("per_a", "per_b", "per_c", "per_a")):
        log.append_blocking(entry(f"req-{number}", entities={"Person": (person,)}))
    log.close()
    with reading(location) as reader:
        assert [row.seq for row in reader.containing(['"per_a"', '"per_c"'])] == [1, 3, 4]
        assert len(list(reader.containing([]))) == 4
        assert list(reader.containing(["%"])) == []


def test_the_head_of_the_tree_is_signed_when_the_log_closes_and_the_next_writer_grows_it(location, entry, signer, tmp_path):
    for _ in range(3):
        filled(location, entry, 5, signer=signer)
    keys = HeadKeys.of_folder(tmp_path / "keys")
    found = verify(location, None, keys)
    assert (found.ok, found.records, found.unsigned) == (True, 15, {"gateway-1": 0})
    assert [head.size for head in found.heads.signed] == [15]
    assert found.signed >= 3


def test_what_a_writer_left_without_a_head_is_signed_by_the_next_one(location, entry, signer):
    filled(location, entry, 5)
    assert verify(location).unsigned == {"gateway-1": 5}
    AuditLog.open(location, signer=signer).close()
    assert verify(location).unsigned == {"gateway-1": 0}


@pytest.mark.parametrize(
    ("attack", "first_bad"),
    [
        ("UPDATE record SET body = replace(body, 'req-3', 'req-9') WHERE seq = 3", 3),
        ("DELETE FROM record WHERE seq = 4", 4),
        ("UPDATE record SET seq = 100 WHERE seq = 2", 2),
    ],
    ids=["edit", "delete", "move"],
)
def test_what_is_done_to_the_records_shows(location, entry, attack, first_bad):
    filled(location, entry, 6)
    tamper(location, attack)
    assert verify(location).first_bad == first_bad


def test_a_log_that_was_cut_off_shows_against_its_own_signed_head(location, entry, signer):
    filled(location, entry, 6, signer=signer)
    tamper(location, "DELETE FROM record WHERE seq = 6")
    found = verify(location)
    assert (found.first_bad, "signed" in str(found.reason)) == (6, True)


def test_a_chain_that_was_written_anew_shows_against_its_signed_heads(location, entry, signer):
    filled(location, entry, 6, signer=signer)
    with reading(location) as reader:
        log_id = reader.log_id
        drafts = [draft(entry(f"forged-{row.seq}"), row.id, NOW) for row in reader.rows("gateway-1")]
    forged, _ = seal(drafts, "gateway-1", genesis(log_id, "gateway-1"))
    for record in forged:
        assert hash_of(record.body) == record.hash
        body = record.body.decode().replace("'", "''")
        tamper(location, f"UPDATE record SET body = '{body}', hash = '{record.hash}' WHERE seq = {record.seq}")
    found = verify(location)
    assert not found.ok
    assert "written anew" in str(found.reason)


def test_a_remembered_head_shows_what_was_cut_off(location, entry):
    filled(location, entry, 6)
    remembered = LogHeads.from_json(verify(location).heads.to_json())
    tamper(location, "DELETE FROM record WHERE seq >= 5")
    assert verify(location).ok
    assert verify(location, remembered).first_bad == 5


def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged_and_frees_its_chain(location, entry):
    acknowledged = set()
    for _ in range(2):
        with subprocess.Popen([sys.executable, "-c", _WRITER, str(location)], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(60)]
            process.kill()
            lines += process.stdout.readlines()
        acknowledged |= {line.split()[1] for line in lines if line.endswith("\n")}
    found = verify(location)
    assert found.ok, found.reason
    with reading(location) as reader:
        stored = {row.id for row in reader.containing([])}
    assert len(acknowledged) >= 120
    assert acknowledged <= stored
    log = _opened_when_free(location)
    log.append_blocking(entry())
    log.close()
    assert verify(location).ok


def _opened_when_free(location: Location) -> AuditLog:
    """The server notices within moments that the killed one is gone."""
    import time

    for _ in range(100):
        log = AuditLog.open(location)
        if log.writer == "gateway-1":
            return log
        log.close()
        time.sleep(0.05)
    raise AssertionError("the chain was never freed")


def test_a_place_that_is_not_there_is_told(tmp_path):
    for location in (tmp_path / "none.sqlite", "postgresql://postgres@127.0.0.1:1/none"):
        with pytest.raises(UnreadableLog):
            tail(location, 1)
    with pytest.raises(AuditUnavailable, match="cannot be opened"):
        AuditLog.open("postgresql://postgres@127.0.0.1:1/none")


def test_records_in_a_database_cannot_be_changed_deleted_or_truncated_by_accident(postgresql, entry, signer):
    filled(postgresql, entry, 2, signer=signer)

    async def refused(sql: str) -> None:
        connection = await asyncpg.connect(postgresql)
        with pytest.raises(asyncpg.RaiseError, match="never changed or deleted"):
            await connection.execute(sql)
        await connection.close()

    for table in ("record", "tree_head"):
        for sql in (f"UPDATE audit.{table} SET body = ''", f"DELETE FROM audit.{table}", f"TRUNCATE audit.{table}"):
            asyncio.run(refused(sql))


def test_a_writer_goes_on_when_its_connection_to_the_database_was_cut(postgresql, entry):
    log = AuditLog.open(postgresql)
    log.append_blocking(entry("1"))

    async def cut() -> None:
        connection = await asyncpg.connect(postgresql)
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'saite audit' AND datname = current_database()"
        )
        await connection.close()

    asyncio.run(cut())
    with suppress(AuditUnavailable):  # unless the driver has noticed already
        log.append_blocking(entry("during"))
    log.append_blocking(entry("2"))
    other = AuditLog.open(postgresql)
    assert (log.writer, other.writer) == ("gateway-1", "gateway-2")  # it has its chain back
    other.close()
    log.close()
    found = verify(postgresql)
    assert (found.ok, found.records in (2, 3)) == (True, True)
