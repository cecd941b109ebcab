"""The one place where all parts are wired together: gateway and rooms, in one process or each in its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from kernel.clock import SystemClock
from kernel.errors import ClientError
from saite.contracts import EXAMPLES, ContractSource, followed
from saite.folder import DataFolder
from saite.graph import shipped_graph
from saite.scanning import route_over, route_to
from saite.searching import open_index

if TYPE_CHECKING:
    from graphql import GraphQLSchema
    from prometheus_client import CollectorRegistry
    from starlette.routing import Route
    from starlette.types import ASGIApp

    from authz.aggregates import CountLedger
    from authz.audit import AuditLog, Location
    from authz.book import Books
    from authz.book.follower import Keep
    from authz.identity import TokenValidator, Trust
    from authz.quotas import QuotaLedger
    from authz.signed_context import Replay
    from gateway.access.contract import ContractGate
    from gateway.execution import Transport
    from gateway.query_graph import QueryGraph
    from ingest.registers import Registers
    from search.index import SearchIndex
    from subgraphs.documents.store import DocumentStore
    from subgraphs.events.store import EventStore
    from subgraphs.persons.store import PersonStore
    from subgraphs.room.guard import Guard
    from subgraphs.room.settings import RoomSettings
    from subgraphs.vehicles.store import VehicleStore


class UnusableState(ClientError):
    """Raised when what is named for shared state is no database."""

    code: ClassVar[str] = "UNUSABLE_STATE"


def open_gateway(supergraph_sdl: str, routes: Mapping[str, str]) -> ASGIApp:
    """A gateway in front of anyone's subgraphs: nothing is protected. `routes` are addresses that replace the supergraph's."""
    from gateway.execution.http_transport import HttpTransport
    from gateway.server import build_open_gateway

    transports: dict[str, Transport] = {name: HttpTransport(name, url) for name, url in routes.items()}
    return build_open_gateway(supergraph_sdl, transports=transports)


def protected_gateway(
    data: Path,
    supergraph_sdl: str | None,
    contracts: ContractSource,
    routes: Mapping[str, str],
    identity: Path | None = None,
    registry: CollectorRegistry | None = None,
) -> ASGIApp:
    """A gateway that answers by contract, in front of rooms that run elsewhere; without SDL, over the shipped supergraph.

    `identity` is the file that says whom to believe; without it, development tokens of the data folder are. Its measures are
    told to `registry`.
    """
    from authz.identity import development_only, read_trust
    from gateway.execution.http_transport import HttpTransport
    from gateway.query_graph import build_query_graph
    from gateway.server import build_gateway, http_transports

    folder = DataFolder(data)
    folder.prepare()
    graph = shipped_graph() if supergraph_sdl is None else build_query_graph(supergraph_sdl)
    schema = graph.supergraph.api_schema
    books = followed(folder, contracts, "gateway", supergraph_sdl, schema, _keep(folder, schema, supergraph_sdl))
    transports: dict[str, Transport] = {name: HttpTransport(name, url) for name, url in routes.items()}
    transports |= http_transports(graph, without=transports)
    trust = development_only(folder.keys) if identity is None else read_trust(identity, folder.keys)
    gate = _gate(folder, graph, books, trust.tokens)
    if registry is not None:
        from authz.break_glass import EmergencyLedger
        from saite.metrics import Counted, gateway_measures

        gateway_measures(registry, Counted(gate, books, trust, EmergencyLedger(folder.emergencies), SystemClock()))
    more = (*_exchange_routes(trust, gate), *_scan_routes(graph, routes))
    return build_gateway(graph, gate, transports, certificate_of=trust.certificates.of, routes=more)


def _scan_routes(graph: QueryGraph, routes: Mapping[str, str]) -> tuple[Route, ...]:
    service = graph.supergraph.subgraphs.get("documents")
    url = routes.get("documents") or (service.url if service is not None else None)
    return (route_over(url),) if url and service is not None else ()


def _exchange_routes(trust: Trust, gate: ContractGate) -> tuple[Route, ...]:
    from gateway.server import ExchangeEndpoint

    if trust.exchange is None:
        return ()
    return (ExchangeEndpoint(trust.exchange, trust.certificates.of, lambda: gate.book, SystemClock(), gate.sign_ins).route(),)


def _keep(folder: DataFolder, schema: GraphQLSchema, supergraph_sdl: str | None = None) -> Keep:
    """Keeps beside the audit log what a book of contracts decides by."""
    from authz.audit.archive import ContractArchive, archive_beside
    from schema import text

    archive = ContractArchive(archive_beside(folder.audit))
    sdl = text("supergraph") if supergraph_sdl is None else supergraph_sdl
    return lambda book, texts: archive.keep(book, sdl, schema, texts)


def _gate(folder: DataFolder, graph: QueryGraph, books: Books, tokens: TokenValidator) -> ContractGate:
    """Identity, contracts, signatures and the audit log of one data folder."""
    from authz.audit import VariableSeal
    from authz.break_glass import EmergencyLedger
    from authz.signed_context import ContextSigner
    from gateway.access.contract import ContractGate, Keeping

    clock = SystemClock()
    return ContractGate(
        graph.supergraph.api_schema,
        books,
        tokens,
        ContextSigner.open(folder.keys),
        audit_log(folder, "gateway"),
        VariableSeal.open(folder.keys),
        clock,
        Keeping(EmergencyLedger(folder.emergencies), _quotas(folder)),
    )


def embedded(folder: DataFolder, registers: Registers, index: SearchIndex | None = None) -> ASGIApp:
    """Gateway and rooms in one process, over opened registers and index; rooms are asked as over HTTP, signatures included."""
    from authz.identity import development_validator
    from authz.signed_context import REPLAYABLE, ReplayCache
    from gateway.execution import AsgiTransport
    from gateway.server import build_gateway

    graph = shipped_graph()
    books = followed(folder, EXAMPLES, "demo", keep=_keep(folder, graph.supergraph.api_schema))
    transports: dict[str, Transport] = {}
    rooms: dict[str, ASGIApp] = {}
    for room, make in _ROOMS.items():
        # One process, which holds the folder: its own memory of used contexts is enough.
        guard = _guard(folder, room, books, ReplayCache(REPLAYABLE), waits=False)
        rooms[room] = make(folder, getattr(registers, room), guard, index)
        transports[room] = AsgiTransport(room, rooms[room], closing=guard.close)
    gate = _gate(folder, graph, books, development_validator(folder.keys))
    return build_gateway(graph, gate, transports, routes=(route_to(rooms["documents"]),))


def room_application(
    folder: DataFolder, store: Any, room: str, contracts: ContractSource, registry: CollectorRegistry | None = None
) -> ASGIApp:
    """One room as a process of its own; all processes of a room on this folder remember used contexts together. Its measures
    are told to `registry`.
    """
    from authz.signed_context import REPLAYABLE

    books = followed(folder, contracts, f"room {room}")
    guard = _guard(folder, room, books, _replay(folder, room, REPLAYABLE), waits=True)
    if registry is not None:
        from saite.metrics import room_measures

        room_measures(registry, guard, books)
    return _ROOMS[room](folder, store, guard, open_index(folder))


def _guard(folder: DataFolder, room: str, books: Books, replay: Replay, *, waits: bool) -> Guard:
    """The room's door. In a process of its own its answers wait for its own record; beside the gateway, the gateway's do."""
    from authz.audit import AuditLog, HeadSigner
    from authz.audit.served import RoomRecorder
    from authz.signed_context import ContextVerifier
    from subgraphs.room.guard import Guard

    log = AuditLog.open(folder.room_audit(room), role=room, signer=HeadSigner.open(folder.keys))
    recorder = RoomRecorder(room, log, waits=waits)
    return Guard(ContextVerifier.open(folder.keys, room, replay=replay), books, SystemClock(), recorder)


def audit_log(folder: DataFolder, role: str) -> AuditLog:
    """The gateway's log, opened to write one chain of `role` in it; heads are signed and ids marked with the folder's keys."""
    from authz.audit import AuditLog, EntitySeal, HeadSigner

    keys = (HeadSigner.open(folder.keys), EntitySeal.open(folder.keys))
    return AuditLog.open(audit_location(folder), SystemClock(), role=role, signer=keys[0], entities=keys[1])


def audit_location(folder: DataFolder) -> Location:
    """Where the gateway's log is: `SAITE_AUDIT_LOG` (a file or `postgresql://…`), else in the data folder."""
    named = os.environ.get("SAITE_AUDIT_LOG")
    if not named:
        return folder.audit
    return named if "://" in named else Path(named)


