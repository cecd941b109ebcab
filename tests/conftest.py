"""What every test may use: the folder with the shared conformance data and real registers, and real servers.

A server's fixture gives its address: of `SAITE_TEST_…_URL` when that is set, else of a server that `scripts/services` runs.
Servers are shared by all tests that run: make your own database, realm, queue or index under a random name, and remove it.
Without the server a test is skipped with the reason; with `SAITE_REQUIRE_SERVICES=1`, as in CI, it fails.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("saite", deadline=None)  # a machine that is busy fails no test
settings.load_profile("saite")

SERVICES = Path(__file__).resolve().parents[1] / "scripts" / "services"


@pytest.hookimpl(trylast=True)  # after the files were shuffled
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test come first: begun at the end, one of them would keep one process busy and the others waiting.

    Before them all come those that run the whole of Saite, so that its process ends early.
    """
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: ("end_to_end" not in item.path.parts, item.path not in slow))


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """A command that a test runs in this process says where its log goes, and how much of it; other tests read logs, too."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder `shared` beside the checkout (or `$SAITE_SHARED`): corpora and real registers.

    Without it a test is skipped; with `SAITE_REQUIRE_SHARED=1`, as in CI, it fails.
    """
    folder = Path(os.environ.get("SAITE_SHARED") or Path(__file__).resolve().parents[2] / "shared")
    if folder.is_dir():
        return folder
    reason = "the shared corpora are not here: put them beside the checkout as `shared` or name their folder in SAITE_SHARED"
    if os.environ.get("SAITE_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _server(name: str) -> str:
    variable = f"SAITE_TEST_{name.upper()}_URL"
    if variable in os.environ:
        return os.environ[variable]
    started = subprocess.run([SERVICES, "start", name], capture_output=True, text=True, check=False)
    given = subprocess.run([SERVICES, "env", name], capture_output=True, text=True, check=False).stdout
    found = re.search(rf"^export {variable}=(.*)$", given, re.MULTILINE)
    if found is not None:
        return found[1].replace("\\", "")
    reason = started.stderr.strip() or f"{name} did not start"
    if os.environ.get("SAITE_REQUIRE_SERVICES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_url() -> str:
    """`postgresql://USER@HOST:PORT/DATABASE`, of a user who may create databases."""
    return _server("postgresql")


@pytest.fixture(scope="session")
def keycloak_url() -> str:
    """`http://ADMINISTRATOR:PASSWORD@HOST:PORT`: make a realm of your own."""
    return _server("keycloak")


@pytest.fixture(scope="session")
def rabbitmq_url() -> str:
    """`amqp://USER:PASSWORD@HOST:PORT/`."""
    return _server("rabbitmq")


@pytest.fixture(scope="session")
def mongodb_url() -> str:
    """`mongodb://HOST:PORT`: in memory, without transactions, `$text` and geo queries, unless the variable names another."""
    return _server("mongodb")


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """`http://HOST:PORT`, without a password."""
    return _server("elasticsearch")
