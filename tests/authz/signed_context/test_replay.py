"""Used contexts are remembered by all processes of a room together."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from joserfc.jwk import OKPKey

from authz.signed_context import (
    REPLAYABLE,
    ContextSigner,
    ContextVerifier,
    NotThisRequest,
    ReplayUnusable,
    SharedReplay,
    SignedContext,
)
from authz.signed_context.replay_postgresql import PostgresqlReplay

KEY = OKPKey.generate_key("Ed25519", {"kid": "gateway"})
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
CONTEXT = SignedContext("txn-1", "LV-PROK", "anna", "C-1", 1, "d")

_USE_ALL = """
import sys
from pathlib import Path
from authz.signed_context import SharedReplay
from authz.signed_context.replay_postgresql import PostgresqlReplay
place = sys.argv[1]
replay = PostgresqlReplay(place, "persons", 40) if "://" in place else SharedReplay(Path(place), 40)
print("ready", flush=True)
sys.stdin.read()
print(sum(replay.is_first_use(f"id-{n}", 1000.0) for n in range(400)))
"""


class Opening:
    """Opens the same memory, in a file or in a database, as each process of a room would."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.opened: list[SharedReplay | PostgresqlReplay] = []

    def __call__(self, keep: float = 40, limit: int = 1000, room: str = "persons") -> SharedReplay | PostgresqlReplay:
        is_database = "://" in self.place
        opened = PostgresqlReplay(self.place, room, keep, limit) if is_database else SharedReplay(Path(self.place), keep, limit)
        self.opened.append(opened)
        return opened


@pytest.fixture(params=["sqlite", "postgresql"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opening]:
    made = Opening(
        str(tmp_path / "used" / "persons.sqlite3") if request.param == "sqlite" else request.getfixturevalue("state")
    )
    yield made
    for one in made.opened:
        one.close()


def test_a_context_used_in_one_process_is_used_in_all(opening: Opening):
    first, second = opening(REPLAYABLE), opening(REPLAYABLE)
    header = ContextSigner(KEY).sign(CONTEXT, "persons", b"{}", NOW)
    ContextVerifier("persons", [KEY], replay=first).verify(header, b"{}", NOW)
    other = ContextVerifier("persons", [KEY], replay=second)
    with pytest.raises(NotThisRequest):
        other.verify(header, b"{}", NOW)
    assert other.refusals.snapshot() == {"replay": 1}


def test_processes_that_race_for_the_same_ids_share_them_out(opening: Opening):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _USE_ALL, opening.place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    counts = [int(process.communicate(timeout=60)[0]) for process in started]
    assert sum(counts) == 400


def test_a_restarted_process_remembers(opening: Opening):
    before = opening()
    assert before.is_first_use("a", 1000.0)
    before.close()
    after = opening()
    assert not after.is_first_use("a", 1039.0)


def test_ids_are_remembered_for_as_long_as_they_could_be_used_and_then_forgotten(opening: Opening):
    replay = opening()
    for second in range(1000, 1300):
        assert replay.is_first_use(str(second), float(second))
        assert not replay.is_first_use(str(second - 39), float(second)) or second < 1039
    assert len(replay) <= 50


def test_a_full_memory_refuses_rather_than_forgets(opening: Opening):
    replay = opening(limit=3)
    assert all(replay.is_first_use(name, 1000.0) for name in "abc")
    assert not replay.is_first_use("d", 1006.0)
    assert not replay.is_first_use("a", 1006.0)
    assert replay.is_first_use("d", 1050.0)


async def test_a_room_does_not_keep_others_waiting_for_a_memory_on_another_machine(state: str):
    elsewhere, here = PostgresqlReplay(state, "persons", 40), SharedReplay
    assert ContextVerifier("persons", [KEY], replay=elsewhere).waits
    assert not here.waits
    assert not ContextVerifier("persons", [KEY]).waits
    other_room = PostgresqlReplay(state, "events", 40)
    assert await asyncio.to_thread(elsewhere.is_first_use, "a", 1000.0)
    assert await asyncio.to_thread(other_room.is_first_use, "a", 1000.0)
    elsewhere.close()
    other_room.close()


def test_a_database_that_is_away_lets_nobody_in():
    away = PostgresqlReplay("postgresql://somebody:secret-word@127.0.0.1:1/x", "persons", 40)
    with pytest.raises(ReplayUnusable) as refused:
        away.is_first_use("a", 1000.0)
    assert "secret-word" not in refused.value.message
    away.close()


def test_a_damaged_file_is_made_anew(tmp_path: Path):
    path = tmp_path / "used.sqlite3"
    path.write_bytes(b"no database" * 1000)
    replay = SharedReplay(path, 40)
    assert replay.is_first_use("a", 1000.0)
    assert path.stat().st_mode & 0o777 == 0o600
    replay.close()


def test_when_it_cannot_be_told_nobody_is_let_in(tmp_path: Path):
    replay = SharedReplay(tmp_path / "used.sqlite3", 40)
    replay.close()
    verifier = ContextVerifier("persons", [KEY], replay=replay)
    with pytest.raises(ReplayUnusable):
        verifier.verify(ContextSigner(KEY).sign(CONTEXT, "persons", b"{}", NOW), b"{}", NOW)
    assert verifier.refusals.snapshot() == {"replay_unknown": 1}


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path):
    with pytest.raises(ReplayUnusable, match="cannot be opened"):
        SharedReplay(tmp_path, 40)
