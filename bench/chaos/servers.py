"""PostgreSQL and RabbitMQ of one run's own, which may be killed and come back with what they had on disk.

What comes in: a folder. What goes out: `Server`s. They are started by `scripts/services` the first time, beside any others;
killed with -9, all their processes, and started again by the same command, as the same user, over the same data.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

HOUSE = Path(__file__).resolve().parents[2]
_SET_CHILD_SUBREAPER = 36  # prctl(2)


@dataclass
class Server:
    """A server: its address, and the process that leads its session with how it was started."""

    name: str
    address: str
    pid: int
    command: list[str]
    environment: dict[str, str]
    user: int
    log: Path

    def kill(self) -> None:
        """Kill it with all its processes, and wait until none is left."""
        victims = [self.pid, *_descendants(self.pid)]  # PostgreSQL's have sessions of their own
        for pid in victims:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in victims:  # all ours: see `started`
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
        while any(Path(f"/proc/{pid}").exists() for pid in victims):
            time.sleep(0.05)

    def start(self) -> None:
        """Start it again and wait until it listens."""
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                self.command, env=self.environment, user=self.user, extra_groups=[], cwd="/", stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.pid = started.pid
        self.wait()

    def wait(self) -> None:
        """Wait until it takes connections."""
        import socket

        place = urlsplit(self.address)
        for _ in range(1200):
            with suppress(OSError), socket.create_connection((place.hostname or "", place.port or 0), 1):
                return
            time.sleep(0.1)
        raise TimeoutError(f"{self.name} did not come back ({self.log})")


def started(folder: Path) -> dict[str, Server]:
    """PostgreSQL and RabbitMQ, with their data under `folder`."""
    # What loses its parent becomes our child, so that it can be waited for: a dead process that nobody waits for still has its
    # id, and PostgreSQL will not start while the id in its lock file is somebody's.
    ctypes.CDLL(None, use_errno=True).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAITE_TEST_")}
    environment["SAITE_SERVICES_STATE"] = str(folder)
    folder.chmod(0o755)
    subprocess.run([HOUSE / "scripts" / "services", "start", "postgresql", "rabbitmq"], env=environment, check=True)
    return {name: _server(name, folder / name) for name in ("postgresql", "rabbitmq")}


def _server(name: str, state: Path) -> Server:
    pid = int((state / "pid").read_text().split()[0])
    process = Path(f"/proc/{pid}")
    command = process.joinpath("cmdline").read_bytes().decode().split("\0")[:-1]
    pairs = (pair.split("=", 1) for pair in process.joinpath("environ").read_bytes().decode().split("\0") if "=" in pair)
    environment = dict(pairs)
    user = process.stat().st_uid
    return Server(name, (state / "address").read_text().strip(), pid, command, environment, user, state / "log")


def stopped(servers: dict[str, Server]) -> None:
    """End them; what is left is the caller's folder."""
    for server in servers.values():
        server.kill()


def _descendants(leader: int) -> list[int]:
    """Children, their children, and so on."""
    parents: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
    found: list[int] = []
    waiting = [leader]
    while waiting:
        children = parents.get(waiting.pop(), [])
        found += children
        waiting += children
    return found
