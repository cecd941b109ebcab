"""The whole platform in one process for attacks: gateway and four rooms over real stores, contracts that can be exchanged.

In: a folder, records. Out: a `Town` that can be asked as a client asks (POST, GET) and as somebody asks who reached a room.
Time stands still, and what is sent to the rooms is kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from authz.audit import AuditLog, VariableSeal
from authz.book import ContractBook
from authz.identity import DevelopmentIssuer, development_validator
from authz.mask import Mask
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from gateway.access import ContractGate
from gateway.execution import AsgiTransport, SubgraphAnswer, SubgraphRequest
from gateway.pipeline import Pipeline
from gateway.server.endpoint import GraphQLEndpoint
from gateway.server.settings import ServerSettings
from ingest.registers import Registers
from kernel.clock import FixedClock
from saite.folder import DataFolder
from saite.graph import shipped_graph
from saite.searching import open_index, sources_of
from search.index import SearchIndex
from search.indexing import rebuild
from subgraphs.room.guard import Guard

NOW: Final = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ROOMS: Final = ("events", "persons", "vehicles", "documents")
SECRET: Final = bytes(range(32))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back over HTTP."""

    status: int
    body: bytes
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def data(self) -> Any:
        assert "errors" not in self.json, self.json["errors"]
        return self.json["data"]

    @property
    def codes(self) -> list[str]:
        return [error["extensions"]["code"] for error in self.json.get("errors", ())]


@dataclass
class Books:
    """The contracts in force, exchangeable; gateway and rooms may hold different ones."""

    current: ContractBook


@dataclass
class Spy:
    """A transport that keeps what went to the room and what came back."""

    inner: AsgiTransport
    sent: list[SubgraphRequest] = field(default_factory=list)
    came: list[SubgraphAnswer] = field(default_factory=list)

    async def send(self, request: SubgraphRequest) -> SubgraphAnswer:
        self.sent.append(request)
        answer = await self.inner.send(request)
        self.came.append(answer)
        return answer

    async def close(self) -> None:
        await self.inner.close()


@dataclass
class Town:
    """`agency` and `purpose` are asked for where nothing else is said."""

    folder: Path
    gate: GraphQLEndpoint
    pipeline: Pipeline
    rooms: dict[str, Any]
    stores: dict[str, Any]
    spies: dict[str, Spy]
    books: Books
    room_books: Books
    log: AuditLog
    issuer: DevelopmentIssuer
    signer: ContextSigner
    clock: FixedClock
    index: SearchIndex
    agency: str = "LV-TEST"
    purpose: str = "CHECK"
    _tokens: dict[tuple[str, str, str | None], str] = field(default_factory=dict)

    def token(self, agency: str | None = None, purpose: str | None = None, case: str | None = None) -> str:
        key = (agency or self.agency, purpose or self.purpose, case)
        if key not in self._tokens:
            self._tokens[key] = self.issuer.issue(key[0], "jana.berzina", purpose=key[1], case_ref=case)
        return self._tokens[key]

    def mask(self, agency: str | None = None, purpose: str | None = None) -> Mask:
        compiled = self.books.current.of_agency(agency or self.agency)
        assert compiled is not None
        return compiled.masks[purpose or self.purpose]

    def use(self, book: ContractBook) -> None:
        """Put other contracts in force, everywhere at once."""
        self.books.current = self.room_books.current = book

    def fetched(self) -> str:
        """The text of everything that was sent to any room since the last look."""
        text = "\n".join(request.body.decode() for spy in self.spies.values() for request in spy.sent)
        for spy in self.spies.values():
            spy.sent.clear()
            spy.came.clear()
        return text

    async def ask(
        self,
        query: str,
        variables: dict[str, Any] | None = None,
        *,
        way: str = "POST",
        token: str | None = None,
        **headers: str,
    ) -> Answer:
        """One question of a client."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["authorization"] = f"Bearer {self.token() if token is None else token}"
        if way == "GET":
            said = {"query": query} | ({"variables": msgspec.json.encode(variables).decode()} if variables else {})
            return await asgi(self.gate, "GET", "/graphql", b"", named, urlencode(said).encode())
        body = msgspec.json.encode({"query": query, "variables": variables or {}})
        return await asgi(self.gate, "POST", "/graphql", body, {**named, "content-type": "application/json"})

    def context(self, mask: Mask) -> SignedContext:
        """What a gateway writes for a request under the mask."""
        return SignedContext(
            "txn", mask.agency, "user", mask.contract_id, mask.contract_version, mask.digest, mask.purpose, None
        )

    async def ask_room(
        self, room: str, query: str, variables: dict[str, Any] | None = None, *, mask: Mask | None = None
    ) -> Answer:
        """What a gateway that was taken over can do: a genuine context, and whatever it likes in the body."""
        body = msgspec.json.encode({"query": query, "variables": variables or {}})
        header = self.signer.sign(self.context(mask or self.mask()), room, body, self.clock.now())
        return await asgi(self.rooms[room], "POST", "/graphql", body, {"saite-context": header})

    async def fill(self, records: dict[str, list[Any]]) -> None:
        """Write records into the registers, and make them searchable."""
        for room in ROOMS:
            await self.stores[room].put_many(records.get(room, []))
        await rebuild(self.index, sources_of(Registers(**self.stores)))


async def asgi(
    app: Any, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, query: bytes = b""
) -> Answer:
    """One HTTP exchange with an ASGI application."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "client": ("127.0.0.1", 1),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def collect(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, collect)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], sent[1]["body"], told)


@asynccontextmanager
async def open_town(folder: Path, book: ContractBook, *, at: datetime = NOW) -> AsyncIterator[Town]:
    """A town with empty registers, ended at the end."""
    graph, clock = shipped_graph(), FixedClock(at)
    keys = folder / "keys"
    keys.mkdir(mode=0o700, parents=True)
    issuer, signer = DevelopmentIssuer(keys, clock), ContextSigner.open(keys)
    issuer.issue("LV-TEST", "somebody")  # makes the key pair
    log = AuditLog.open(folder / "audit.sqlite3", clock)
    books, room_books = Books(book), Books(book)
    index = open_index(DataFolder(folder))
    rooms: dict[str, Any] = {}
    stores: dict[str, Any] = {}
    for room in ROOMS:
        stores[room] = await import_module(f"subgraphs.{room}.store_sqlite").open_store(folder / f"{room}.sqlite3", clock)
        guard = Guard(ContextVerifier.open(keys, room), room_books, clock)
        settings = dataclasses.replace(import_module(f"subgraphs.{room}.settings").settings(SECRET), search=index)
        rooms[room] = import_module(f"subgraphs.{room}.app").build_app(settings, stores[room], guard)
    spies = {room: Spy(AsgiTransport(room, app)) for room, app in rooms.items()}
    gate = ContractGate(
        graph.supergraph.api_schema, books, development_validator(keys), signer, log, VariableSeal.open(keys), clock
    )
    pipeline = Pipeline(graph, gate, spies)
    endpoint = GraphQLEndpoint(pipeline, dataclasses.replace(ServerSettings()))
    try:
        yield Town(folder, endpoint, pipeline, rooms, stores, spies, books, room_books, log, issuer, signer, clock, index)
    finally:
        await pipeline.close()
        await index.close()
        for store in stores.values():
            await store.close()
