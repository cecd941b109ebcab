"""What contracts cost on a request: the protected gateway and rooms against open ones, over the same rows, in one process.

    .venv/bin/python -m bench.contracts_cost [--requests 40] [--rounds 7] [--size small]

    open       OpenGate; rooms that check nothing and still apply the contract's row rules and value masks
    contract   token, contract, rights, quotas, signed contexts, the rooms' second look; what is recorded is thrown away
    audited    the same, recorded durably

Modes take turns, so that a busy machine slows all of them; CPU is user + system of all threads, and the median of the rounds
counts. Prints the share of each in one request's CPU. Exit status 1 when the contract costs more than 3 % beyond open.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gc
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any

from authz.audit import AuditEntry, AuditLog, VariableSeal
from authz.audit.served import RoomRecorder
from authz.catalogue import catalogue_of
from authz.identity import DevelopmentIssuer, development_validator
from authz.mask import Mask
from authz.rows import NO_ROW
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from gateway.access import Asked, ContractGate, OpenGate
from gateway.execution import AsgiTransport
from gateway.pipeline import Pipeline
from kernel.clock import SystemClock
from saite.folder import DataFolder
from saite.graph import contract_book, shipped_contracts, shipped_graph
from saite.registers import open_registers
from saite.seeding import invented_world, seed_registers
from saite.tour import LINKED
from subgraphs.room.guard import Entered, Guard
from subgraphs.room.world.showcase import showcase

BUDGET = 0.03
ROOMS = ("events", "persons", "vehicles", "documents")
LOOKUP = "query($plate: String!) { vehicleByPlate(plate: $plate) { plate make model status } }"


class NoLog(AuditLog):
    """Takes records and forgets them."""

    def __init__(self) -> None:
        """Nothing is opened."""

    async def append(self, entry: AuditEntry) -> str:  # noqa: ARG002 - the log's form, kept nowhere
        return "aud_00000000000000000000000000000000"

    def close(self) -> None:
        """Nothing was opened."""


class OpenGuard(Guard):
    """Admits everybody under one mask: its rows and value masks are applied, and nothing is asked."""

    def __init__(self, mask: Mask) -> None:
        self.recorder = None
        self.clock = SystemClock()
        self._entered: Entered | None = None
        self._mask = mask

    def admit(self, header: str | None, body: bytes, schema: Any) -> Entered:  # noqa: ARG002 - the guard's form, nothing checked
        if self._entered is None:
            types = catalogue_of(schema).row_attributes
            rows = {name: self._mask.rows.get(name, NO_ROW) for name in types}
            context = SignedContext("t", self._mask.agency, "u", "c", 1, self._mask.digest, self._mask.purpose)
            self._entered = Entered(dataclasses.replace(self._mask, rows=MappingProxyType(rows)), context)
        return self._entered

    async def close(self) -> None:
        """Nothing was opened."""


@dataclass
class Mode:
    """One way to answer."""

    name: str
    pipeline: Pipeline
    headers: Mapping[str, str]

    async def ask(self, query: str, variables: Mapping[str, object]) -> bytes:
        answered = await self.pipeline.answer(Asked(query, None, variables, self.headers))
        assert answered.status == 200, answered.body
        return answered.body


def application(room: str, folder: DataFolder, registers: Any, guard: Guard) -> Any:
    settings = import_module(f"subgraphs.{room}.settings").settings(folder.cursor_secret())
    return import_module(f"subgraphs.{room}.app").build_app(settings, getattr(registers, room), guard)


def without_second_look(app: Any) -> Any:
    """The room without the contract's check of operations."""
    app._operations.check = lambda *_: None
    return app


def modes_of(folder: DataFolder, registers: Any, token: str, mask: Mask) -> list[Mode]:
    graph, clock, book = shipped_graph(), SystemClock(), contract_book(shipped_contracts())
    schema = graph.supergraph.api_schema
    headers = {"authorization": f"Bearer {token}"}

    def protected(log: AuditLog, *, with_records: bool) -> Pipeline:
        transports = {}
        for room in ROOMS:
            recorder = None
            if with_records:
                recorder = RoomRecorder(room, AuditLog.open(folder.path / f"audit-{room}.sqlite3", role=room), waits=False)
            guard = Guard(ContextVerifier.open(folder.keys, room), book, clock, recorder)
            transports[room] = AsgiTransport(room, application(room, folder, registers, guard), closing=guard.close)
        tokens, signer = development_validator(folder.keys), ContextSigner.open(folder.keys)
        gate = ContractGate(schema, book, tokens, signer, log, VariableSeal.open(folder.keys), clock)
        return Pipeline(graph, gate, transports)

    transports = {
        room: AsgiTransport(room, without_second_look(application(room, folder, registers, OpenGuard(mask)))) for room in ROOMS
    }
    return [
        Mode("open", Pipeline(graph, OpenGate(schema), transports), {}),
        Mode("contract", protected(NoLog(), with_records=False), headers),
        Mode("audited", protected(AuditLog.open(folder.audit, clock), with_records=True), headers),
    ]


async def cpu_of(ask: Callable[[], Awaitable[object]], requests: int, at_a_time: int) -> float:
    """CPU seconds of one request."""
    started = time.process_time()
    for _ in range(requests // at_a_time):
        await asyncio.gather(*(ask() for _ in range(at_a_time)))
    return (time.process_time() - started) / (requests // at_a_time * at_a_time)


async def measure(
    modes: list[Mode], query: str, variables: Mapping[str, object], options: argparse.Namespace
) -> dict[str, float]:
    """The median CPU of a request in each mode, in milliseconds."""
    for mode in modes:
        await cpu_of(lambda mode=mode: mode.ask(query, variables), 8, 4)
    found: dict[str, list[float]] = {mode.name: [] for mode in modes}
    gc.collect()
    gc.freeze()
    for round_number in range(options.rounds):
        for mode in modes if round_number % 2 else reversed(modes):
            found[mode.name].append(await cpu_of(lambda mode=mode: mode.ask(query, variables), options.requests, 4))
    return {name: 1000 * statistics.median(taken) for name, taken in found.items()}


def told(name: str, taken: Mapping[str, float]) -> float:
    """Print one line; what the contract costs, as a share of open."""
    contract = taken["contract"] / taken["open"] - 1
    audit = taken["audited"] / taken["open"] - taken["contract"] / taken["open"]
    shares = f"contract {contract:+.1%}, audit {audit:+.1%} of open"
    print(f"{name}: " + ", ".join(f"{mode} {ms:.2f} ms" for mode, ms in taken.items()) + f"; {shares}")
    return contract


async def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as path:
        folder = DataFolder(Path(path) / "data")
        folder.prepare()
        async with open_registers(folder) as registers:
            await seed_registers(registers, options.size, None, lambda *_: None)
            example = showcase(invented_world(options.size))
            issuer = DevelopmentIssuer(folder.keys, SystemClock())
            token = issuer.issue("LV-PROK", "ilze", purpose="CRIMINAL_PROCEEDING", case_ref=example.case_number)
            compiled = contract_book(shipped_contracts()).of_agency("LV-PROK")
            assert compiled is not None
            modes = modes_of(folder, registers, token, compiled.masks["CRIMINAL_PROCEEDING"])
            plate = {"plate": example.plate}
            shares = [
                told("whole car, four registers", await measure(modes, LINKED, plate, options)),
                told("one look-up", await measure(modes, LOOKUP, plate, options)),
            ]
            for mode in modes:
                await mode.pipeline.close()
    return 0 if shares[0] <= BUDGET else 1


def main() -> int:
    """Measure; 1 when the budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--size", default="small")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
