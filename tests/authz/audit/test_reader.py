"""Reading a log without touching it."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from authz.audit import AuditLog, UnreadableLog, find, tail
from authz.audit.reader import reading


def test_the_tail_is_the_newest_records_of_all_writers_oldest_first(path, entry):
    one, two = AuditLog.open(path), AuditLog.open(path)
    for number, log in enumerate((one, two, two, one)):
        log.append_blocking(entry(f"req-{number}"))
    assert [record.entry.request_id for record in tail(path, 3)] == ["req-1", "req-2", "req-3"]
    assert [record.writer for record in one.tail(9)] == ["gateway-1", "gateway-2", "gateway-2", "gateway-1"]
    one.close()
    two.close()


@pytest.mark.parametrize("count", [0, -1])
def test_a_tail_of_nothing_is_empty(path, entry, count):
    log = AuditLog.open(path)
    log.append_blocking(entry())
    log.close()
    assert tail(path, count) == ()


def test_an_unknown_record_id_is_not_found(path):
    AuditLog.open(path).close()
    assert find(path, "aud_" + "0" * 32) is None


def test_reading_cannot_write(path):
    AuditLog.open(path).close()
    with pytest.raises(UnreadableLog), reading(path) as reader:
        reader._connection.execute("INSERT INTO log VALUES ('x', 1)")


def test_a_copy_in_a_folder_that_cannot_be_written_is_read(path, tmp_path, entry):
    log = AuditLog.open(path)
    log.append_blocking(entry())
    log.close()
    folder = tmp_path / "evidence"
    folder.mkdir()
    shutil.copy(path, folder / "audit.sqlite")
    before = path.read_bytes()
    (folder / "audit.sqlite").chmod(0o400)
    folder.chmod(0o500)
    try:
        assert len(tail(folder / "audit.sqlite", 5)) == 1
        assert (folder / "audit.sqlite").read_bytes() == before
    finally:
        folder.chmod(0o700)


def test_a_path_with_odd_characters_is_read(tmp_path, entry):
    path = tmp_path / "žurnāls? #1%41.sqlite"
    log = AuditLog.open(path)
    log.append_blocking(entry())
    assert len(log.tail(5)) == 1
    log.close()


def test_a_record_that_was_tampered_with_points_to_verify(path, entry):
    log = AuditLog.open(path)
    log.append_blocking(entry())
    log.close()
    with sqlite3.connect(path) as connection:
        connection.executescript("DROP TRIGGER record_is_never_changed; UPDATE record SET body = '{}'")
    connection.close()
    with pytest.raises(UnreadableLog, match="saite audit verify"):
        tail(path, 1)
