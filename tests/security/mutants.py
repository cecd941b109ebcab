"""Takes each guard out in turn and expects its test to fail: a test that passes without its guard proves nothing.

    python -m tests.security.mutants [--only WORD …] [--jobs N]          (scripts/mutate-guards)

The tree is copied, and the tests have to pass in the copy. Then one piece of source is replaced (`guards.py`), its tests are
run, the piece is put back. Prints a line for each guard. Ends with 1 when a test passed without its guard, or when the piece is
not in the source any more; with 2 when a test fails with all guards in place.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from tests.security.guards import GUARDS, Guard

HOUSE: Final = Path(__file__).resolve().parents[2]
COPIED: Final = (
    *("authz", "changes", "gateway", "ingest", "journal", "kernel", "saite", "schema", "search", "subgraphs"),
    *("tests", "bench", "scripts", "pyproject.toml"),
)
SECONDS: Final = 1800


@dataclass(frozen=True, slots=True)
class Outcome:
    """`says` is what happened; good only when the tests failed without the guard."""

    guard: Guard
    says: str
    is_good: bool
    seconds: float


def copied(into: Path) -> Path:
    """A copy of the tree as it is now."""
    for name in COPIED:
        source = HOUSE / name
        if source.is_dir():
            shutil.copytree(source, into / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        elif source.is_file():
            shutil.copy(source, into / name)
    return into


def tried(guard: Guard, tree: Path) -> Outcome:
    """Run the guard's tests without it."""
    started, path = time.monotonic(), tree / guard.file
    whole = path.read_text()
    if whole.count(guard.piece) != 1:
        return Outcome(guard, f"GONE: the piece is there {whole.count(guard.piece)} times", is_good=False, seconds=0)
    path.write_text(whole.replace(guard.piece, guard.without))
    try:
        code = pytest_in(tree, guard.tests)
    finally:
        path.write_text(whole)
    match code:
        case 1:
            says, is_good = "caught", True
        case 0:
            says, is_good = "SURVIVED: the tests pass without it", False
        case _:
            says, is_good = f"UNCLEAR: pytest ended with {code}", False
    return Outcome(guard, says, is_good, time.monotonic() - started)


def pytest_in(tree: Path, tests: tuple[str, ...], seconds: float = SECONDS) -> int:
    """The exit code of pytest over the tests of a tree: 0 passed, 1 failed; -1 when it did not end."""
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *tests]
    try:
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


def main() -> int:
    """Try every guard."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[""], help="guards whose case or name holds one of these words")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--at-once", action="store_true", help="do not run the tests with all guards in place first")
    asked = parser.parse_args()
    chosen = [guard for guard in GUARDS if any(word in f"{guard.case} {guard.name}" for word in asked.only)]
    with tempfile.TemporaryDirectory() as folder:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(asked.jobs):
            trees.put(copied(Path(folder) / str(number)))

        tests = tuple(sorted({test for guard in chosen for test in guard.tests}))
        tree = trees.get()
        if not asked.at_once and (code := pytest_in(tree, tests, SECONDS * 10)) != 0:
            print(f"The tests do not pass with all guards in place (pytest ended with {code}): nothing can be told")  # noqa: T201
            return 2
        trees.put(tree)

        def one(guard: Guard) -> Outcome:
            tree = trees.get()
            try:
                outcome = tried(guard, tree)
            finally:
                trees.put(tree)
            print(f"{guard.case:10} {guard.name}: {outcome.says} ({outcome.seconds:.0f} s)", flush=True)  # noqa: T201
            return outcome

        with ThreadPoolExecutor(asked.jobs) as pool:
            outcomes = list(pool.map(one, chosen))
    good = sum(outcome.is_good for outcome in outcomes)
    print(f"{good} of {len(outcomes)} guards have a test that fails without them")  # noqa: T201
    return 0 if good == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
