"""The verbs of messages and journals, from a journal's first line to a corrected message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from ingest.receiving.asyncapi import FILES
from saite.cli.main import app
from tests.ingest.receiving.conftest import message

SOURCES = "sources: [{id: pp-riga, agency: LV-PP-RIGA}]"


@pytest.fixture
def saite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.yaml").write_text(SOURCES)

    def run(*words: object, given: str | None = None) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], input=given)

    return run


def test_partners_get_the_schemas_and_the_page(saite: Any):
    assert saite("ingest", "schema").stdout == FILES["message.schema.json"]()
    assert saite("ingest", "schema", "--receipt").stdout == FILES["receipt.schema.json"]()
    assert saite("ingest", "asyncapi").stdout == FILES["asyncapi.yaml"]()


def test_a_message_in_quarantine_is_shown_corrected_and_replayed(saite: Any, tmp_path: Path):
    (tmp_path / "wrong.json").write_bytes(message("registerEvent", place={"atvk": "1"}))
    receipt = json.loads(saite("ingest", "take", "wrong.json", "--sources", "sources.yaml").stdout)
    entry = receipt["quarantineId"]
    (listed,) = json.loads(saite("quarantine", "list", "--format", "json", "--language", "lv").stdout)
    assert (listed["id"], listed["column"], listed["file"]) == (entry, "body.place.atvk", "pp-riga/pp-riga-1-0001")
    assert json.loads(json.loads(saite("quarantine", "show", entry).stdout)["body"])["kind"] == "registerEvent"
    corrected = saite("quarantine", "correct", entry, "--set", "body.place.atvk=0001000")
    assert corrected.stdout.startswith(f"{entry} is CORRECTED")
    assert json.loads(saite("quarantine", "replay", "--sources", "sources.yaml", "--format", "json").stdout) == {
        entry: "APPLIED"
    }
    assert saite("quarantine", "list").stdout == "The quarantine is empty.\n"
    assert saite("quarantine", "correct", entry, "--set", "body.unit=x").exit_code == 2


def test_what_is_not_in_the_quarantine_cannot_be_shown(saite: Any):
    assert saite("quarantine", "show", "qrn_0").exit_code == 1
    assert saite("quarantine", "list", "--state", "NO").exit_code == 2


def test_a_journal_tells_what_has_no_receipt_yet(saite: Any):
    line = json.dumps({"kind": "close", "sourceEventNo": "1", "body": {}})
    assert saite("journal", "add", "-", "--source", "pp-riga", given=f"{line}\n\n{line}\n").exit_code == 0
    told = saite("journal", "status", "--format", "json")
    assert (told.exit_code, json.loads(told.stdout)) == (1, {"UNSENT": 2})
    assert saite("journal", "add", "-", given='{"kind": "close"}').exit_code == 2
    assert saite("journal", "add", "-", "--source", "other", given=line).exit_code == 2
    assert saite("journal", "send", "--to", "ftp://x").exit_code == 2
