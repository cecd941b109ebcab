"""Ids in the log are marks: found again by who holds key and id, opened by the inspector, told to nobody else."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authz.audit import AuditEntry, AuditLog, EntitySeal, verify
from authz.audit.entity_marks import INSPECTOR_FILE, KEY_FILE, new_inspector, opened, renew
from authz.audit.report import MisuseRules, Relation, Subject, misuse_report, person_report
from authz.audit.store import Location
from authz.identity.errors import KeyFileUnusable
from kernel.clock import FixedClock

ANNA, BERTS = "per_" + "a" * 32, "per_" + "b" * 32
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
RULES = MisuseRules.read()
Make = Callable[..., AuditEntry]


def written(location: Location, entry: AuditEntry, seal: EntitySeal | None = None, minutes: int = 0) -> AuditEntry:
    log = AuditLog.open(location, FixedClock(MONDAY + timedelta(minutes=minutes)), entities=seal)
    try:
        log.append_blocking(entry)
        return log.tail(1)[0].entry
    finally:
        log.close()


def found(location: Location, seal: EntitySeal) -> int:
    subject = Subject("Anna", seal.known_as(ANNA))
    return len(person_report(location, subject, RULES, MONDAY + timedelta(days=1)).sections[0].rows)


def test_no_id_stands_in_the_log_and_whoever_knows_one_finds_it(location: Location, entry: Make, tmp_path: Path) -> None:
    seal = EntitySeal.open(tmp_path)
    kept = written(location, entry(entities={"Person": (ANNA, BERTS)}, purpose="EVENT_RESPONSE"), seal)
    assert kept.entities == {"Person": (seal.mark(ANNA), seal.mark(BERTS))}
    assert (kept.entities_key, kept.entities_sealed) == (seal.kid, None)
    assert "per_" not in repr(kept)
    assert found(location, seal) == 1
    assert found(location, EntitySeal.open(tmp_path / "another")) == 0, "without the key an id finds nothing"


def test_records_from_before_still_verify_and_are_found_beside_marked_ones(
    location: Location, entry: Make, tmp_path: Path
) -> None:
    asked = entry(entities={"Person": (ANNA,)}, purpose="EVENT_RESPONSE")
    written(location, asked)
    seal = EntitySeal.open(tmp_path)
    written(location, asked, seal, 1)
    renew(tmp_path)
    newer = EntitySeal.open(tmp_path)
    assert newer.kid != seal.kid
    assert newer.mark(ANNA) != seal.mark(ANNA)
    assert newer.kids == {newer.kid, seal.kid}
    assert written(location, asked, newer, 2).entities_key == newer.kid
    assert found(location, newer) == 3
    assert found(location, seal) == 2, "who has the old key alone finds what it marked"
    verification = verify(location)
    assert (verification.ok, verification.records) == (True, 3)


def test_ones_own_relatives_are_a_sign_though_the_log_does_not_name_them(path: Path, entry: Make, tmp_path: Path) -> None:
    seal = EntitySeal.open(tmp_path)
    written(path, entry(entities={"Person": (ANNA,)}, purpose="EVENT_RESPONSE"), seal)
    relations = (Relation("LV-PROK", "anna", ANNA, "sister"),)
    rows = misuse_report(path, RULES, MONDAY, relations=relations, seal=seal).sections[0].rows
    assert [(row[2], row[5]) for row in rows] == [("Own record or own relatives looked up", f"sister: {ANNA}")]
    assert misuse_report(path, RULES, MONDAY, relations=relations).sections[0].rows == ()


def test_only_the_inspector_opens_a_record(path: Path, entry: Make, tmp_path: Path) -> None:
    folder, private, other = tmp_path / "keys", tmp_path / "inspector.jwk", tmp_path / "other.jwk"
    new_inspector(folder, private)
    new_inspector(tmp_path / "elsewhere", other)
    assert b'"d"' not in (folder / INSPECTOR_FILE).read_bytes()
    assert private.stat().st_mode & 0o777 == 0o600
    ids = {"Person": (ANNA, BERTS), "Vehicle": ("veh_1",)}
    kept = written(path, entry(entities=ids), EntitySeal.open(folder))
    assert opened(kept, private) == ids
    with pytest.raises(KeyFileUnusable, match="sealed to another key"):
        opened(kept, other)
    moved = entry("another request", entities=kept.entities, entities_key="k", entities_sealed=kept.entities_sealed)
    with pytest.raises(KeyFileUnusable):
        opened(moved, private)
    with pytest.raises(KeyFileUnusable, match="private X25519"):
        opened(kept, folder / INSPECTOR_FILE)
    with pytest.raises(KeyFileUnusable, match="is there already"):
        new_inspector(folder, private)


def test_ids_that_nobody_sealed_cannot_be_opened(path: Path, entry: Make, tmp_path: Path) -> None:
    new_inspector(tmp_path / "keys", tmp_path / "inspector.jwk")
    marked = written(path, entry(entities={"Person": (ANNA,)}), EntitySeal.open(tmp_path / "other"))
    with pytest.raises(KeyFileUnusable, match="were not sealed"):
        opened(marked, tmp_path / "inspector.jwk")
    plain = written(path, entry(entities={"Person": (ANNA,)}))
    assert opened(plain, tmp_path / "inspector.jwk") == {"Person": (ANNA,)}


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(codec="utf-8")))
def test_a_mark_is_the_hmac_of_the_id(key: bytes, entity_id: str) -> None:
    assert EntitySeal([("k", key)]).mark(entity_id) == hmac.digest(key, entity_id.encode(), "sha256")[:16].hex()


def test_an_entry_without_entities_or_with_marks_stays_as_it_is(entry: Make) -> None:
    seal = EntitySeal([("k", b"k" * 32)])
    once = seal.sealed(entry(entities={"Person": (ANNA,)}))
    assert seal.sealed(once) is once
    nothing = entry()
    assert seal.sealed(nothing) is nothing


@pytest.mark.parametrize(
    "content", [b"", b"{}", b'{"keys":[]}', b'{"keys":[{"kid":"a","k":"AAAA"}]}', b'{"keys":[{"kid":"a"}]}', b"\xff"]
)
def test_a_damaged_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / KEY_FILE).write_bytes(content)
    (tmp_path / KEY_FILE).chmod(0o600)
    with pytest.raises(KeyFileUnusable, match="is damaged"):
        EntitySeal.open(tmp_path)
