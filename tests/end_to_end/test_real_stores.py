"""The demo's question over rooms that keep their registers in PostgreSQL and MongoDB: the answers are those of the demo."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import asyncpg
import pytest

from saite.cli.token import issue
from saite.seeding import invented_world
from saite.tour import LINKED
from subgraphs.room.world.showcase import showcase
from tests.subgraphs.stores import mongodb_address

SAITE = [sys.executable, "-m", "saite"]
KEPT = ("events", "persons", "vehicles")


__all__ = ["mongodb_address"]


@pytest.fixture
def stores(postgresql_url: str, mongodb_address: str) -> Iterator[dict[str, str]]:
    """A new database for each room, as the environment names them."""
    names = {room: f"saite_{room}_{secrets.token_hex(4)}" for room in KEPT}

    async def on_server(*statements: str) -> None:
        server = await asyncpg.connect(postgresql_url)
        for statement in statements:
            await server.execute(statement)
        await server.close()

    asyncio.run(on_server(*(f"CREATE DATABASE {name}" for name in names.values())))
    yield {
        f"SAITE_{room.upper()}_STORE": urlsplit(postgresql_url)._replace(path=f"/{name}").geturl()
        for room, name in names.items()
    } | {"SAITE_DOCUMENTS_STORE": mongodb_address}
    asyncio.run(on_server(*(f"DROP DATABASE {name} WITH (FORCE)" for name in names.values())))


@pytest.mark.slow
@pytest.mark.timeout(300)  # nine processes, one after the other
def test_rooms_on_postgresql_and_mongodb_answer_as_rooms_on_files_do(demo, start, ask, stores, tmp_path):
    data, environment = tmp_path / "data", {**os.environ, **stores}

    def saite(*words: str) -> str:
        ended = subprocess.run([*SAITE, *words], env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    assert saite("migrate").startswith("events: applied events_0001")
    seeded = json.loads(saite("seed", "--size", "tiny", "--data", str(data), "--format", "json"))
    assert all(seeded[room]["new"] > 300 for room in KEPT)
    standing = json.loads(saite("migrate", "--check", "--format", "json"))
    assert standing["events"]["strayRows"] == 0

    example = showcase(invented_world("tiny"))
    with ExitStack() as running:
        routes = []
        for room in (*KEPT, "documents"):
            words = [*SAITE, "serve", "subgraph", room, "--data", data, "--store", stores[f"SAITE_{room.upper()}_STORE"]]
            address = running.enter_context(start(words, tmp_path / room)).address("answers at")
            routes += ["--route", f"{room}={address}"]
        words = [*SAITE, "serve", "gateway", "--port", "0", "--data", data, *routes]
        url = running.enter_context(start(words, tmp_path / "gateway")).address("answers at")
        assert not list((data / "registers").glob("*"))
        for agency, purpose, case in (
            ("LV-PROK", "CRIMINAL_PROCEEDING", example.case_number),
            ("LV-OP-RIGA", "EVENT_RESPONSE", None),
        ):
            answers = []
            for folder, at in ((data, url), (demo.data, demo.url)):
                headers = {"Authorization": f"Bearer {issue(folder, agency, 'test', purpose, case)}"}
                status, body = ask(at, {"query": LINKED, "variables": {"plate": example.plate}}, headers)
                assert status == 200, body
                answers.append(json.loads(body)["data"])
            assert answers[0] == answers[1]
            assert answers[0]["vehicleByPlate"]["involvements"]["nodes"]
