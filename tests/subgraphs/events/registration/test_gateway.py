"""Registration through the embedded gateway: rights, audit, and a process that is killed between commit and answer."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from authz.audit.reader import tail
from authz.identity import DevelopmentIssuer
from gateway.execution import AsgiTransport, SubgraphRequest
from kernel.clock import SystemClock
from saite.folder import DataFolder
from saite.processes import embedded
from saite.registers import open_registers

PAYLOAD = "{ version event { id version status registrationNumber } userErrors { code currentVersion possible } }"
NEW = {
    "idempotencyKey": "journal-0001",
    "unit": "2. nodaļa",
    "kind": "ADMINISTRATIVE_VIOLATION",
    "place": {"atvk": "0001000"},
    "submission": {"receiptForm": "ORAL", "channel": "CALL_110", "receivedAt": "2026-01-01T11:50:00Z"},
}
REGISTER = f"mutation Register($input: RegisterEventInput!) {{ registerEvent(input: $input) {PAYLOAD} }}"
_KILLED = """
import asyncio, json, os, signal, sys
from pathlib import Path
from gateway.execution import AsgiTransport, SubgraphRequest
from saite.folder import DataFolder
from saite.processes import embedded
from saite.registers import open_registers
from subgraphs.events.registration.writing import SqlRegistration

real = SqlRegistration.register

async def killed(self, *arguments):
    await real(self, *arguments)
    os.kill(os.getpid(), signal.SIGKILL)

SqlRegistration.register = killed

async def main():
    folder = DataFolder(Path(sys.argv[1]))
    async with open_registers(folder) as registers:
        gateway = embedded(folder, registers)
        async with gateway.router.lifespan_context(gateway):
            headers = {"authorization": f"Bearer {sys.argv[2]}", "content-type": "application/json"}
            deadline = asyncio.get_running_loop().time() + 20
            await AsgiTransport("gateway", gateway).send(SubgraphRequest(sys.argv[3].encode(), headers, deadline))

