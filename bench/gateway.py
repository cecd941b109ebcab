"""What one request costs the gateway: the public benchmark's query and the small one, over stub subgraphs.

    .venv/bin/python bench/gateway.py [--seconds 5] [--connections 50] [--shared ../shared] [--profile]

The figure is the gateway process's own CPU time (user + system, from /proc, so Linux only) divided by the requests it
answered; requests per second and latencies depend on how many cores the stubs and the load share with it. Every answer is
compared with the expected document before a figure is printed; exit status 1 when one differs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

from load import request_bytes, run

HERE = Path(__file__).resolve().parent
SERVE = """
import sys, uvicorn
from pathlib import Path
from gateway.server import build_open_gateway
app = build_open_gateway(Path(sys.argv[2]).read_text(encoding="utf-8"))
uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
"""
PROFILED = """
import cProfile, pstats, signal, sys
profile = cProfile.Profile()
def stop(*_): raise SystemExit
signal.signal(signal.SIGTERM, stop)
profile.enable()
try:
    exec(compile(open(sys.argv[4]).read(), "serve", "exec"))
finally:
    profile.disable()
    with open(sys.argv[3], "w") as out: pstats.Stats(profile, stream=out).sort_stats("tottime").print_stats(45)
"""


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"nothing answers on port {port}")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(name: str, pid: int, port: int, request: bytes, expected: object, options: argparse.Namespace) -> bool:
    """Warm up, measure, print one line. False when an answer differs from the expected one."""
    asyncio.run(run(port, request, connections=options.connections, seconds=min(1.0, options.seconds)))
    before = cpu_seconds(pid)
    load = asyncio.run(run(port, request, connections=options.connections, seconds=options.seconds))
    spent = cpu_seconds(pid) - before
    wrong = [answer for answer in load.answers if json.loads(answer) != expected]
    if load.failed or wrong:
        print(f"{name}: {load.failed} requests failed, {len(wrong)} different answers are wrong")
        print((wrong or [b""])[0][:500].decode(errors="replace"))
        return False
    print(
        f"{name:8} {spent * 1000 / len(load.latencies):7.3f} ms CPU/request   {load.rate:7.0f} requests/s   "
        f"p50 {load.percentile(0.5):6.1f} ms   p99 {load.percentile(0.99):6.1f} ms   {resident_megabytes(pid):5.0f} MB   "
        f"({len(load.latencies)} requests)"
    )
    return True


def start(stack: ExitStack, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    process = subprocess.Popen([sys.executable, *arguments], env=environment)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="how long each query is measured")
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--shared", type=Path, default=HERE.parents[1] / "shared")
    parser.add_argument("--profile", action="store_true", help="print where the gateway spends its time (costs more)")
    options = parser.parse_args()
    folder = options.shared / "bench"
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stubs, port = free_port(), free_port()
        supergraph = (folder / "supergraph.graphql").read_text(encoding="utf-8")
        (scratch / "supergraph.graphql").write_text(supergraph.replace("http://0.0.0.0:4200", f"http://127.0.0.1:{stubs}"))
        (scratch / "serve.py").write_text(SERVE)
        start(stack, str(HERE / "stubs.py"), str(stubs), str(folder))
        arguments = [str(port), str(scratch / "supergraph.graphql"), str(scratch / "profile.txt"), str(scratch / "serve.py")]
        gateway = start(stack, "-c", PROFILED if options.profile else SERVE, *arguments)
        wait_until_open(stubs)
        wait_until_open(port)
        query = json.dumps({"query": (folder / "query.graphql").read_text(encoding="utf-8")}).encode()
        expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        small = (folder / "small.json").read_bytes()
        small_expected = json.loads((folder / "small.expected.json").read_text(encoding="utf-8"))
        good = measure("public", gateway.pid, port, request_bytes(query), expected, options)
        good &= measure("small", gateway.pid, port, request_bytes(small), small_expected, options)
        if options.profile:
            gateway.terminate()
            gateway.wait()
            print((scratch / "profile.txt").read_text())
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
