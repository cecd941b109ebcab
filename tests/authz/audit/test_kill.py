"""Kill -9 at any point loses no consultation that was answered: the log at chosen points, and a whole gateway under load."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from authz.audit import AuditLog, HeadKeys, HeadSigner, verify
from authz.audit.reader import reading
from authz.audit.reconcile import reconcile
from authz.identity import DevelopmentIssuer
from kernel.clock import SystemClock
from saite.folder import ROOMS, DataFolder

# Each point is a function of the writer; the process kills itself when it comes there for the n-th time.
POINTS = {
    "before the batch is written": ("authz.audit.store_sqlite", "SqliteStore.write", "before"),
    "after the batch is written, before anybody knows": ("authz.audit.store_sqlite", "SqliteStore.write", "after"),
    "after everybody was told": ("authz.audit.log", "_tell", "after"),
    "before a tree head is written": ("authz.audit.store_sqlite", "SqliteStore.write_edge", "before"),
    "after a tree head is written": ("authz.audit.store_sqlite", "SqliteStore.write_edge", "after"),
    "while the tree grows": ("authz.audit.signing", "HeadKeeper.grow", "before"),
}
_WRITER = """
import asyncio, importlib, os, signal, sys
from pathlib import Path
from authz.audit import AuditEntry, AuditLog, HeadSigner, signing

place, keys, module, name, when, times = sys.argv[1:]
signing.EVERY_RECORDS = 40
owner = importlib.import_module(module)
*path, last = name.split(".")
for part in path:
    owner = getattr(owner, part)
real, left = getattr(owner, last), int(times)

def hooked(*args):
    global left
    left -= 1
    if left == 0 and when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

async def main():
    log = AuditLog.open(Path(place), signer=HeadSigner.open(Path(keys)))
    setattr(owner, last, hooked)
    async def client(number):
        while True:
            record_id = await log.append(AuditEntry(kind="consultation", request_id="r", agency="A", user="u", status="ok"))
            os.write(1, f"{record_id}\\n".encode())
    await asyncio.gather(*(client(number) for number in range(10)))

asyncio.run(main())
"""
_GATEWAY = """
import asyncio, sys, uvicorn
from pathlib import Path
from saite.folder import DataFolder
from saite.processes import embedded
from saite.registers import open_registers

async def main():
    folder = DataFolder(Path(sys.argv[1]))
    async with open_registers(folder) as registers:
        server = uvicorn.Server(uvicorn.Config(embedded(folder, registers), port=int(sys.argv[2]), log_level="critical"))
        await server.serve()

asyncio.run(main())
"""
QUERY = '{ vehicleByPlate(plate: "QA-1234") { plate make } }'


@pytest.mark.parametrize("point", POINTS)
def test_a_writer_that_dies_at_this_point_loses_nothing_that_it_acknowledged(path, tmp_path, entry, point):
    keys = tmp_path / "keys"
    acknowledged: set[str] = set()
    for times in (1, 4):
        words = [sys.executable, "-c", _WRITER, str(path), str(keys), *POINTS[point], str(times)]
        ended = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        acknowledged |= {line for line in ended.stdout.splitlines() if len(line) == 36}
    public = HeadKeys.of_folder(keys)
    found = verify(path, None, public)
    assert found.ok, found.reason
    with reading(path) as reader:
        assert acknowledged <= {row.id for row in reader.containing([])}
    log = AuditLog.open(path, signer=HeadSigner.open(keys))
    log.append_blocking(entry())
    log.close()
    found = verify(path, None, public)
    assert (found.ok, found.unsigned) == (True, {"gateway-1": 0})


class Callers:
    """Eight clients that ask until the gateway is gone, and remember the record of each answer that came whole."""

    def __init__(self, port: int, token: str) -> None:
        self.answered: list[str] = []
        self._port = port
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        self._threads = [threading.Thread(target=self._ask) for _ in range(8)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.answered) < count and time.monotonic() < deadline:
            time.sleep(0.01)

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)) as connection:
            try:
                while True:
                    connection.request("POST", "/graphql", json.dumps({"query": QUERY}), self._headers)
                    answer = json.loads(connection.getresponse().read())
                    self.answered.append(answer["extensions"]["audit"]["recordId"])
            except (OSError, http.client.HTTPException, ValueError):
                return


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the gateway never opened its port")


@pytest.mark.slow
def test_a_gateway_that_is_killed_under_load_has_recorded_every_answer_that_anybody_got(tmp_path: Path):
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    token = DevelopmentIssuer(folder.keys, SystemClock()).issue("LV-VP", "jana", purpose="EVENT_RESPONSE")
    answered: list[str] = []
    for answers in (1, 60):
        port = free_port()
        with subprocess.Popen([sys.executable, "-c", _GATEWAY, str(folder.path), str(port)]) as gateway:
            wait_until_open(port)
            callers = Callers(port, token)
            callers.wait_for(answers)
            os.kill(gateway.pid, signal.SIGKILL)
            callers.end()
        answered += callers.answered
    assert len(answered) > 60
    keys = HeadKeys.of_folder(folder.keys)
    for log in (folder.audit, *(folder.room_audit(room) for room in ROOMS)):
        found = verify(log, None, keys)
        assert found.ok, found.reason
    with reading(folder.audit) as reader:
        assert set(answered) <= {row.id for row in reader.containing([])}
    found_both = reconcile(folder.audit, {room: folder.room_audit(room) for room in ROOMS})
    assert found_both.exchanges > 0
    assert "another answer" not in {one.kind for one in found_both.discrepancies}
