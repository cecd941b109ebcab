"""The gateway's key changes while everything runs: no call is refused on the way, and the old key ends."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from authz.identity import KeyFileUnusable
from authz.identity.key_files import public_keys
from authz.signed_context import ContextSigner, ContextVerifier, NotAdmitted, SignedContext
from authz.signed_context.rotation import activate, announce, retire
from authz.signed_context.watching import Watched

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CONTEXT = SignedContext("txn-1", "LV-PROK", "anna", "C-1", 1, "d")
PUBLIC = "gateway-context.public.jwks"


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def later(folder: Path) -> float:
    return (folder / "gateway-context.jwk").stat().st_mtime + 60


def test_a_whole_change_refuses_no_call_and_ends_the_old_key(tmp_path: Path):
    signer, verifier = ContextSigner.open(tmp_path), ContextVerifier.open(tmp_path, "persons")
    calls = 0

    def call() -> str:
        nonlocal calls
        calls += 2
        header = signer.sign(CONTEXT, "persons", b"{}", after(calls))
        assert verifier.verify(header, b"{}", after(calls)) == CONTEXT
        return header

    call()
    old = signer.sign(CONTEXT, "persons", b"{}", after(calls))
    coming = announce(tmp_path)
    call()
    assert len(public_keys(tmp_path / PUBLIC)) == 2
    assert activate(tmp_path) == coming
    new = call()
    assert new.split(".")[0] != old.split(".")[0]
    assert verifier.verify(old, b"{}", after(calls)) == CONTEXT  # still on its way when the key changed
    withdrawn = ContextVerifier.open(tmp_path, "persons")
    assert retire(tmp_path, later(tmp_path)) == coming
    call()
    late = ContextSigner.open(tmp_path).sign(CONTEXT, "persons", b"{}", after(calls))
    assert verifier.verify(late, b"{}", after(calls)) == CONTEXT
    with pytest.raises(NotAdmitted):
        withdrawn.verify(old, b"{}", after(calls + 2))
    assert withdrawn.refusals.snapshot() == {"key": 1}


def test_a_room_elsewhere_follows_the_file_that_it_is_given(tmp_path: Path):
    signer = ContextSigner.open(tmp_path / "gateway")
    copy = tmp_path / "room.jwks"
    copy.write_bytes((tmp_path / "gateway" / PUBLIC).read_bytes())
    verifier = ContextVerifier.of_key_file(copy, "persons")
    announce(tmp_path / "gateway")
    copy.write_bytes((tmp_path / "gateway" / PUBLIC).read_bytes())
    activate(tmp_path / "gateway")
    assert verifier.verify(signer.sign(CONTEXT, "persons", b"{}", after(2)), b"{}", after(2)) == CONTEXT


def test_each_step_can_be_repeated(tmp_path: Path):
    ContextSigner.open(tmp_path)
    assert announce(tmp_path) == announce(tmp_path)
    assert len(public_keys(tmp_path / PUBLIC)) == 2
    activate(tmp_path)
    assert retire(tmp_path, later(tmp_path)) == retire(tmp_path, later(tmp_path))
    assert len(public_keys(tmp_path / PUBLIC)) == 1


def test_steps_in_the_wrong_order_are_refused(tmp_path: Path):
    ContextSigner.open(tmp_path)
    with pytest.raises(KeyFileUnusable, match="announce one first"):
        activate(tmp_path)
    announce(tmp_path)
    with pytest.raises(KeyFileUnusable, match="activate it first"):
        retire(tmp_path, later(tmp_path))
    activate(tmp_path)
    with pytest.raises(KeyFileUnusable, match="retire it in"):
        retire(tmp_path, (tmp_path / "gateway-context.jwk").stat().st_mtime + 5)


def test_there_are_never_more_than_two_keys(tmp_path: Path):
    ContextSigner.open(tmp_path)
    for _ in range(3):
        announce(tmp_path)
        activate(tmp_path)
    announce(tmp_path)
    assert len(public_keys(tmp_path / PUBLIC)) == 2


def test_a_key_set_that_was_spoiled_meanwhile_changes_nothing(tmp_path: Path):
    signer, verifier = ContextSigner.open(tmp_path), ContextVerifier.open(tmp_path, "persons")
    (tmp_path / PUBLIC).write_text("{")
    assert verifier.verify(signer.sign(CONTEXT, "persons", b"{}", after(2)), b"{}", after(2)) == CONTEXT
    (tmp_path / PUBLIC).unlink()
    assert verifier.verify(signer.sign(CONTEXT, "persons", b"{}", after(4)), b"{}", after(4)) == CONTEXT


def test_a_file_is_looked_at_once_a_second(tmp_path: Path):
    file = tmp_path / "file"
    file.write_text("one")
    watched = Watched(file, lambda path: path.read_text())
    assert watched.current(10.0) == "one"
    file.write_text("two")
    os.utime(file, (1, 1))
    assert watched.current(10.9) == "one"
    assert watched.current(11.0) == "two"
