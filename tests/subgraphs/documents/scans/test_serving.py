"""Scans in the graph, and their bytes by a ticket: who gets them, for how long, and how often."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pytest

from authz.audit import AuditLog
from authz.audit.served import RoomRecorder
from authz.book import ContractBook
from authz.rows import NO_ROW
from authz.signed_context import ContextSigner, ContextVerifier
from kernel.clock import FixedClock
from subgraphs.documents.app import build_app
from subgraphs.documents.enumerations import ScanKind
from subgraphs.documents.scans.files import FileScanStore
from subgraphs.documents.settings import settings
from subgraphs.documents.store_sqlite import open_store
from subgraphs.room.guard import Guard
from tests.subgraphs.conftest import NOW, SECRET, Answer, Room, send
from tests.subgraphs.samples import document

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
QUERY = """query ($id: ID!) { document(id: $id) {
  scans { id kind mediaType bytes sha256 pages addedAt download { path expiresAt } } } }"""


@dataclass
class Desk:
    room: Room
    clock: FixedClock
    scans: FileScanStore
    guard: Guard
    log: AuditLog
    document_id: str

    async def shown(self, **caller: str) -> list[dict[str, Any]]:
        answer = await self.room.ask(QUERY, {"id": self.document_id}, **caller)
        return answer.data["document"]["scans"]

    async def path(self) -> str:
        return (await self.shown())[0]["download"]["path"]

    async def get(self, path: str) -> Answer:
        return await send(self.room.app, "GET", path)


@pytest.fixture
async def desk(tmp_path: Path, book: ContractBook, keys: Path) -> AsyncIterator[Desk]:
    clock = FixedClock(NOW)
    scans = FileScanStore(tmp_path / "scans")
    store = await open_store(tmp_path / "documents.sqlite3", clock)
    scan = await scans.put(once(PDF), "application/pdf", 2)
    held = document(1, scans=(msgspec.structs.replace(scan, kind=ScanKind.WHOLE, added_at=NOW),))
    await store.put_many([held])
    log = AuditLog.open(tmp_path / "audit.sqlite3", clock, role="documents")
    guard = Guard(ContextVerifier.open(keys, "documents"), book, clock, RoomRecorder("documents", log))
    app = build_app(settings(SECRET), store, guard, scans)
    yield Desk(Room("documents", app, store, ContextSigner.open(keys), book), clock, scans, guard, log, held.id)
    await store.close()
    log.close()


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def test_who_may_see_scans_sees_them_and_gets_the_bytes_by_their_address(desk: Desk):
    (scan,) = await desk.shown()
    assert (scan["kind"], scan["mediaType"], scan["bytes"], scan["pages"]) == ("WHOLE", "application/pdf", len(PDF), 2)
    assert scan["download"]["expiresAt"] == "2026-11-23T12:01:00Z"
    given = await desk.get(scan["download"]["path"])
    assert (given.status, given.body) == (200, PDF)


async def test_what_is_given_is_recorded_under_the_request_that_asked(desk: Desk):
    await desk.get(await desk.path())
    asked, given = [record.entry for record in desk.log.tail(2)]
    assert (given.kind, given.request_id, given.agency) == ("served", asked.request_id, "LV-PROK")
    assert given.fetches[0].received == sha256(PDF).hexdigest()


async def test_an_address_is_good_once_and_for_a_minute(desk: Desk):
    path = await desk.path()
    assert (await desk.get(path)).status == 200
    assert (await desk.get(path)).status == 404
    late = await desk.path()
    desk.clock.advance(timedelta(seconds=60))
    assert (await desk.get(late)).status == 404


@pytest.mark.parametrize("path", ["/scans/", "/scans/x", "/scans/" + "A" * 300, "/scans/../graphql"])
async def test_what_is_no_ticket_gives_nothing(desk: Desk, path: str):
    given = await desk.get(path)
    assert (given.status, given.body) == (404, b"")


async def test_a_ticket_that_was_altered_is_none(desk: Desk):
    path = await desk.path()
    altered = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert (await desk.get(altered)).status == 404
    assert (await desk.get(path)).status == 200


async def test_only_get_is_served(desk: Desk):
    assert (await send(desk.room.app, "POST", await desk.path())).status == 405


@pytest.mark.parametrize(
    ("agency", "purpose"), [("LV-VP", "CRIMINAL_PROCEEDING"), ("LV-PP-RIGA", "EVENT_RESPONSE"), ("LV-STAT", "STATISTICS")]
)
async def test_who_has_no_grant_is_refused_by_the_room_too(desk: Desk, agency: str, purpose: str):
    answer = await desk.room.ask(QUERY, {"id": desk.document_id}, agency=agency, purpose=purpose)
    assert answer.status in {400, 403}  # not in its view of the graph, or in it and not granted
    assert b"/scans/" not in answer.body


async def test_a_ticket_shows_no_more_than_its_caller_may_see_when_it_is_used(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    hidden, ungranted = await desk.path(), await desk.path()
    readmit = desk.guard.readmit

    def blind(*call: Any) -> Any:
        return replace(readmit(*call), rows=MappingProxyType({"Document": NO_ROW}))

    monkeypatch.setattr(Guard, "readmit", lambda _, *call: blind(*call))
    assert (await desk.get(hidden)).status == 404

    def withdrawn(*call: Any) -> Any:
        mask = readmit(*call)
        return replace(mask, read=mask.read - {"Scan.download"})

    monkeypatch.setattr(Guard, "readmit", lambda _, *call: withdrawn(*call))
    assert (await desk.get(ungranted)).status == 404


async def test_a_scan_that_the_document_lost_is_not_given(desk: Desk):
    path = await desk.path()
    await desk.room.store.put_many([document(1)])
    assert (await desk.get(path)).status == 404


async def test_bytes_that_are_not_those_that_were_put_are_not_given(desk: Desk, tmp_path: Path):
    path = await desk.path()
    (file,) = [found for found in (tmp_path / "scans").rglob("scn_*") if found.is_file()]
    file.chmod(0o600)
    file.write_bytes(PDF[:-1] + b"!")
    given = await desk.get(path)
    assert (given.status, given.body) == (500, b"")
