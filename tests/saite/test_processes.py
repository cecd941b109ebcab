"""What processes of several machines share is in the database that SAITE_STATE names, else in the data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from authz.aggregates import SqliteCountLedger
from authz.aggregates.ledger_postgresql import PostgresqlCountLedger
from authz.quotas import SqliteQuotaLedger
from authz.quotas.ledger_postgresql import PostgresqlQuotaLedger
from authz.signed_context import REPLAYABLE, SharedReplay
from authz.signed_context.replay_postgresql import PostgresqlReplay
from saite import processes
from saite.folder import DataFolder

HERE = (SqliteQuotaLedger, SharedReplay, SqliteCountLedger)
TOGETHER = (PostgresqlQuotaLedger, PostgresqlReplay, PostgresqlCountLedger)


@pytest.mark.parametrize(("named", "kinds"), [("", HERE), ("postgresql://127.0.0.1:1/x", TOGETHER)])
def test_shared_state_is_where_it_is_named(
    named: str, kinds: tuple[type, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAITE_STATE", named)
    folder = DataFolder(tmp_path)
    opened = (processes._quotas(folder), processes._replay(folder, "events", REPLAYABLE), processes._counts(folder, "events"))
    assert tuple(type(each) for each in opened) == kinds
    for each in opened:
        each.close()


def test_what_is_no_database_is_not_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAITE_STATE", "/var/lib/state.sqlite3")
    with pytest.raises(processes.UnusableState, match="names no database"):
        processes.shared_state()
