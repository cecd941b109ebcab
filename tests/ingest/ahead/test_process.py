"""The process that prepares: it makes what would be made here, its death is a clear error, and it never stays behind."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.ahead import process
from ingest.ahead.process import prepare_ahead, started
from ingest.errors import BadMapping, JournalUnreadable, PreparationFailed
from ingest.ledger import Correction
from ingest.ledger.runs import Counts
from ingest.preparing import BATCH, Order
from ingest.replaying import replay
from ingest.report import Progress
from tests.ingest.registers import WHO, House, contents, house
from tests.ingest.small import EVENTS, PERSONS, SMALL, TEXT, write

HOUSE = Path(__file__).resolve().parents[3]
FILES = sorted((HOUSE / "examples" / "barcelona-2018").glob("*.csv.gz"))

pytestmark = pytest.mark.skipif(process._cores() < 2, reason="one core: nothing is prepared ahead")


@pytest.fixture
def for_all_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small journals, too, are prepared by a process of their own."""
    monkeypatch.setattr(process, "LARGE", 0)


@contextmanager
def one_core() -> Iterator[None]:
    """This thread may use one core only."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def many(folder: Path, events: int) -> tuple[Path, Path]:
    """Journals with every kind of trouble: bad values, a repeated id, an unreadable line, rows that no event claims."""
    rows = [f"{n},2026-01-{n % 28 + 1:02} {n % 24:02}:00,event {n}" for n in range(events)]
    rows[10] = "10,yesterday,ten"
    rows += ["7,2026-01-01 10:00,again", "8,2026-01-01 10:00"]
    persons = [f"{n},1,driver,V,{n % 90}" for n in range(0, events, 3)]
    return write(folder, [EVENTS[0], *rows], [PERSONS[0], *persons, "99999999,1,driver,V,40", "12,2,flyer,V,40"])


async def counted(folder: Path, files: Sequence[Path]) -> Counts:
    async with house(folder) as here:
        return (await here.take(SMALL, *files)).counts


@pytest.mark.slow
async def test_with_one_core_everything_is_prepared_here_and_comes_to_the_same(tmp_path: Path) -> None:
    files = many(tmp_path, BATCH * 2)
    with one_core():
        with started(files) as worker:
            assert worker is None
        alone = await counted(tmp_path / "alone", files)
    with started(files) as worker:
        assert worker is not None
    together = await counted(tmp_path / "together", files)
    assert alone == together
    assert (together.read, together.quarantined, together.orphans) == (BATCH * 2 + 2, 4, 1)
    assert contents(tmp_path / "alone") == contents(tmp_path / "together")


async def test_small_journals_are_prepared_here(tmp_path: Path) -> None:
    with started(write(tmp_path)) as worker:
        assert worker is None


@pytest.mark.slow
async def test_the_death_of_the_worker_is_told_and_the_next_import_goes_on_where_it_came(tmp_path: Path) -> None:
    files = many(tmp_path, BATCH * 5)
    async with house(tmp_path / "data") as here:
        with started(files) as worker:
            assert worker is not None

            def kill(now: Progress) -> None:
                if now.phase == "importing":
                    worker.kill()

            with pytest.raises(PreparationFailed, match=r"killed by signal 9.*start the same import again"):
                await here.take(SMALL, *files, progress=kill, worker=worker)
        report = await here.take(SMALL, *files)
    assert report.resumed
    undisturbed = await counted(tmp_path / "undisturbed", files)
    assert independent(report.counts) == independent(undisturbed)
    assert contents(tmp_path / "data") == contents(tmp_path / "undisturbed")


def independent(counts: Counts) -> tuple[int, int, int, int]:
    """What does not depend on where the first import ended: what was written and not noted is `same` in the second."""
    return counts.read, counts.new + counts.same, counts.quarantined, counts.orphans


@pytest.mark.usefixtures("for_all_sizes")
async def test_a_worker_that_is_dead_before_it_begins_is_told(here: House, tmp_path: Path) -> None:
    files = write(tmp_path)
    with started(files) as worker:
        assert worker is not None
        worker.kill()
        worker.wait()
        with pytest.raises(PreparationFailed, match="killed by signal 9"):
            await here.take(SMALL, *files, worker=worker)


@pytest.mark.usefixtures("for_all_sizes")
async def test_a_journal_that_the_worker_cannot_read_is_named_as_it_would_be_here(here: House, tmp_path: Path) -> None:
    events, persons = write(tmp_path)
    cut = events.with_name("events.csv.gz")
    cut.write_bytes(gzip.compress(events.read_bytes())[:-12])
    with pytest.raises(JournalUnreadable, match=r"events\.csv\.gz"):
        await here.take(SMALL, cut, persons)


async def nothing_known(system: str, keys: Sequence[str]) -> Mapping[str, str]:
    return {}


async def steps(order: Order) -> None:
    with started([Path(file) for file in order.files]) as worker:
        assert worker is not None
        async for _ in prepare_ahead(worker, order, nothing_known, lambda rows: None):
            pass


@pytest.mark.usefixtures("for_all_sizes")
async def test_an_error_of_the_worker_keeps_its_kind_and_a_bug_comes_with_its_traceback(tmp_path: Path) -> None:
    files = tuple(map(str, write(tmp_path)))
    with pytest.raises(BadMapping, match=r"small\.yaml"):
        await steps(Order("small.yaml", "mapping: 99", files, str(tmp_path), 0))
    with pytest.raises(PreparationFailed, match="FileExistsError"):
        await steps(Order("small.yaml", TEXT, files, files[0], 0))


@pytest.mark.usefixtures("for_all_sizes")
async def test_corrections_are_remembered_by_the_worker(here: House, tmp_path: Path) -> None:
    files = write(tmp_path, [*EVENTS, "4,yesterday,four"])
    await here.take(SMALL, *files)
    (entry,) = here.ledger.quarantine.entries()
    here.ledger.quarantine.correct(entry.id, [Correction("at", "2026-01-04 10:00")])
    counts = (await replay(here.registers, here.ledger, here.audit, WHO)).report.counts
    assert (counts.read, counts.new) == (1, 1)
    again = (await here.take(SMALL, *files)).counts
    assert (again.read, again.new, again.same) == (4, 0, 4)


def children_of(pid: int) -> list[int]:
    return [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(holds: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(holds())


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the system does not tell a process's children")
def test_a_killed_import_leaves_no_process_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.ingest.registers", str(tmp_path / "data"), "barcelona-2018", *map(str, FILES)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.DEVNULL) as parent:
        assert until(lambda: children_of(parent.pid))
        (child,) = children_of(parent.pid)
        parent.kill()
    assert until(lambda: not is_alive(child))
