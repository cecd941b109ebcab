"""`saite keys`: the steps of a rotation, and what they say in the wrong order; the keys of ids in the audit log."""

from __future__ import annotations

import os
from pathlib import Path

from typer.testing import CliRunner

from authz.audit import AuditEntry, AuditLog, EntitySeal
from authz.signed_context import ContextSigner
from saite.cli.main import app


def rotate(folder: Path, step: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["keys", "rotate", step, "--data", str(folder)])
    return done.exit_code, done.output


def test_a_key_is_announced_activated_and_the_old_one_retired(tmp_path: Path):
    ContextSigner.open(tmp_path / "keys")
    assert "is announced" in rotate(tmp_path, "announce")[1]
    assert "signs with" in rotate(tmp_path, "activate")[1]
    code, said = rotate(tmp_path, "retire")
    assert code != 0
    assert "retire it in" in said
    os.utime(tmp_path / "keys" / "gateway-context.jwk", (1, 1))
    assert rotate(tmp_path, "retire")[0] == 0


def test_what_was_not_announced_is_not_activated(tmp_path: Path):
    code, said = rotate(tmp_path, "activate")
    assert code != 0
    assert "announce one first" in said


def test_the_inspector_opens_what_is_marked_by_a_renewed_key(tmp_path: Path):
    data, private = str(tmp_path / "data"), str(tmp_path / "inspector.jwk")

    def saite(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", data])
        assert done.exit_code == 0, done.output
        return done.output

    assert private in saite("keys", "inspector", "--out", private)
    first = EntitySeal.open(tmp_path / "data" / "keys").kid
    assert first not in saite("keys", "entities")
    seal = EntitySeal.open(tmp_path / "data" / "keys")
    log = AuditLog.open(tmp_path / "data" / "audit.sqlite3", entities=seal)
    asked = AuditEntry(
        kind="consultation", request_id="r", agency="A", user="u", status="ok", entities={"Person": ("per_" + "a" * 32,)}
    )
    record = log.append_blocking(asked)
    log.close()
    assert "per_" + "a" * 32 in saite("audit", "open", record, "--key", private, "--format", "json")
    assert "per_" not in saite("audit", "tail", "--format", "json")
    assert record in saite("audit", "report", "--person", "per_" + "a" * 32, "--full", "--format", "json")
