"""Contracts of a running installation: a gateway and a room as processes, a folder of signed contracts, and its changes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from authz.document import read_contract_text
from authz.signatures import party_key, sign_contract, with_signature
from saite.cli.token import issue
from saite.graph import shipped_contracts

SAITE = [sys.executable, "-m", "saite"]
ASKED = {"query": "{ events(first: 1) { nodes { kind status } } }"}
SECONDS = 6  # what is promised is two, on a machine that does nothing else


def signed(text: str, keys: Path) -> str:
    for role in ("data-owner", "data-consumer"):
        contract, findings = read_contract_text(text)
        assert contract is not None, findings
        party = contract.parties.provider.id if role == "data-owner" else contract.parties.consumer.id
        text = with_signature(text, contract.signatures, sign_contract(contract, role, party_key(keys, party)))
    return text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "contracts").mkdir()
    return tmp_path


def put(folder: Path, text: str) -> None:
    """A contract document laid into the folder, whole at once."""
    draft = folder / "draft"
    draft.write_text(text, encoding="utf-8")
    draft.replace(folder / "contracts" / "LV-STAT.yaml")


@pytest.mark.slow
def test_a_new_version_and_a_revocation_reach_every_process_by_themselves(folder, start, ask):
    data, keys = folder / "data", folder / "data" / "keys" / "parties"
    first = (shipped_contracts() / "LV-STAT.yaml").read_text(encoding="utf-8")
    second = first.replace("version: 1", "version: 2").replace("category, status}\n    - Place", "category}\n    - Place")
    assert second.count("category, status}") == first.count("category, status}") - 1
    put(folder, signed(first, keys))
    headers = {"Authorization": f"Bearer {issue(data, 'LV-STAT', 'test', 'STATISTICS', None)}"}
    with ExitStack() as running:
        options = ["--data", data, "--contracts", folder / "contracts"]
        room = running.enter_context(start([*SAITE, "serve", "subgraph", "events", *options], folder / "room"))
        words = [*SAITE, "serve", "gateway", "--port", "0", *options, "--route", f"events={room.address('answers at')}"]
        gateway = running.enter_context(start(words, folder / "gateway"))
        url = gateway.address("answers at")

        def answer() -> tuple[int, dict]:
            status, body = ask(url, ASKED, headers)
            return status, json.loads(body)

        def until(wanted) -> list[tuple[int, dict]]:
            """Every answer from now on, until the wanted one."""
            seen, deadline = [], time.monotonic() + SECONDS
            while not seen or not wanted(*seen[-1]):
                assert time.monotonic() < deadline, seen[-1]
                seen.append(answer())
            return seen

        assert "errors" not in answer()[1]

        put(folder, second)  # nobody signed it
        gateway_says = wait_for(lambda: alarms(data), "has not signed")
        assert "Version 1 of C-2026-005 stays in force" in gateway_says
        assert "errors" not in answer()[1]

        put(folder, signed(second, keys))
        seen = until(lambda _, body: "errors" in body)
        assert {status for status, _ in seen[:-1]} <= {200}, "nothing failed on the way"
        assert all("errors" not in body for _, body in seen[:-1])
        assert "status" in json.dumps(seen[-1][1]["errors"])
        assert "errors" not in json.loads(ask(url, {"query": "{ events(first: 1) { nodes { kind } } }"}, headers)[1])
        assert wait_for(lambda: alarms(data), None) == ""

        subprocess.run(
            [*SAITE, "contract", "revoke", "C-2026-005", "--reason", "a test", "--data", data], check=True, capture_output=True
        )
        seen = until(lambda status, _: status == 403)
        assert seen[-1][1]["errors"][0]["extensions"]["code"] == "CONTRACT_NOT_IN_FORCE"


def alarms(data: Path) -> str:
    """What `saite contract show` says on standard error."""
    ended = subprocess.run([*SAITE, "contract", "show", "--data", data], check=True, capture_output=True, text=True)
    return ended.stderr


def wait_for(say, text: str | None) -> str:
    deadline = time.monotonic() + SECONDS + 10  # a process reports every ten seconds, and when something changes
    while True:
        said = say()
        if (text is None and not said) or (text is not None and text in said):
            return said
        assert time.monotonic() < deadline, said


def test_unsigned_contracts_of_ones_own_are_not_served(folder, saite):
    put(folder, (shipped_contracts() / "LV-STAT.yaml").read_text(encoding="utf-8"))
    ended = saite("serve", "gateway", "--port", "0", "--data", folder / "data", "--contracts", folder / "contracts")
    assert ended.returncode == 2
    assert "LV-IC has not signed as data-owner" in ended.stderr
