"""The page *Find the first stage that goes wrong* is true: its files are written, its commands run, their output compared."""

from __future__ import annotations

import json
import re
import shlex
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner

from saite.cli.main import app

PAGE = Path(__file__).resolve().parents[4] / "docs" / "find-the-first-stage-that-goes-wrong.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANSWERS = {
    "/products": {"products": [{"__typename": "Product", "id": "1", "name": "Table"}]},
    "/inventory": {"_entities": [{"shipping": 0}]},
}


class _Shop(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        body = json.dumps({"data": ANSWERS[self.path]}).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def shop() -> Iterator[list[str]]:
    """The words that lead `saite dev execute` to the shop's subgraphs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Shop)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield [word for path in ANSWERS for word in ("--url", f"{path[1:]}=http://127.0.0.1:{server.server_port}{path}")]
    server.shutdown()
    server.server_close()
    thread.join()


def same(text: str) -> str:
    return re.sub(r"\d+ ms", "N ms", text).strip()


def test_every_command_of_the_page_prints_what_the_page_says(tmp_path, monkeypatch, shop):
    monkeypatch.chdir(tmp_path)
    commands = 0
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        first, _, rest = text.partition("\n")
        if language in ("graphql", "yaml"):
            (tmp_path / first.removeprefix("# ")).write_text(rest)
            continue
        words = shlex.split(first.removeprefix("$ saite "))
        ended = CliRunner().invoke(app, words + (shop if "execute" in words else []))
        assert ended.exit_code == 0, ended.output
        assert same(ended.stdout) == same(rest), first
        commands += 1
    assert commands == 5
