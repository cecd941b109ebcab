"""The verbs of `saite audit` on a real log: what a gateway answered is verified, proven, replayed, reconciled and reported."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest
from typer.testing import CliRunner

from authz.break_glass import EmergencyLedger
from authz.identity import DevelopmentIssuer
from gateway.execution import AsgiTransport, SubgraphRequest
from kernel.clock import SystemClock
from saite.cli.main import app
from saite.folder import DataFolder
from saite.processes import embedded
from saite.registers import open_registers

QUERY = 'query Car { vehicleByPlate(plate: "QA-1234") { plate make } }'
CALLERS = (("LV-PROK", "CRIMINAL_PROCEEDING", "11-00012"), ("LV-VP", "EVENT_RESPONSE", None), ("LV-PROK", None, None))


@dataclass(frozen=True)
class Ended:
    returncode: int
    stdout: str
    stderr: str


def saite(*words):
    """One call of the command, in this process."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ended(result.exit_code, result.stdout, result.stderr)


async def _serve(folder: DataFolder) -> None:
    folder.prepare()
    issuer = DevelopmentIssuer(folder.keys, SystemClock())
    async with open_registers(folder) as registers:
        gateway = embedded(folder, registers)
        async with gateway.router.lifespan_context(gateway):
            client = AsgiTransport("gateway", gateway)
            for agency, purpose, case in CALLERS:
                token = issuer.issue(agency, "jana", purpose=purpose, case_ref=case)
                headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
                deadline = asyncio.get_running_loop().time() + 20
                await client.send(SubgraphRequest(msgspec.json.encode({"query": QUERY}), headers, deadline))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The data folder of an embedded gateway that answered two callers and refused one."""
    folder = DataFolder(tmp_path_factory.mktemp("audit") / "data")
    asyncio.run(_serve(folder))
    return folder.path


@pytest.fixture(scope="module")
def records(data):
    return json.loads(saite("audit", "tail", "--data", data, "--format", "json").stdout)


def test_the_log_is_whole_and_signed(data):
    found = json.loads(saite("audit", "verify", "--data", data, "--format", "json").stdout)
    assert (found["ok"], found["records"], found["unsigned"]) == (True, 3, {"gateway-1": 0})
    assert found["signedHeads"] >= 1
    assert "3 records" in saite("audit", "verify", "--data", data).stdout


def test_a_log_in_another_place_is_verified_with_the_public_keys_alone(data, tmp_path):
    shutil.copy(data / "audit.sqlite3", tmp_path / "copy.sqlite3")
    keys = data / "keys" / "audit-heads.public.jwks"
    ended = saite("audit", "verify", "--log", tmp_path / "copy.sqlite3", "--keys", keys, "--data", tmp_path / "none")
    assert (ended.returncode, "whole" in ended.stdout) == (0, True)
    other = data / "keys" / "gateway-context.public.jwks"
    ended = saite("audit", "verify", "--log", tmp_path / "copy.sqlite3", "--keys", other, "--data", tmp_path / "none")
    assert (ended.returncode, "forged" in ended.stderr) == (1, True)


def test_a_head_is_remembered_and_shows_what_was_cut_off(data, tmp_path):
    assert saite("audit", "head", "--data", data, "--out", tmp_path / "head.json").returncode == 0
    assert saite("audit", "verify", "--data", data, "--head", tmp_path / "head.json").returncode == 0
    shutil.copy(data / "audit.sqlite3", tmp_path / "cut.sqlite3")
    with closing(sqlite3.connect(tmp_path / "cut.sqlite3")) as log:
        log.executescript(
            "DROP TRIGGER record_is_never_deleted; DROP TRIGGER tree_head_is_never_deleted;"
            "DELETE FROM record WHERE seq = 3; DELETE FROM tree_head WHERE size = 3;"
        )
    cut = ("audit", "verify", "--log", tmp_path / "cut.sqlite3", "--data", data)
    assert saite(*cut).returncode == 0
    ended = saite(*cut, "--head", tmp_path / "head.json")
    assert (ended.returncode, "record 3" in ended.stderr) == (1, True)


def test_a_record_is_proven_to_somebody_without_the_log(data, records, tmp_path):
    proof = tmp_path / "proof.json"
    assert saite("audit", "prove", records[0]["id"], "--data", data, "--out", proof).returncode == 0
    keys = data / "keys" / "audit-heads.public.jwks"
    ended = saite("audit", "check", proof, "--keys", keys, "--data", tmp_path)
    assert (ended.returncode, records[0]["id"] in ended.stdout) == (0, True)
    proof.write_text(proof.read_text().replace("jana", "evil"))
    assert saite("audit", "check", proof, "--keys", keys, "--data", tmp_path).returncode == 1


def test_growth_is_proven_from_a_remembered_head(data, tmp_path):
    saite("audit", "head", "--data", data, "--out", tmp_path / "head.json")
    ended = saite("audit", "prove", "--since", tmp_path / "head.json", "--data", data, "--out", tmp_path / "proof.json")
    assert ended.returncode == 0, ended.stderr
    assert saite("audit", "check", tmp_path / "proof.json", "--data", data).returncode == 0


def test_every_decision_is_replayed_the_same_down_to_the_operation(data, records, tmp_path):
    (tmp_path / "query.graphql").write_text(QUERY)
    ended = saite("audit", "replay", "--document", tmp_path / "query.graphql", "--data", data, "--format", "json")
    assert [one["verdict"] for one in json.loads(ended.stdout)] == ["same"] * 3
    assert saite("audit", "replay", records[1]["id"], "--data", data).stdout.startswith("1 same")
    assert saite("audit", "replay", "aud_none", "--data", data).returncode == 2


def test_rooms_and_gateway_tell_the_same_until_one_of_them_is_cut(data, tmp_path):
    ended = saite("audit", "reconcile", "--settle", "0", "--data", data, "--format", "json")
    found = json.loads(ended.stdout)
    assert (ended.returncode, found["ok"], found["exchanges"], found["discrepancies"]) == (0, True, 2, [])
    shutil.copy(data / "audit-vehicles.sqlite3", tmp_path / "room.sqlite3")
    with closing(sqlite3.connect(tmp_path / "room.sqlite3")) as log:
        log.executescript("DROP TRIGGER record_is_never_deleted; DELETE FROM record WHERE seq = 2")
    ended = saite("audit", "reconcile", "--settle", "0", "--data", data, "--room", f"vehicles={tmp_path / 'room.sqlite3'}")
    assert (ended.returncode, "missing at the room" in ended.stdout) == (1, True)


@pytest.mark.parametrize("room", ["vehicles", "events"])
def test_every_rooms_own_log_is_whole(data, room):
    assert saite("audit", "verify", "--log", data / f"audit-{room}.sqlite3", "--data", data).returncode == 0


def test_reports_are_written_in_every_form_and_language(data, tmp_path):
    page = tmp_path / "report.html"
    assert (
        saite(
            "audit", "report", "--person", "309912-12345", "--lang", "lv", "--format", "html", "--out", page, "--data", data
        ).returncode
        == 0
    )
    assert "Kas ir skatījis manus datus" in page.read_text(encoding="utf-8")
    told = json.loads(saite("audit", "report", "--user", "jana", "--format", "json", "--data", data).stdout)
    assert len(told["sections"][0]["rows"]) == 3
    assert saite("audit", "report", "--user", "jana", "--format", "csv", "--data", data).stdout.startswith("\ufefftime,")
    assert "A sign is no proof" in saite("audit", "report", "--misuse", "--data", data).stdout


@pytest.mark.parametrize("words", [(), ("--misuse", "--user", "jana"), ("--person", "nobody")])
def test_a_report_about_nothing_or_two_things_is_refused(data, words):
    assert saite("audit", "report", *words, "--data", data).returncode == 2


@pytest.mark.parametrize("verb", ["tail", "verify", "head", "prove", "check", "replay", "reconcile", "report", "review"])
def test_the_help_of_every_verb_has_an_example(verb):
    ended = saite("audit", verb, "--help")
    assert (ended.returncode, "Example" in ended.stdout) == (0, True)


def test_an_emergency_is_reviewed_by_a_second_person_and_that_is_recorded(tmp_path):
    folder = DataFolder(tmp_path)
    folder.prepare()
    now = SystemClock().now()
    emergency, _ = EmergencyLedger(folder.emergencies).declare(
        "LV-VP", "anna", "C-1", "EVENT_RESPONSE", "a child is in danger", now, timedelta(hours=1)
    )
    assert emergency.id in saite("audit", "review", "--data", tmp_path).stdout
    words = ("audit", "review", emergency.id, "--verdict", "justified", "--note", "it was", "--data", tmp_path)
    assert saite(*words, "--by", "anna").returncode == 2
    assert saite(*words, "--by", "inga").returncode == 0
    assert json.loads(saite("audit", "review", "--data", tmp_path, "--format", "json").stdout) == []
    (record,) = json.loads(saite("audit", "tail", "--data", tmp_path, "--format", "json").stdout)
    assert (record["entry"]["kind"], record["entry"]["user"], record["entry"]["emergency"]) == ("review", "inga", emergency.id)
