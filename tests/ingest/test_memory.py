"""Memory stays the same however large the journals are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]

# The peak of the resident memory, of a process that stages and translates everything, without registers to write into.
MEASURE = """
import asyncio, resource, sys
from pathlib import Path
from ingest.preparing import Order, Prepared, Staged, prepare
from tests.ingest.small import small

async def nothing_known(system, keys):
    return {}

async def prepared(folder):
    mapping, rows, made = small(refuse="fold\\n  fold: summary"), 0, 0
    files = str(folder / "events.csv"), str(folder / "persons.csv")
    async for step in prepare(Order(mapping.name, mapping.text, files, str(folder), 0), nothing_known, lambda rows: None):
        match step:
            case Staged(): rows = step.rows
            case Prepared(): made += len(step.made)
    return rows, made

rows, made = asyncio.run(prepared(Path(sys.argv[1])))
print(rows, made, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measured(folder: Path, events: int) -> tuple[int, int, int]:
    folder.mkdir()
    with (folder / "events.csv").open("w") as file:
        file.write("number,at,what\n")
        file.writelines(
            f"{n},2026-01-{n % 28 + 1:02} {n % 24:02}:{n % 60:02},what happened in event {n}\n" for n in range(events)
        )
    with (folder / "persons.csv").open("w") as file:
        file.write("number,seat,role,sex,age\n")
        file.writelines(f"{n % events},{n // events},driver,V,{n % 90}\n" for n in range(events + events // 5))
    output = subprocess.run([sys.executable, "-c", MEASURE, str(folder)], cwd=HOUSE, capture_output=True, check=True, text=True)
    rows, made, kilobytes = map(int, output.stdout.split())
    return rows, made, kilobytes


@pytest.mark.slow
def test_fifteen_times_as_many_rows_take_no_more_memory(tmp_path: Path) -> None:
    small_rows, small_made, before = measured(tmp_path / "small", 2_000)
    large_rows, large_made, after = measured(tmp_path / "large", 30_000)
    assert (small_rows, small_made, large_rows, large_made) == (2_000, 2_000, 30_000, 30_000)
    assert after - before < 12 * 1024, f"{before:,} KiB for 2,000 events, {after:,} KiB for 30,000"
