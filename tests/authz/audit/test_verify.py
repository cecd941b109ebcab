"""Verification: a whole log passes; a broken one names the first record that is not as it was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authz.audit import AuditLog, LogHeads, UnreadableLog, verify
from authz.audit.record import hash_of


@contextmanager
def tampering(path: Path) -> Iterator[sqlite3.Connection]:
    """The log's file in the hands of somebody who may do everything with it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in ("record_is_never_changed", "record_is_never_deleted"):
            connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        yield connection


def body_of(connection: sqlite3.Connection, seq: int) -> bytes:
    row = connection.execute("SELECT CAST(body AS BLOB) FROM record WHERE writer = 'gateway-1' AND seq = ?", (seq,)).fetchone()
    return bytes(row[0])


def rewrite(connection: sqlite3.Connection, seq: int, old: bytes, new: bytes) -> None:
    """Change a record and make its own hash fit."""
    body = body_of(connection, seq)
    assert old in body
    body = body.replace(old, new)
    connection.execute(
        "UPDATE record SET body = ?, hash = ? WHERE writer = 'gateway-1' AND seq = ?", (body.decode(), hash_of(body), seq)
    )


@pytest.fixture
def whole(path: Path, entry: Callable) -> Path:
    """A log of eight records of one writer and one of another, closed."""
    log, other = AuditLog.open(path), AuditLog.open(path)
    for number in range(1, 9):
        log.append_blocking(entry(f"req-{number}"))
    other.append_blocking(entry("other"))
    log.close()
    other.close()
    return path


def test_a_whole_log_passes_and_tells_its_heads(whole):
    found = verify(whole)
    assert (found.ok, found.records, found.first_bad, found.reason) == (True, 9, None, None)
    assert {writer: head.seq for writer, head in found.heads.heads.items()} == {"gateway-1": 8, "gateway-2": 1}


def test_a_new_log_without_records_passes(path):
    AuditLog.open(path).close()
    assert verify(path).ok


def test_a_log_passes_against_heads_that_were_remembered_before_it_grew(whole, entry):
    remembered = LogHeads.from_json(verify(whole).heads.to_json())
    log = AuditLog.open(whole)
    log.append_blocking(entry())
    log.close()
    assert verify(whole, remembered).ok


