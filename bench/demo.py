"""What a request costs in the embedded mode: gateway, four rooms, contract, signatures and audit in one process.

    python bench/demo.py [REQUESTS]

Starts `saite demo` on a free port and a folder of its own, asks each agency's question of the tour REQUESTS times
(default 200), and prints the process's own CPU milliseconds per request (user + system, from /proc) beside the wall time
that one waiting client sees.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from saite.cli.token import issue
from saite.seeding import invented_world
from saite.tour import variables_of, visitors
from subgraphs.room.world.showcase import showcase


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(url: str, token: str, body: bytes) -> dict[str, object]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
        answer: dict[str, object] = json.load(response)
    return answer


def measure(process: subprocess.Popen[str], url: str, data: Path, requests: int) -> None:
    example = showcase(invented_world("small"))
    for visitor in visitors(example):
        token = issue(data, visitor.agency, visitor.user, visitor.purpose, visitor.case)
        body = json.dumps({"query": visitor.query, "variables": variables_of(visitor, example)}).encode()
        first = ask(url, token, body)
        if first.get("data") is None:
            raise SystemExit(f"{visitor.agency} got no data: {first}")
        ask(url, token, body)
        before, walls = cpu_seconds(process.pid), []
        for _ in range(requests):
            start = time.perf_counter()
            if ask(url, token, body)["data"] != first["data"]:
                raise SystemExit(f"{visitor.agency} got another answer than before")
            walls.append((time.perf_counter() - start) * 1000)
        spent = (cpu_seconds(process.pid) - before) * 1000 / requests
        print(f"{visitor.agency:<11} CPU {spent:6.2f} ms/request   wall median {statistics.median(walls):6.2f} ms")


def main() -> None:
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).parent / "saite"), "demo", "--port", "0", "--data", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+/graphql", line)
            if found is None:
                raise SystemExit(f"the demo did not start: {line}")
            print(line.strip())
            measure(process, found.group(), Path(folder), requests)
            process.terminate()


if __name__ == "__main__":
    main()
