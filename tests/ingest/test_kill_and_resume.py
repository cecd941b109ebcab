"""Killed at any point and started again, an import loses and doubles nothing."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.preparing import BATCH
from ingest.report import Progress
from subgraphs.events.model import EventRecord
from subgraphs.room.records import Outcome
from tests.ingest.registers import contents, house
from tests.ingest.small import SMALL, write

HOUSE = Path(__file__).resolve().parents[2]
FILES = sorted((HOUSE / "examples" / "barcelona-2018").glob("*.csv.gz"))
COMMAND = [sys.executable, "-m", "tests.ingest.registers"]


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([*COMMAND, str(folder), "barcelona-2018", *map(str, FILES)], cwd=HOUSE, stdout=subprocess.PIPE)


def kill_within(process: subprocess.Popen[bytes], folder: Path, moments: random.Random) -> bool:
    """Kill the process a random while after its registers were opened; False when it ended before."""
    while not (folder / "ingest.sqlite3").exists() and process.poll() is None:
        time.sleep(0.01)
    try:
        process.wait(moments.uniform(0.1, 1.2))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


@pytest.mark.slow
async def test_an_import_killed_again_and_again_ends_like_an_undisturbed_one(tmp_path: Path) -> None:
    async with house(tmp_path / "undisturbed") as here:
        expected = (await here.take("barcelona-2018", *FILES)).counts
    disturbed, moments, kills = tmp_path / "disturbed", random.Random(20180101), 0
    while kills < 4:
        process = start(disturbed)
        killed = kill_within(process, disturbed, moments)
        assert process.stdout is not None
        process.stdout.close()
        if not killed:
            break
        kills += 1
    async with house(disturbed) as here:
        last = await here.take("barcelona-2018", *FILES)
        again = await here.take("barcelona-2018", *FILES)
    assert kills >= 1
    assert (last.counts.read, last.counts.quarantined, last.counts.repeated) == (expected.read, 0, expected.repeated)
    assert last.counts.read == last.counts.new + last.counts.changed + last.counts.same
    assert (again.counts.new, again.counts.changed, again.counts.same) == (0, 0, expected.read)
    assert contents(disturbed) == contents(tmp_path / "undisturbed")


async def cut_off(folder: Path, files: tuple[Path, Path]) -> None:
    """An import of which the third batch cannot be written."""
    async with house(folder) as here:
        put_many, calls = here.registers.events.put_many, 0

        async def failing(records: Sequence[EventRecord]) -> Outcome:
            nonlocal calls
            calls += 1
            if calls == 3:
                raise OSError("the disk is full")
            return await put_many(records)

        here.registers.events.put_many = failing  # type: ignore[method-assign]  # a full disk cannot be had otherwise
        with pytest.raises(OSError, match="disk is full"):
            await here.take(SMALL, *files)


def many(folder: Path) -> tuple[Path, Path]:
    events = [f"{n},2026-01-01 10:00,event {n}" for n in range(BATCH * 3)]
    return write(folder, ["number,at,what", *events], ["number,seat,role,sex,age", "7,1,driver,V,40"])


async def test_a_run_that_was_cut_off_goes_on_after_the_last_batch_that_was_noted(tmp_path: Path) -> None:
    files = many(tmp_path)
    await cut_off(tmp_path / "data", files)
    heard: list[Progress] = []
    async with house(tmp_path / "data") as here:
        report = await here.take(SMALL, *files, progress=heard.append)
    assert report.resumed
    assert (report.counts.read, report.counts.new, report.counts.persons) == (BATCH * 3, BATCH * 3, 1)
    assert heard[-1].done == BATCH * 3


async def test_registers_that_were_emptied_meanwhile_are_filled_from_the_beginning(tmp_path: Path) -> None:
    files = many(tmp_path)
    await cut_off(tmp_path / "data", files)
    for path in (tmp_path / "data").glob("events.sqlite3*"):
        path.unlink()
    async with house(tmp_path / "data") as here:
        report = await here.take(SMALL, *files)
    assert (report.counts.read, report.counts.new) == (BATCH * 3, BATCH * 3)
