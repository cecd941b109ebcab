"""What an import costs: the Barcelona register into a fresh data folder, again and again, each time in a process of its own.

    .venv/bin/python bench/imports.py [--runs 5] [--again] [--folder DIR]

Prints for each run events per second and seconds as the import's own report has them, the CPU seconds of all its processes, and
the peak of the resident memory of the largest of them. With `--again` each folder is imported into twice, the second time
adding nothing. `--folder` says where the data folders are made: the figures depend on its disk.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]
FILES = sorted((HOUSE / "examples" / "barcelona-2018").glob("*.csv.gz"))


def imported(data: Path) -> float:
    """One import; its events per second."""
    command = ["-m", "saite", "import", "--mapping", "barcelona-2018", "--data", str(data), "--format", "json"]
    process = subprocess.Popen([sys.executable, *command, *map(str, FILES)], cwd=HOUSE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"the import ended with {process.returncode}")
    report = json.loads(output)
    rate = report["read"] / report["seconds"]
    print(
        f"{rate:7,.0f} events/s {report['seconds']:6.2f} s  CPU {used.ru_utime + used.ru_stime:5.2f} s"
        f"  peak {used.ru_maxrss / 1024:4.0f} MiB  new {report['new']:,} same {report['same']:,}",
        flush=True,
    )
    return float(rate)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    rates: list[float] = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            rates.append(imported(Path(folder) / "data"))
            if options.again:
                imported(Path(folder) / "data")
    print(f"{statistics.median(rates):7,.0f} events/s in the middle of {len(rates)} runs, {min(rates):,.0f} the slowest")


if __name__ == "__main__":
    main()
