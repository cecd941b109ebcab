"""The processes of a run: workers and journals, forked from this one, so that they are there at once after a kill.

What comes in: where the run happens. What goes out: `Part`s. Each runs what `saite serve ingest` and `saite journal send` run.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.chaos.mutants import mutate

NEVER = 3600.0
"""Seconds after which a journal would send again what the broker confirmed: not in this run. Nothing may depend on it."""


@dataclass(frozen=True)
class Place:
    """Where a run happens."""

    folder: Path
    database: str
    broker: str
    prefix: str
    mutant: str | None

    @property
    def sources(self) -> Path:
        """The document that registers the sources."""
        return self.folder / "sources.yaml"

    def journal(self, source: str) -> Path:
        """The file of a source's journal."""
        return self.folder / f"{source}.sqlite3"


@dataclass
class Part:
    """A process that can be killed and begun again."""

    name: str
    work: Callable[[], None]
    log: Path
    pid: int = 0

    def start(self) -> None:
        """Begin it."""
        self.pid = os.fork()
        if self.pid == 0:
            _live(self.work, self.log)

    def kill(self) -> None:
        """Kill it with -9."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def is_alive(self) -> bool:
        """Whether it still runs: no part may end by itself."""
        with suppress(ChildProcessError):
            return os.waitpid(self.pid, os.WNOHANG) == (0, 0)
        return False


def _live(work: Callable[[], None], log: Path) -> None:
    code = 1
    try:
        with log.open("ab", 0) as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a forked process ends here, whatever it was
        traceback.print_exc()
    sys.stdout.flush()
    os._exit(code)


def worker(place: Place, number: int) -> Part:
    """A worker of `saite serve ingest`."""

    def work() -> None:
        from saite.cli import ingest

        mutate(place.mutant)
        ingest.serve(
            sources=place.sources,
            broker=place.broker,
            folder=None,
            host="127.0.0.1",
            port=0,
            identity=None,
            tls_cert=None,
            tls_key=None,
            tls_clients=None,
            store=place.database,
            prefix=place.prefix,
            data=place.folder / "data",
        )

    return Part(f"worker {number}", work, place.folder / f"worker-{number}.log")


def journal(place: Place, source: str) -> Part:
    """The journal of a source, which goes on for ever."""

    def work() -> None:
        from saite.cli import journal as verbs

        mutate(place.mutant)
        verbs.send(to=place.broker, token="", follow=True, again=NEVER, prefix=place.prefix, journal=place.journal(source))

    return Part(f"journal {source}", work, place.folder / f"journal-{source}.log")
