"""What tests of rooms share: the shipped contracts, a gateway's signature, and rooms over fresh SQLite files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from graphql import build_schema

import authz
from authz.book import ContractBook
from authz.dependencies import dependencies_of
from authz.mask import Mask
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from kernel.clock import FixedClock
from schema import text
from subgraphs.room.guard import Guard
from tests.subgraphs.stores import databases, mongodb_address, open_store

__all__ = ["databases", "mongodb_address", "open_store"]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECRET = bytes(range(32))


@pytest.fixture(scope="session")
def book() -> ContractBook:
    folder = Path(authz.__file__).parent / "contracts"
    schema = build_schema(text("api"), assume_valid=True)
    return ContractBook.load(folder, schema, FixedClock(NOW), dependencies=dependencies_of(text("supergraph")))


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    ContextSigner.open(folder)
    return folder


@dataclass
class Answer:
    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def data(self) -> Any:
        assert "errors" not in self.json, self.json
        return self.json["data"]


@dataclass
class Room:
    name: str
    app: Any
    store: Any
    signer: ContextSigner
    book: ContractBook

    def mask(self, agency: str, purpose: str) -> Mask:
        compiled = self.book.of_agency(agency)
        assert compiled is not None
        return compiled.masks[purpose]

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        agency: str = "LV-PROK",
        purpose: str = "CRIMINAL_PROCEEDING",
        header: Callable[[bytes], str | None] | None = None,
    ) -> Answer:
        body = msgspec.json.encode({"query": query, "variables": variables or {}})
        mask = self.mask(agency, purpose)
        context = SignedContext("txn", agency, "user", mask.contract_id, mask.contract_version, mask.digest, purpose)
        value = header(body) if header is not None else self.signer.sign(context, self.name, body, NOW)
        return await send(self.app, "POST", "/graphql", body, {} if value is None else {"saite-context": value})


async def send(app: Any, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def collect(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, collect)
    return Answer(sent[0]["status"], sent[1]["body"])


OpenRoom = Callable[[str], Awaitable[Room]]


@pytest.fixture
async def open_room(tmp_path: Path, book: ContractBook, keys: Path) -> AsyncIterator[OpenRoom]:
    rooms: list[Room] = []

    async def opened(name: str) -> Room:
        clock = FixedClock(NOW)
        store = await import_module(f"subgraphs.{name}.store_sqlite").open_store(tmp_path / f"{name}.sqlite3", clock)
        guard = Guard(ContextVerifier.open(keys, name), book, clock)
        settings = import_module(f"subgraphs.{name}.settings").settings(SECRET)
        app = import_module(f"subgraphs.{name}.app").build_app(settings, store, guard)
        rooms.append(Room(name, app, store, ContextSigner.open(keys), book))
        return rooms[-1]

    yield opened
    for room in rooms:
        await room.store.close()
