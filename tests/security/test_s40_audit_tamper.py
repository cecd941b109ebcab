"""S-40 audit-tamper: what is done to the log shows, and without a log nothing is answered."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from authz.audit import AuditEntry, AuditLog, AuditUnavailable, HeadKeys, HeadSigner, verify
from authz.audit.proving import fault_of, prove_growth
from authz.audit.reader import reading
from authz.audit.record import draft, genesis, seal

UNLOCK = "DROP TRIGGER IF EXISTS record_is_never_changed; DROP TRIGGER IF EXISTS record_is_never_deleted;"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def entry(number: int) -> AuditEntry:
    return AuditEntry(
        kind="consultation",
        request_id=f"req-{number}",
        agency="LV-VP",
        user="insider",
        status="ok",
        purpose="CRIMINAL_PROCEEDING",
        entities={"Person": ("per_neighbour",)},
    )


@pytest.fixture
def log_file(tmp_path: Path) -> Path:
    path = tmp_path / "audit.sqlite"
    log = AuditLog.open(path)
    for number in range(1, 11):
        log.append_blocking(entry(number))
    log.close()
    return path


def alter(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(UNLOCK + sql)


@pytest.mark.parametrize(
    ("attack", "first_bad"),
    [
        ("UPDATE record SET body = replace(body, 'insider', 'somebody') WHERE seq = 6", 6),
        ("UPDATE record SET hash = upper(hash) WHERE seq = 6", 6),
        ("UPDATE record SET id = 'aud_other' WHERE seq = 6", 6),
        ("UPDATE record SET writer = 'gateway-9' WHERE seq = 6", 6),
        ("DELETE FROM record WHERE seq = 6", 6),
        ("DELETE FROM record WHERE seq <= 5", 1),
        ("UPDATE record SET seq = -seq WHERE seq IN (6, 7); UPDATE record SET seq = 13 + seq WHERE seq < 0", 6),
        ("UPDATE record SET seq = 100 + seq; UPDATE record SET seq = 11 - (seq - 100)", 1),
    ],
    ids=["edit", "edit-hash", "edit-id", "edit-writer", "delete", "delete-beginning", "swap", "reverse"],
)
def test_s40_the_verifier_names_the_first_bad_record(log_file, attack, first_bad):
    alter(log_file, attack)
    found = verify(log_file)
    assert not found.ok
    assert found.first_bad == first_bad


def test_s40_a_rolled_back_log_shows_against_a_remembered_head(log_file):
    before = log_file.read_bytes()
    log = AuditLog.open(log_file)
    log.append_blocking(entry(11))
    remembered = verify(log_file).heads
    log.close()
    log_file.write_bytes(before)
    assert verify(log_file).ok
    assert verify(log_file, remembered).first_bad == 11


def test_s40_a_log_that_was_deleted_and_begun_anew_shows_against_a_remembered_head(log_file):
    remembered = verify(log_file).heads
    log_file.unlink()
    log = AuditLog.open(log_file)
    log.append_blocking(entry(1))
    log.close()
    assert verify(log_file).ok
    assert not verify(log_file, remembered).ok


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.rename(path.with_suffix(".old"))], ids=["deleted", "moved"])
async def test_s40_without_its_log_a_gateway_answers_503(log_file: Path, harm: Callable[[Path], object]):
    log = AuditLog.open(log_file)
    harm(log_file)
    for _ in range(2):
        with pytest.raises(AuditUnavailable) as caught:
            await log.append(entry(11))
        assert caught.value.status == 503
        assert caught.value.code == "AUDIT_UNAVAILABLE"
    log.close()


async def test_s40_a_log_that_cannot_take_the_record_answers_503(log_file: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("authz.audit.store_sqlite._BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(log_file, isolation_level=None)) as blocker:
        log = AuditLog.open(log_file)
        blocker.execute("BEGIN IMMEDIATE")
        with pytest.raises(AuditUnavailable) as caught:
            await log.append(entry(11))
        assert caught.value.status == 503
    log.close()
    assert verify(log_file).records == 10


def test_s40_a_history_that_was_written_anew_fits_no_signed_head_and_no_partners_head(log_file, tmp_path):
    signer = HeadSigner.open(tmp_path / "keys")
    keys = HeadKeys.of_folder(tmp_path / "keys")
    AuditLog.open(log_file, signer=signer).close()
    partner = verify(log_file).heads
    with reading(log_file) as reader:
        log_id = reader.log_id
        drafts = [draft(entry(100 + row.seq), row.id, NOW) for row in reader.rows("gateway-1")]
    for record in seal(drafts, "gateway-1", genesis(log_id, "gateway-1"))[0]:
        alter(log_file, f"UPDATE record SET body = '{record.body.decode()}', hash = '{record.hash}' WHERE seq = {record.seq}")
    assert "written anew" in str(verify(log_file, None, keys).reason)
    alter(log_file, "DROP TRIGGER tree_head_is_never_deleted; DELETE FROM tree_head")
    assert verify(log_file, None, keys).ok  # whoever removes the heads as well
    assert not verify(log_file, partner, keys).ok  # is found out by the partner's
    AuditLog.open(log_file, signer=signer).close()
    assert "written anew" in str(fault_of(prove_growth(log_file, partner.signed[0]), keys))
