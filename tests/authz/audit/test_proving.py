"""Proofs: they hold for what is in the log, for anybody who has the public key, and for nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import msgspec
import pytest

from authz.audit import AuditLog, HeadKeys, HeadSigner, verify
from authz.audit.errors import NotProvable
from authz.audit.proving import fault_of, prove_growth, prove_record, read_proof, to_json


@pytest.fixture
def signer(tmp_path):
    return HeadSigner.open(tmp_path / "keys")


@pytest.fixture
def keys(signer, tmp_path):
    found = HeadKeys.of_folder(tmp_path / "keys")
    assert found is not None
    return found


@pytest.fixture
def ids(path, entry, signer):
    """The ids of the seven records of a log that is closed."""
    log = AuditLog.open(path, signer=signer)
    ids = [log.append_blocking(entry(f"req-{number}")) for number in range(7)]
    log.close()
    return ids


def grow(path, entry, signer):
    log = AuditLog.open(path, signer=signer)
    for number in range(6):
        log.append_blocking(entry(f"more-{number}"))
    log.close()


def test_every_record_can_be_proven_by_a_file_alone(path, ids, keys):
    for record_id in ids:
        proof = read_proof(to_json(prove_record(path, record_id)))
        assert fault_of(proof, keys) is None
        assert proof.content.id == record_id


def test_a_proof_of_another_text_another_place_or_another_key_holds_for_nothing(path, ids, keys, tmp_path):
    proof = prove_record(path, ids[3])
    other = HeadSigner.open(tmp_path / "other")
    strange = HeadKeys.of_folder(tmp_path / "other")
    change = msgspec.structs.replace
    assert "not in the tree" in fault_of(change(proof, record=proof.record.replace("anna", "evil")), keys)
    assert "elsewhere" in fault_of(change(proof, index=4), keys)
    assert "not signed" in fault_of(proof, strange)
    assert "not signed" in fault_of(change(proof, head=replace(proof.head, size=6)), keys)
    assert "not hexadecimal" in fault_of(change(proof, path=("zz",)), keys)
    assert other is not None


def test_a_log_that_grew_is_proven_to_begin_with_what_was_remembered(path, ids, entry, signer, keys):
    old = verify(path).heads.signed[0]
    grow(path, entry, signer)
    proof = read_proof(to_json(prove_growth(path, old)))
    assert (proof.old.size, proof.head.size) == (7, 13)
    assert fault_of(proof, keys) is None
    assert fault_of(msgspec.structs.replace(proof, old=proof.head, head=proof.old), keys) is not None


def test_a_log_that_was_written_anew_cannot_be_proven_to_have_grown(path, ids, entry, signer, keys):
    old = verify(path).heads.signed[0]
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP TRIGGER record_is_never_changed; UPDATE record SET hash = hex(zeroblob(32)) WHERE seq = 2"
        )
    grow(path, entry, signer)
    assert "written anew" in fault_of(prove_growth(path, old), keys)
    assert not verify(path, None, keys).ok


def test_what_no_head_is_signed_over_and_what_is_not_there_cannot_be_proven(path, entry, ids):
    log = AuditLog.open(path)
    unsigned = log.append_blocking(entry("new"))
    log.close()
    with pytest.raises(NotProvable, match="no head is signed over it"):
        prove_record(path, unsigned)
    with pytest.raises(NotProvable, match="no record"):
        prove_record(path, "aud_none")


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"proof": "inclusion"}', b'{"proof": "other"}'])
def test_what_is_no_proof_is_told(content):
    with pytest.raises(NotProvable):
        read_proof(content)


def test_a_forged_tree_head_in_the_log_is_named(path, ids, keys):
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP TRIGGER tree_head_is_never_changed;"
            """UPDATE tree_head SET body = replace(body, '"root":"', '"root":"00') WHERE size = 7"""
        )
    found = verify(path, None, keys)
    assert (found.ok, found.first_bad) == (False, 7)
    assert "forged" in str(found.reason)
