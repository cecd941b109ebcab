"""A scan's way through the gateway: added by an operator, found by a query, downloaded once, refused to others."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from typer.testing import CliRunner

from saite.cli.main import app as command
from saite.cli.token import issue
from saite.folder import DataFolder
from saite.listen import claim, serve
from saite.processes import embedded
from saite.registers import open_one, open_registers
from saite.scanning import route_over
from tests.subgraphs.samples import document, id_of

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
QUERY = "query ($id: ID!) { document(id: $id) { scans { mediaType sha256 download { path } } } }"


def add(folder: DataFolder, file: Path, document_id: str = id_of("doc", 1)) -> Any:
    return CliRunner().invoke(command, ["scan", "add", document_id, str(file), "--data", str(folder.path), "--format", "json"])


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()

    async def write() -> None:
        async with open_one(made, "documents") as store:
            await store.put_many([document(1)])

    asyncio.run(write())
    (tmp_path / "scan.pdf").write_bytes(PDF)
    return made


async def call(application: Any, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 4000),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def collect(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, collect)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:])


async def asked(application: Any, folder: DataFolder, agency: str) -> tuple[int, dict[str, Any]]:
    token = issue(folder.path, agency, "inspector", "CRIMINAL_PROCEEDING", "11-00012")
    body = json.dumps({"query": QUERY, "variables": {"id": id_of("doc", 1)}}).encode()
    said = {"authorization": f"Bearer {token}", "content_type": "application/json", "accept": "application/json"}
    status, answer = await call(application, "POST", "/graphql", body, **said)
    return status, json.loads(answer)


def test_a_file_that_is_no_scan_or_of_no_document_leaves_nothing(folder: DataFolder, tmp_path: Path):
    (tmp_path / "wrong.pdf").write_bytes(b"<html>")
    assert "SCAN_REFUSED" in add(folder, tmp_path / "wrong.pdf").output
    assert "NO_SUCH_DOCUMENT" in add(folder, tmp_path / "scan.pdf", id_of("doc", 2)).output
    (tmp_path / "scan.exe").write_bytes(PDF)
    assert add(folder, tmp_path / "scan.exe").exit_code == 2
    assert not [file for file in (folder.path / "scans").rglob("*") if file.is_file()]


async def test_who_is_granted_it_downloads_a_scan_once_through_the_gateway(folder: DataFolder, tmp_path: Path):
    added = await asyncio.to_thread(add, folder, tmp_path / "scan.pdf")
    assert added.exit_code == 0
    async with open_registers(folder) as registers:
        gateway = embedded(folder, registers)
        _, answer = await asked(gateway, folder, "LV-PROK")
        (scan,) = answer["data"]["document"]["scans"]
        assert scan["sha256"] == json.loads(added.stdout)["sha256"]
        path = scan["download"]["path"]
        assert await call(gateway, "GET", path) == (200, PDF)
        assert await call(gateway, "GET", path) == (404, b"")
        _, refused = await asked(gateway, folder, "LV-VP")
        assert "/scans/" not in json.dumps(refused)
        # the same room behind another process of the gateway
        claimed = claim("127.0.0.1", 0)
        ready = asyncio.Event()
        serving = asyncio.create_task(serve(gateway, claimed, ready.set))
        await ready.wait()
        host, port = claimed.getsockname()
        forwarding = Starlette(routes=[route_over(f"http://{host}:{port}/graphql")])
        _, answer = await asked(gateway, folder, "LV-PROK")
        path = answer["data"]["document"]["scans"][0]["download"]["path"]
        assert await call(forwarding, "GET", path) == (200, PDF)
        assert (await call(forwarding, "GET", path))[0] == 404
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
        assert (await call(forwarding, "GET", path))[0] == 502