def test_records_cannot_be_changed_or_deleted_by_accident(whole):
    with closing(sqlite3.connect(whole)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            connection.execute("UPDATE record SET body = ''")
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            connection.execute("DELETE FROM record")


def test_an_edited_record_is_named(whole):
    with tampering(whole) as connection:
        connection.execute("UPDATE record SET body = replace(body, 'anna', 'evil') WHERE writer = 'gateway-1' AND seq = 5")
    found = verify(whole)
    assert (found.ok, found.first_bad) == (False, 5)
    assert found.reason == "gateway-1 record 5: was edited: its content is not what its hash was made of"
    assert found.broken[0].record_id is not None


def test_an_edited_record_whose_hash_was_made_to_fit_is_named(whole):
    with tampering(whole) as connection:
        rewrite(connection, 5, b"anna", b"evil")
    assert verify(whole).first_bad == 5


def test_an_edited_record_that_was_cut_from_the_chain_before_it_is_named(whole):
    with tampering(whole) as connection:
        prev = body_of(connection, 5).partition(b'"prev":"')[2][:64]
        rewrite(connection, 5, prev, b"0" * 64)
    assert verify(whole).first_bad == 5


def test_a_first_record_that_was_edited_is_named(whole):
    with tampering(whole) as connection:
        rewrite(connection, 1, b"anna", b"evil")
    assert verify(whole).first_bad == 1


def test_a_deleted_record_is_named(whole):
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record WHERE writer = 'gateway-1' AND seq = 4")
    found = verify(whole)
    assert found.first_bad == 4
    assert found.reason == "gateway-1 record 4: is missing: the next one found is record 5"


def test_a_deleted_beginning_is_named(whole):
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record WHERE writer = 'gateway-1' AND seq <= 3")
    assert verify(whole).first_bad == 1


def test_a_deleted_record_whose_followers_moved_up_is_named(whole):
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record WHERE writer = 'gateway-1' AND seq = 4")
        for seq in range(5, 9):
            connection.execute("UPDATE record SET seq = ? WHERE writer = 'gateway-1' AND seq = ?", (seq - 1, seq))
    assert verify(whole).first_bad == 4


def test_two_records_that_changed_places_are_named(whole):
    with tampering(whole) as connection:
        for old, new in ((3, 103), (4, 3), (103, 4)):
            connection.execute("UPDATE record SET seq = ? WHERE writer = 'gateway-1' AND seq = ?", (new, old))
    found = verify(whole)
    assert found.first_bad == 3
    assert "moved" in str(found.reason)


def test_a_record_that_was_slipped_in_is_named(whole):
    with tampering(whole) as connection:
        body = body_of(connection, 8).replace(b'"seq":8', b'"seq":9').decode()
        connection.execute("INSERT INTO record VALUES ('gateway-1', 9, 'aud_slipped', ?, ?)", (body, hash_of(body.encode())))
    assert verify(whole).first_bad == 9


def test_a_chain_of_another_log_does_not_fit(whole, tmp_path, entry):
    log = AuditLog.open(tmp_path / "other.sqlite")
    log.append_blocking(entry())
    log.close()
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record")
        connection.execute("ATTACH ? AS other", (str(tmp_path / "other.sqlite"),))
        connection.execute("INSERT INTO record SELECT * FROM other.record")
    found = verify(whole)
    assert found.first_bad == 1
    assert "comes from another log" in str(found.reason)


def test_a_cut_off_end_shows_against_a_remembered_head_only(whole):
    remembered = verify(whole).heads
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record WHERE writer = 'gateway-1' AND seq > 6")
    assert verify(whole).ok
    found = verify(whole, remembered)
    assert found.first_bad == 7
    assert found.reason == "gateway-1 record 7: is missing: the chain ends before it, but record 8 was remembered"


def test_a_chain_that_vanished_shows_against_a_remembered_head(whole):
    remembered = verify(whole).heads
    with tampering(whole) as connection:
        connection.execute("DELETE FROM record WHERE writer = 'gateway-2'")
    found = verify(whole, remembered)
    assert (found.broken[0].writer, found.first_bad) == ("gateway-2", 1)


def test_a_chain_that_was_written_anew_shows_against_a_remembered_head(whole):
    remembered = verify(whole).heads
    with tampering(whole) as connection:
        rewrite(connection, 8, b"anna", b"evil")
    assert verify(whole).ok
    found = verify(whole, remembered)
    assert found.first_bad == 8
    assert "written anew" in str(found.reason)


def test_another_log_in_place_of_the_remembered_one_is_told(whole, tmp_path, entry):
    remembered = verify(whole).heads
    log = AuditLog.open(tmp_path / "other.sqlite")
    log.append_blocking(entry())
    log.close()
    found = verify(tmp_path / "other.sqlite", remembered)
    assert not found.ok
    assert "another log" in str(found.reason)


def test_the_fault_of_one_chain_does_not_hide_that_of_another(whole):
    with tampering(whole) as connection:
        connection.execute("UPDATE record SET body = replace(body, 'anna', 'evil') WHERE seq = 1")
    assert [(broken.writer, broken.seq) for broken in verify(whole).broken] == [("gateway-1", 1), ("gateway-2", 1)]


@pytest.mark.parametrize("body", ["", "null", "[]", "{}", "not json", '{"id":"x","prev":"y","seq":3,"writer":"gateway-1"}'])
def test_a_body_that_is_no_record_is_named(whole, body):
    with tampering(whole) as connection:
        connection.execute(
            "UPDATE record SET body = ?, hash = ? WHERE writer = 'gateway-1' AND seq = 3", (body, hash_of(body.encode()))
        )
    assert verify(whole).first_bad == 3


def test_a_log_is_verified_while_it_is_written(path, entry):
    log = AuditLog.open(path)
    for _ in range(3):
        log.append_blocking(entry())
        assert verify(path).ok
    log.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_no_flipped_byte_of_a_record_goes_unnoticed(whole, tmp_path, place, flip):
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(whole.read_bytes())
    with tampering(copy) as connection:
        seq = place % 8 + 1
        body = bytearray(body_of(connection, seq))
        body[place % len(body)] ^= flip
        connection.execute(
            "UPDATE record SET body = CAST(? AS TEXT) WHERE writer = 'gateway-1' AND seq = ?", (bytes(body), seq)
        )
    assert verify(copy).first_bad == seq


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.integers(1, 8), min_size=1, max_size=7))
def test_no_missing_record_goes_unnoticed(whole, tmp_path, gone):
    remembered = verify(whole).heads
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes(whole.read_bytes())
    with tampering(copy) as connection:
        connection.executemany("DELETE FROM record WHERE writer = 'gateway-1' AND seq = ?", [(seq,) for seq in gone])
    assert verify(copy, remembered).first_bad == min(gone)


@pytest.mark.parametrize("content", [None, b"", b"not a database at all" * 100])
def test_what_is_no_audit_log_gets_one_clear_line(path, content):
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UnreadableLog, match=r"audit\.sqlite"):
        verify(path)


def test_heads_that_are_no_heads_get_one_clear_line():
    for content in (b"", b"{}", b"[1]", b"\xff"):
        with pytest.raises(UnreadableLog, match="not remembered heads"):
            LogHeads.from_json(content)
