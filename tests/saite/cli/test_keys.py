"""`saite keys rotate`: the steps, and what they say when they come in the wrong order."""

from __future__ import annotations

import os
from pathlib import Path

from typer.testing import CliRunner

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
