"""`scripts/services`: the servers of the tests."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

SERVICES = Path(__file__).resolve().parents[2] / "scripts" / "services"


def services(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAITE_")}
    return subprocess.run([SERVICES, *words], capture_output=True, text=True, check=False, env=clean | environment)


def test_an_unknown_name_is_refused_with_those_that_there_are():
    done = services("start", "oracle")
    assert done.returncode == 2
    assert "oracle is none of: postgresql keycloak" in done.stderr


def test_a_server_that_is_not_installed_says_how_to_install_it(tmp_path: Path):
    done = services("start", "mongodb", SAITE_SERVICES=str(tmp_path))
    assert done.returncode == 1
    assert "scripts/services install mongodb" in done.stderr
    assert "not installed" in services("status", "mongodb", SAITE_SERVICES=str(tmp_path)).stdout


def test_a_server_named_by_its_variable_is_used_and_not_started(tmp_path: Path):
    given = {"SAITE_TEST_MONGODB_URL": "mongodb://db.example:27017", "SAITE_SERVICES": str(tmp_path)}
    assert services("start", "mongodb", **given).returncode == 0
    assert services("env", "mongodb", **given).stdout == "export SAITE_TEST_MONGODB_URL=mongodb://db.example:27017\n"


def test_the_result_of_the_command_is_the_result_of_the_run(tmp_path: Path):
    assert services("run", "--", "sh", "-c", "exit 7", SAITE_SERVICES=str(tmp_path)).returncode == 7


def test_servers_are_not_stopped_under_a_test_run(tmp_path: Path):
    done = services("run", "--", SERVICES, "stop", SAITE_SERVICES=str(tmp_path))
    assert done.returncode == 1
    assert "tests are running" in done.stderr
    assert services("stop", SAITE_SERVICES=str(tmp_path)).returncode == 0


@pytest.fixture
def own_state() -> Iterator[str]:
    """A folder that a server's own user can pass, which pytest's are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        yield folder


@pytest.mark.slow
def test_a_server_that_a_run_started_ends_with_it(own_state: str, postgresql_url: str):
    if "not installed" in services("status", "postgresql").stdout:
        pytest.skip("the server behind SAITE_TEST_POSTGRESQL_URL is not ours")
    script = f'"{SERVICES}" start postgresql; "{SERVICES}" start postgresql; "{SERVICES}" env postgresql'
    done = services("run", "--", "sh", "-c", script, SAITE_SERVICES_STATE=own_state)
    assert done.returncode == 0, done.stderr
    address = urlsplit(done.stdout.strip().partition("=")[2])
    assert address.hostname is not None
    assert address.port != urlsplit(postgresql_url).port
    with socket.socket() as probe:
        assert probe.connect_ex((address.hostname, address.port)) != 0
