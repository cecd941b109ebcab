"""The room of documents over MongoDB answers as it does over SQLite, cursors and row rules included."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from authz.book import ContractBook
from authz.signed_context import ContextSigner, ContextVerifier
from kernel.clock import FixedClock
from saite.folder import DataFolder
from saite.registers import UnknownStore, open_one, stores_named
from subgraphs.documents.app import build_app
from subgraphs.documents.enumerations import DocumentKind, DocumentStatus
from subgraphs.documents.settings import settings
from subgraphs.room.enumerations import Classification
from subgraphs.room.guard import Guard
from subgraphs.room.records import Involved
from tests.subgraphs.conftest import NOW, SECRET, OpenRoom, Room
from tests.subgraphs.samples import document, id_of

PAGE = """query($after: String) {
  documents(first: 4, after: $after, orderBy: [ISSUED_ON_DESC], where: { status: { in: [VALID, INVALID] },
            kind: { in: [PASSPORT, ID_CARD] }, issuedOn: { from: "2020-01-01" } }) {
    totalCount nodes { id number issuedOn status version history { version } } pageInfo { hasNextPage endCursor } } }"""
BY_NUMBER = """{ documentByNumber(kind: ID_CARD, number: "qv 0000003") { id kind } }"""
HELD = """query($r: [_Any!]!) { _entities(representations: $r) { ... on Person { documents { id number } } } }"""


def some_documents() -> list[Any]:
    return [
        document(
            number,
            kind=list(DocumentKind)[number % 2],
            status=list(DocumentStatus)[number % 4],
            issued_on=date(2019, 12, 30) + timedelta(days=number % 5),
            holder_id=id_of("per", number % 3),
            classification=list(Classification)[number % 5],
            involved=Involved(id_of("doc", number), ("0001000",), ("LV-PP-RIGA",)) if number % 2 else None,
        )
        for number in range(40)
    ]


async def answers(room: Room, agency: str, purpose: str) -> list[Any]:
    found: list[Any] = []
    after = None
    for _ in range(6):
        page = (await room.ask(PAGE, {"after": after}, agency=agency, purpose=purpose)).json
        cursor = page["data"]["documents"]["pageInfo"].pop("endCursor") if page.get("data") else None
        found.append(page)
        if cursor is None:
            break
        after = cursor
    held = {"r": [{"__typename": "Person", "ref": id_of("per", number)} for number in range(3)]}
    for query, values in ((BY_NUMBER, {}), (HELD, held)):
        found.append((await room.ask(query, values, agency=agency, purpose=purpose)).json)
    return found


async def test_the_room_answers_as_over_sqlite(
    open_room: OpenRoom, mongodb_address: str, book: ContractBook, keys: Path, tmp_path: Path
) -> None:
    embedded = await open_room("documents")
    clock = FixedClock(NOW)
    async with open_one(DataFolder(tmp_path), "documents", {"documents": mongodb_address}) as store:
        store._clock = clock
        guard = Guard(ContextVerifier.open(keys, "documents"), book, clock)
        room = Room("documents", build_app(settings(SECRET), store, guard), store, ContextSigner.open(keys), book)
        for each in (embedded, room):
            await each.store.put_many(some_documents())
        right = await answers(embedded, "LV-PROK", "CRIMINAL_PROCEEDING")
        assert await answers(room, "LV-PROK", "CRIMINAL_PROCEEDING") == right
        assert "data" in right[0], right[0]
        assert right[0]["data"]["documents"]["totalCount"] > 4
        assert right[-1]["data"]["_entities"][0]["documents"]


@pytest.mark.parametrize("room", ["events", "persons", "vehicles"])
async def test_no_other_room_is_kept_in_mongodb(room: str, tmp_path: Path) -> None:
    named = stores_named([f"{room}=mongodb://127.0.0.1:9/x"])
    with pytest.raises(UnknownStore, match=f"The register {room} cannot be kept in 'mongodb'"):
        async with open_one(DataFolder(tmp_path), room, named):
            pass
