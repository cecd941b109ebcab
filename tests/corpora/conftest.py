"""Running the shared corpora: their subgraphs as a process of their own, gateways as real HTTP servers."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from gateway.composition import Composed, compose
from gateway.schema import read_subgraph
from gateway.server import build_open_gateway


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def audit_subgraphs(shared: Path) -> Iterator[str]:
    """The address under which every suite's subgraphs are served."""
    port = free_port()
    command = [sys.executable, str(shared / "corpora/tools/serve_subgraphs.py"), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith(b"ready")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


class GatewayServer:
    """uvicorn in a thread of its own, on a free port."""

    def __init__(self, supergraph: str) -> None:
        self.port = free_port()
        config = uvicorn.Config(build_open_gateway(supergraph), port=self.port, log_level="error", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 10
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert self._server.started

    def _run(self) -> None:
        asyncio.run(self._server.serve())

    def ask(self, query: str) -> dict[str, Any]:
        body = json.dumps({"query": query}).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/graphql", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                content = response.read()
        except urllib.error.HTTPError as refusal:
            content = refusal.read()
        answer: dict[str, Any] = json.loads(content)
        return answer

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)


def given_supergraph(folder: Path) -> str:
    """The supergraph that the corpus has for a suite."""
    return (folder / "supergraph.graphql").read_text(encoding="utf-8")


def own_supergraph(folder: Path) -> str:
    """Our composition of a suite's subgraphs."""
    subgraphs = json.loads((folder / "subgraphs.json").read_text(encoding="utf-8"))
    outcome = compose(
        [read_subgraph(one["name"], (folder / one["sdl_file"]).read_text(encoding="utf-8"), one["url"]) for one in subgraphs]
    )
    assert isinstance(outcome, Composed), f"{folder.name} does not compose: {outcome}"
    return outcome.supergraph_sdl


SUPERGRAPHS = {"given": given_supergraph, "own": own_supergraph}


@pytest.fixture(scope="session")
def gateway_for(shared: Path, audit_subgraphs: str) -> Iterator[Callable[[str, str], GatewayServer]]:
    """suite, `given` or `own` supergraph → a running gateway over it; one of each per suite, kept for the session."""
    servers: dict[tuple[str, str], GatewayServer] = {}

    def gateway(suite: str, composer: str) -> GatewayServer:
        if (suite, composer) not in servers:
            sdl = SUPERGRAPHS[composer](shared / "corpora/audit" / suite)
            servers[suite, composer] = GatewayServer(sdl.replace("http://127.0.0.1:4200", audit_subgraphs))
        return servers[suite, composer]

    yield gateway
    for server in servers.values():
        server.stop()
