"""Contracts of a database on the command line: published, shown, revoked; nothing of it lies in a data folder."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from saite.cli.contract import app
from saite.contracts import ContractSource, NoContracts, source_of
from saite.graph import shipped_contracts


@pytest.fixture
def database(postgresql_url: str) -> Iterator[str]:
    name = f"contracts_{secrets.token_hex(8)}"

    async def run(statement: str) -> None:
        connection = await asyncpg.connect(postgresql_url)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run(f"CREATE DATABASE {name}"))
    yield f"{postgresql_url.rpartition('/')[0]}/{name}"
    asyncio.run(run(f"DROP DATABASE {name} WITH (FORCE)"))


def invoke(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_database_holds_what_is_published_and_revoked(database: str, tmp_path: Path) -> None:
    data = ["--data", tmp_path / "data"]
    published = invoke("publish", shipped_contracts() / "LV-STAT.yaml", "--contracts", database, *data)
    assert (published.exit_code, "as number 1" in published.output) == (0, True)
    ended = invoke("revoke", "C-2026-005", "--reason", "a test", "--contracts", database, *data)
    assert (ended.exit_code, "number 2" in ended.output) == (0, True)
    shown = json.loads(invoke("show", "--contracts", database, "--format", "json", *data).stdout)
    assert [(each["agency"], each["state"]) for each in shown["contracts"]] == [("LV-STAT", "revoked")]
    assert [each["reason"] for each in shown["revocations"]] == ["a test"]
    assert not (tmp_path / "data").exists()


def test_what_is_named_for_contracts_is_a_folder_or_a_database(tmp_path: Path) -> None:
    assert source_of(None) == ContractSource()
    assert source_of(str(tmp_path)) == ContractSource(tmp_path)
    assert source_of("postgresql://db/saite", unsigned=True) == ContractSource(unsigned=True, store="postgresql://db/saite")
    with pytest.raises(NoContracts, match="There is no folder"):
        source_of(str(tmp_path / "nothing"))
