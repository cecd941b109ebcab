"""Ingestion while its processes are killed with -9: nothing lost, nothing doubled; a safeguard that is missing is found.

Small: workers and journals alone, on the tests' servers. `scripts/chaos` kills the broker and the database, too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parents[2]


def chaos(postgresql_url: str, rabbitmq_url: str, *options: str) -> tuple[int, dict[str, object]]:
    """How a run ended, and its report."""
    environment = {**os.environ, "SAITE_TEST_POSTGRESQL_URL": postgresql_url, "SAITE_TEST_RABBITMQ_URL": rabbitmq_url}
    command = [sys.executable, "-m", "bench.chaos", "--shared", *options]
    ended = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    assert ended.stdout, ended.stderr[-2000:]
    return ended.returncode, json.loads(ended.stdout)


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_and_nothing_doubled(postgresql_url: str, rabbitmq_url: str):
    code, report = chaos(postgresql_url, rabbitmq_url, "--registrations", "120", "--pause", "0.4")
    assert (code, report["examples"]) == (0, [])


@pytest.mark.slow
def test_a_safeguard_that_is_missing_is_found(postgresql_url: str, rabbitmq_url: str):
    options = ("--registrations", "40", "--pause", "3", "--quiet", "4", "--mutant", "no-inbox")
    code, report = chaos(postgresql_url, rabbitmq_url, *options)
    assert code == 1
    assert report["violations"] != 0
