"""What the verbs of `saite contract` print, held against golden files. `UPDATE_GOLDEN=1` writes them: read the difference."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from authz.audit import AuditEntry, AuditLog
from saite.cli.contract import app

GOLDEN = Path(__file__).parent / "golden"
CASES: dict[str, tuple[int, tuple[str, ...]]] = {
    "lint": (1, ("lint", "v1.yaml", "wrong.yaml", "failing.yaml", "--on", "2026-06-01")),
    "test": (0, ("test", "v1.yaml")),
    "test_failing": (1, ("test", "failing.yaml")),
    "diff": (0, ("diff", "v1.yaml", "v2.yaml")),
    "diff_gate": (1, ("diff", "v1.yaml", "v2.yaml", "--fail-on-widening")),
    "diff_same": (0, ("diff", "v1.yaml", "v1.yaml", "--fail-on-widening")),
    "why_yes": (0, ("why", "v1.yaml", "read", "Event.registrationNumber", "--purpose", "ADMIN_PROCEEDING")),
    "why_no": (1, ("why", "v1.yaml", "read", "Event.persons")),
    "why_filter": (0, ("why", "v1.yaml", "filter", "Event.kind", "--purpose", "EVENT_RESPONSE")),
    "matrix": (0, ("matrix", "v1.yaml")),
    "show": (0, ("show", "v1.yaml", "--purpose", "ADMIN_PROCEEDING")),
    "simulate": (1, ("simulate", "v2.yaml", "--against", "v1.yaml", "--operations", "queries")),
    "verify": (1, ("verify", "v1.yaml", "--keys", "none")),
}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(GOLDEN)

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return invoke


@pytest.mark.parametrize("name", CASES)
def test_the_output_is_the_golden_one(run, name: str) -> None:
    code, words = CASES[name]
    ended = run(*words)
    path = GOLDEN / f"{name}.txt"
    said = f"$ saite contract {' '.join(words)}\n{ended.output}\n{ended.exit_code}\n"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(said, encoding="utf-8")
    assert ended.exit_code == code, ended.output
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["lint", "test", "diff", "why_no", "matrix", "show", "simulate", "verify"])
def test_json_is_json_and_the_exit_code_is_the_same(run, name: str) -> None:
    code, words = CASES[name]
    ended = run(*words, "--format", "json")
    assert ended.exit_code == code
    assert json.loads(ended.stdout)


@pytest.mark.parametrize(
    "words",
    [
        ("why", "v1.yaml", "see", "Event.kind"),
        ("why", "v1.yaml", "read", "Event.kind", "--purpose", "NONE"),
        ("matrix", "missing.yaml"),
        ("simulate", "v1.yaml", "--against", "v1.yaml", "--operations", "."),
        ("diff", "v1.yaml"),
        ("sign", "v1.yaml", "--as", "LV-VP", "--keys", "none"),
    ],
)
def test_what_cannot_be_tried_is_exit_code_2(run, words: tuple[str, ...], tmp_path: Path) -> None:
    words = tuple(str(tmp_path) if word == "." else word for word in words)
    assert run(*words).exit_code == 2


def test_a_contract_from_draft_to_signed(run, tmp_path: Path) -> None:
    draft, keys = tmp_path / "drafts" / "hm.yaml", tmp_path / "keys"
    assert run("new", "--agency", "LV-HM", "--name", "Ostas kapteinis", "--output", draft).exit_code == 0
    assert (draft.parent / "contract.schema.json").is_file()
    assert run("new", "--agency", "LV-HM", "--name", "Ostas kapteinis", "--output", draft).exit_code == 2
    assert run("lint", draft, "--strict").exit_code == 0
    assert run("test", draft).exit_code == 0
    assert run("verify", draft, "--keys", keys).exit_code == 1
    for party in ("LV-IC", "LV-HM"):
        assert run("sign", draft, "--as", party, "--keys", keys).exit_code == 0
    assert run("verify", draft, "--keys", keys).exit_code == 0
    draft.write_text(draft.read_text().replace("min_cell: 5", "min_cell: 4"))
    ended = run("verify", draft, "--keys", keys, "--format", "json")
    assert ended.exit_code == 1
    assert [checked["holds"] for checked in json.loads(ended.stdout)] == [False, False]


def test_the_matrix_is_written_as_one_page(run, tmp_path: Path) -> None:
    assert run("matrix", "v1.yaml", "--html", tmp_path / "m.html").exit_code == 0
    assert "C-2026-900 version 1" in (tmp_path / "m.html").read_text()


def test_published_and_revoked_contracts_are_known_to_the_store(run, tmp_path: Path) -> None:
    from authz.book import SqliteContracts

    assert run("publish", "failing.yaml", "--data", tmp_path).exit_code == 1
    assert run("publish", "v1.yaml", "--data", tmp_path).exit_code == 0
    assert run("revoke", "C-2026-002", "--version", "1", "--reason", "a test", "--data", tmp_path).exit_code == 0
    store = SqliteContracts(tmp_path / "contracts.sqlite3")
    assert store.number() == 2
    assert [document.name for document in store.documents()] == ["v1.yaml"]
    assert [(r.contract_id, r.version, r.reason) for r in store.revocations()] == [("C-2026-002", 1, "a test")]
    store.close()
    shown = json.loads(run("show", "--data", tmp_path, "--format", "json").stdout)
    states = {contract["agency"]: contract["state"] for contract in shown["contracts"]}
    assert states["LV-VP"] == "revoked" != states["LV-STAT"]


def test_every_verb_has_an_example_in_its_help(run) -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert "Example: `saite contract" in (command.callback.__doc__ or ""), command.name


async def test_a_draft_is_held_against_the_records_of_the_audit_log(run, tmp_path: Path) -> None:
    log = AuditLog.open(tmp_path / "audit.sqlite3")
    used = {"resources": frozenset(("Event.kind", "Event.registrationNumber")), "filters": frozenset(("Event.kind:in",))}
    record = await log.append(
        AuditEntry(
            kind="consultation", request_id="r1", agency="LV-HM", user="u", status="ok", purpose="ADMIN_PROCEEDING", **used
        )
    )
    await asyncio.to_thread(log.close)
    ended = run("simulate", "v2.yaml", "--data", tmp_path, "--format", "json")
    assert ended.exit_code == 1
    told = json.loads(ended.stdout)
    assert told["tried"] == 1
    assert [(d["name"], d["sentence"]) for d in told["differences"]] == [(record, "would be refused for filter Event.kind:in")]
    assert json.loads(run("simulate", "v1.yaml", "--data", tmp_path, "--format", "json").stdout)["differences"] == []