def shared_state() -> str | None:
    """The database in which the processes of all machines count and remember together (`SAITE_STATE`); without it those of one
    machine do, in files of its data folder. Raises UnusableState.
    """
    named = os.environ.get("SAITE_STATE") or None
    if named is not None and not named.startswith(("postgresql://", "postgres://")):
        raise UnusableState("SAITE_STATE names no database: set it to postgresql://…, or leave it out.")
    return named


def _quotas(folder: DataFolder) -> QuotaLedger:
    """What each user and contract was given lately."""
    state = shared_state()
    if state is not None:
        from authz.quotas.ledger_postgresql import PostgresqlQuotaLedger

        return PostgresqlQuotaLedger(state)
    from authz.quotas import SqliteQuotaLedger

    return SqliteQuotaLedger(folder.quotas)


def _replay(folder: DataFolder, room: str, keep: float) -> Replay:
    """What the processes of a room have seen in the last `keep` seconds: contexts, or tickets."""
    state = shared_state()
    if state is not None:
        from authz.signed_context.replay_postgresql import PostgresqlReplay

        return PostgresqlReplay(state, room, keep)
    from authz.signed_context import SharedReplay

    return SharedReplay(folder.used_contexts(room), keep)


def _counts(folder: DataFolder, room: str) -> CountLedger:
    """What was told of counts under contracts that forbid subtracting them."""
    state = shared_state()
    if state is not None:
        from authz.aggregates.ledger_postgresql import PostgresqlCountLedger

        return PostgresqlCountLedger(state, room)
    from authz.aggregates import SqliteCountLedger

    return SqliteCountLedger(folder.published_counts(room))


