"""Memory stays the same however large the journals are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]

# The peak of the resident memory, of a process that stages and translates everything, without registers to write into.
MEASURE = """
import resource, sys
from contextlib import closing
from pathlib import Path
from ingest.batch import Batch, Work
from ingest.journal import assign
from ingest.layout import layout_of
from ingest.ledger import Ledger
from ingest.reading import Journals
from ingest.staging import Staging
from ingest.translation import Translator
from tests.ingest.small import small

folder = Path(sys.argv[1])
mapping = small(refuse="fold\\n  fold: summary")
translator = Translator(mapping, layout_of(mapping))
with closing(Ledger.open(folder)) as ledger, closing(Staging()) as staging:
    journals = Journals(assign([folder / "events.csv", folder / "persons.csv"], mapping), translator, ledger)
    rows = journals.stage(staging, lambda rows: None).rows
    batch, position, made = Batch(Work(translator, None, ledger, None, None, ""), journals, staging), 0, 0
    while part := staging.events(position, 1000):
        position = part[-1][0]
        for bundle, _ in batch._sort(part).bundles:
            made += not isinstance(translator.translate(bundle, None), list)
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
def test_twenty_times_as_many_rows_take_no_more_memory(tmp_path: Path) -> None:
    small_rows, small_made, before = measured(tmp_path / "small", 3_000)
    large_rows, large_made, after = measured(tmp_path / "large", 60_000)
    assert (small_rows, small_made, large_rows, large_made) == (3_000, 3_000, 60_000, 60_000)
    assert after - before < 12 * 1024, f"{before:,} KiB for 3,000 events, {after:,} KiB for 60,000"
