"""Real processes of the installed command, and one demo that all files of this folder ask."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SAITE = Path(sys.executable).parent / "saite"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/graphql")


@dataclass(frozen=True, slots=True)
class Running:
    """A process whose output goes into two files."""

    process: subprocess.Popen[bytes]
    stdout: Path
    stderr: Path

    def wait_for(self, text: str, seconds: float = 60) -> str:
        """What it printed until `text` was in it; fails when it ends before."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            printed = self.stdout.read_text()
            if text in printed:
                return printed
            if ended:
                break
            time.sleep(0.05)
        pytest.fail(f"{text!r} was not printed:\n{self.stdout.read_text()}\n{self.stderr.read_text()}")

    def address(self, text: str = "\n") -> str:
        """The GraphQL address that it printed first."""
        found = ADDRESS.search(self.wait_for(text))
        assert found is not None
        return found.group()

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@contextmanager
def started(words: Sequence[str | Path], folder: Path, **options: Any) -> Iterator[Running]:
    """A process that writes into `folder`; killed at the end if it still runs."""
    folder.mkdir(parents=True, exist_ok=True)
    stdout, stderr = folder / "stdout.txt", folder / "stderr.txt"
    with stdout.open("wb") as out, stderr.open("wb") as err:
        process = subprocess.Popen([str(word) for word in words], stdout=out, stderr=err, **options)
    try:
        yield Running(process, stdout, stderr)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


@dataclass(frozen=True, slots=True)
class Lines:
    """The two lines that the demo prints for one agency."""

    query: str
    curl: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The running demo (its second start), and how the first one was and ended."""

    data: Path
    url: str
    agencies: dict[str, Lines]
    printed: str
    first_printed: str
    first_complained: str
    first_exit: int

    def plate(self, printed: str) -> str:
        """The plate that the printed lines ask for."""
        return set(re.findall(r'"plate": "([^"]+)"', printed)).pop()


def lines_of(printed: str) -> dict[str, Lines]:
    """By agency, what stands below its heading."""
    blocks = re.findall(r"^# ([A-Z-]+): .*\n(.* query .*)\n(curl .*)$", printed, re.MULTILINE)
    return {agency: Lines(query, curl) for agency, query, curl in blocks}


@pytest.fixture(scope="package")  # it need not run beside other tests
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`saite demo` on a new folder, ended by Ctrl-C, and started again on the same folder."""
    root = tmp_path_factory.mktemp("demo")
    data = root / "data folder"  # a blank: what is printed has to be quoted
    words = [SAITE, "demo", "--port", "0", "--data", data, "--size", "tiny"]
    with started(words, root / "first") as first:
        first_printed = first.wait_for("Ctrl-C ends it.")
        first_exit = first.interrupt()
        complained = first.stderr.read_text()
    with started(words, root / "second") as second:
        printed = second.wait_for("Ctrl-C ends it.")
        yield Demo(data, second.address(), lines_of(printed), printed, first_printed, complained, first_exit)
        assert second.interrupt() == 0


def saite(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """One run of the command until its end."""
    return subprocess.run([str(SAITE), *map(str, words)], capture_output=True, text=True, timeout=60, check=False)


def ask(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Status and bytes of a POST."""
    sent = {"Content-Type": "application/json", "Accept": "application/json", **(headers or {})}
    request = urllib.request.Request(url, json.dumps(body).encode(), sent)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.fixture(scope="session")
def start() -> Callable[..., Any]:
    """`started`, for tests."""
    return started


@pytest.fixture(scope="session", name="saite")
def saite_fixture() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`saite`, for tests."""
    return saite


@pytest.fixture(scope="session", name="ask")
def ask_fixture() -> Callable[..., tuple[int, bytes]]:
    """`ask`, for tests."""
    return ask