def _with_keys(settings: RoomSettings, folder: DataFolder, index: SearchIndex | None) -> RoomSettings:
    from authz.values import MaskKeys

    return replace(settings, mask_keys=MaskKeys.open(folder.keys), counts=_counts(folder, settings.name), search=index)


def _events(folder: DataFolder, store: EventStore, guard: Guard, index: SearchIndex | None) -> ASGIApp:
    from subgraphs.events.app import build_app
    from subgraphs.events.settings import settings

    return build_app(_with_keys(settings(folder.cursor_secret()), folder, index), store, guard)


def _persons(folder: DataFolder, store: PersonStore, guard: Guard, index: SearchIndex | None) -> ASGIApp:
    from subgraphs.persons.app import build_app
    from subgraphs.persons.settings import settings

    return build_app(_with_keys(settings(folder.cursor_secret()), folder, index), store, guard)


def _vehicles(folder: DataFolder, store: VehicleStore, guard: Guard, index: SearchIndex | None) -> ASGIApp:
    from subgraphs.vehicles.app import build_app
    from subgraphs.vehicles.settings import settings

    return build_app(_with_keys(settings(folder.cursor_secret()), folder, index), store, guard)


def _documents(folder: DataFolder, store: DocumentStore, guard: Guard, index: SearchIndex | None) -> ASGIApp:
    from saite.scanning import scans_of
    from subgraphs.documents.app import build_app
    from subgraphs.documents.scans.ticket import LIFETIME
    from subgraphs.documents.settings import settings

    used = _replay(folder, "scans", LIFETIME.total_seconds())
    room = _with_keys(settings(folder.cursor_secret()), folder, index)
    return build_app(room, store, guard, scans_of(folder, store), used)


_ROOMS: dict[str, Callable[[DataFolder, Any, Guard, SearchIndex | None], ASGIApp]] = {
    "events": _events,
    "persons": _persons,
    "vehicles": _vehicles,
    "documents": _documents,
}