asyncio.run(main())
"""


class Caller:
    """Somebody of an agency at the gateway."""

    def __init__(self, client: AsgiTransport, token: str) -> None:
        self._client = client
        self._headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    async def send(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        body = msgspec.json.encode({"query": query, "variables": variables})
        deadline = asyncio.get_running_loop().time() + 20
        answer = await self._client.send(SubgraphRequest(body, self._headers, deadline))
        found: dict[str, Any] = json.loads(answer.body)
        return found

    async def do(self, name: str, kind: str, event: dict[str, Any], key: str, /, **given: Any) -> dict[str, Any]:
        whole = {"idempotencyKey": key, "eventId": event["id"], "expectedVersion": event["version"], **given}
        answer = await self.send(f"mutation ($input: {kind}!) {{ {name}(input: $input) {PAYLOAD} }}", {"input": whole})
        found: dict[str, Any] = answer["data"][name]
        return found


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


def token_of(folder: DataFolder, agency: str, purpose: str) -> str:
    return DevelopmentIssuer(folder.keys, SystemClock()).issue(agency, "jana", purpose=purpose)


@asynccontextmanager
async def gateway_over(folder: DataFolder) -> AsyncIterator[AsgiTransport]:
    async with open_registers(folder) as registers:
        gateway = embedded(folder, registers)
        async with gateway.router.lifespan_context(gateway):
            yield AsgiTransport("gateway", gateway)


async def test_an_event_is_handled_from_registration_to_its_end_and_each_step_is_recorded(folder):
    async with gateway_over(folder) as gateway:
        riga = Caller(gateway, token_of(folder, "LV-PP-RIGA", "EVENT_RESPONSE"))
        begun = (await riga.send(REGISTER, {"input": NEW}))["data"]["registerEvent"]
        now = begun["event"]
        assert begun["userErrors"] == []
        assert (now["version"], now["status"]) == (1, "REGISTERED")
        sent = await riga.do("dispatch", "DispatchInput", now, "journal-0002", crew="R-1")
        stale = await riga.do("assign", "AssignInput", now, "journal-0003", unit="A")
        assert [(one["code"], one["currentVersion"]) for one in stale["userErrors"]] == [("CONFLICT", 2)]
        assert await riga.do("dispatch", "DispatchInput", now, "journal-0002", crew="R-1") == sent
        there = await riga.do("recordArrival", "RecordArrivalInput", sent["event"], "journal-0004", crew="R-1")
        early = await riga.do("close", "CloseInput", there["event"], "journal-0005")
        assert early["userErrors"][0]["code"] == "WRONG_STATUS"
        assert "recordDecision" in early["userErrors"][0]["possible"]
        done = await riga.do("recordDecision", "RecordDecisionInput", there["event"], "journal-0006", kind="VERBAL_WARNING")
        ended = await riga.do("close", "CloseInput", done["event"], "journal-0007")
        assert (ended["event"]["status"], ended["version"]) == ("CLOSED", 5)
        other = Caller(gateway, token_of(folder, "LV-VP", "EVENT_RESPONSE"))
        theirs = await other.do("reopen", "ReasonInput", ended["event"], "journal-0001", reason="x")
        assert [one["code"] for one in theirs["userErrors"]] == ["NOT_YOUR_EVENT"]
    records = tail(folder.audit, 100)
    statuses = [record.entry.status for record in records if record.entry.agency == "LV-PP-RIGA"]
    assert statuses == ["intended", "ok"] * 8
    with closing(sqlite3.connect(folder.register("events"))) as register:
        marks = {txn for (txn,) in register.execute("SELECT txn FROM event_change")}
    assert len(marks) == 5
    assert marks <= {record.entry.request_id for record in records}


@pytest.mark.parametrize(
    ("agency", "purpose"), [("LV-PP-RIGA", "IDENTITY_CHECK"), ("LV-STAT", "STATISTICS"), ("LV-OP-RIGA", "IDENTITY_CHECK")]
)
async def test_who_has_no_grant_does_not_know_of_mutations_and_changes_nothing(folder, agency, purpose):
    async with gateway_over(folder) as gateway:
        answer = await Caller(gateway, token_of(folder, agency, purpose)).send(REGISTER, {"input": NEW})
    assert "errors" in answer
    assert not answer.get("data")
    with closing(sqlite3.connect(folder.register("events"))) as register:
        assert register.execute("SELECT count(*) FROM event").fetchone() == (0,)


async def test_killed_between_commit_and_answer_the_retry_gives_the_answer_that_was_lost(folder):
    token = token_of(folder, "LV-PP-RIGA", "EVENT_RESPONSE")
    body = json.dumps({"query": REGISTER, "variables": {"input": NEW}})
    words = [sys.executable, "-c", _KILLED, str(folder.path), token, body]
    ended = await asyncio.to_thread(subprocess.run, words, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    with closing(sqlite3.connect(folder.register("events"))) as register:
        ((lost,),) = register.execute("SELECT id FROM event").fetchall()
    async with gateway_over(folder) as gateway:
        riga = Caller(gateway, token)
        first = (await riga.send(REGISTER, {"input": NEW}))["data"]
        again = (await riga.send(REGISTER, {"input": NEW}))["data"]
    assert first == again
    assert first["registerEvent"] == {
        "version": 1,
        "event": {
            "id": lost,
            "version": 1,
            "status": "REGISTERED",
            "registrationNumber": first["registerEvent"]["event"]["registrationNumber"],
        },
        "userErrors": [],
    }
    assert first["registerEvent"]["event"]["registrationNumber"].endswith("-000001")
    with closing(sqlite3.connect(folder.register("events"))) as register:
        counts = [
            register.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("event", "event_change", "change")
        ]
    assert counts == [1, 1, 1]
