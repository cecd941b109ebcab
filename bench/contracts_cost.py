"""What contracts and the audit cost on a request, part by part, over the same rows, in one process.

    .venv/bin/python -m bench.contracts_cost [--requests 100] [--size small]

    open       OpenGate; rooms that check nothing and still apply the contract's row rules and value masks: the work on rows
    ids        the id of every entity is fetched too: it tells a row that a room denies, and names the entity to the audit
    decided    token, contract, mask, permit, quotas, the walk over variables, the form under the contract
    signed     a signed context for each exchange with a room
    verified   the rooms check it: signature, audience, time, body, first use; the mask from their own contracts
    contract   the rooms decide on the operation again, by their own copy
    recorded   the gateway's record, durable before the answer, four requests at a time
    audited    the rooms' records, beside the gateway

Each part is switched on above those before it, and must give the same data. Parts take turns, in a drawn order; CPU is user
+ system of all threads, for the audit until the last record is written. What else runs on a machine only ever adds, so a figure
is the mean of the best quarter, and the spread what even and odd turns differ by. The floor is what two Ed25519 operations take
for each exchange, measured in the same turns. Value masks are measured apart, as this contract has none. Exit status 1 when the
contract costs more than 3 % beyond open.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import gc
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from authz.audit import AuditEntry, AuditLog, VariableSeal
from authz.audit.served import RoomRecorder
from authz.audit.waiting import GATHER
from authz.catalogue import catalogue_of
from authz.identity import DevelopmentIssuer, development_validator
from authz.mask import Mask
from authz.operation import authorise
from authz.rows import NO_ROW
from authz.signed_context import ContextSigner, ContextVerifier, SignedContext
from gateway.access import Access, Asked, ContractGate, Gate, Grant, OpenGate
from gateway.access.grant import ContractGrant
from gateway.access.open import OpenAccess
from gateway.execution import AsgiTransport
from gateway.operation import Operation
from gateway.pipeline import Pipeline
from kernel.clock import SystemClock
from saite.folder import DataFolder
from saite.graph import contract_book, shipped_contracts, shipped_graph
from saite.registers import open_registers
from saite.seeding import invented_world, seed_registers
from saite.tour import LINKED
from subgraphs.room.guard import Entered, Guard
from subgraphs.room.world.showcase import showcase

BUDGET: Final = 0.03
AT_A_TIME: Final = 4
BURSTS: Final = 3
WARM_UP: Final = 2
AUDIT: Final = ("recorded", "audited")
ROOMS: Final = ("events", "persons", "vehicles", "documents")
LOOKUP: Final = "query($plate: String!) { vehicleByPlate(plate: $plate) { plate make model status } }"
CONTEXT_BYTES: Final = 700
"""About what a signature is made over: header and claims, base64url."""


class NoLog(AuditLog):
    """Takes records and forgets them."""

    def __init__(self) -> None:
        """Nothing is opened."""

    async def append(self, entry: AuditEntry) -> str:  # noqa: ARG002 - the log's form, kept nowhere
        return "aud_00000000000000000000000000000000"

    def close(self) -> None:
        """Nothing was opened."""


class NoSigner(ContextSigner):
    """Signs nothing."""

    def __init__(self) -> None:
        """No key is needed."""

    def sign(self, *_: object) -> str:
        return ""


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

    async def let_in(self, header: str | None, body: bytes, schema: Any) -> Entered:
        return self.admit(header, body, schema)

    async def close(self) -> None:
        """Nothing was opened."""


class WithIds(OpenGate):
    """Admits everybody, and asks for the id of every entity as under the contract."""

    def __init__(self, schema: Any, mask: Mask) -> None:
        self._access: Access = _IdsAccess(schema, mask)

    async def identify(self, _asked: Asked) -> Access:
        return self._access


class _IdsAccess(OpenAccess):
    def __init__(self, schema: Any, mask: Mask) -> None:
        super().__init__(schema)
        self.__dict__["mask_of_ids"] = mask

    def authorise(self, operation: Operation) -> Grant:
        mask: Mask = self.__dict__["mask_of_ids"]
        return ContractGrant(authorise(self.schema, operation.document, operation.name, mask), mask.values)


@dataclass
class Mode:
    """One way to answer: the parts up to `name`."""

    name: str
    pipeline: Pipeline
    headers: Mapping[str, str]

    async def ask(self, query: str, variables: Mapping[str, object]) -> bytes:
        answered = await self.pipeline.answer(Asked(query, None, variables, self.headers))
        assert answered.status == 200, answered.body
        return answered.body


class Modes:
    """Makes the ways to answer, over one data folder and one mask."""

    def __init__(self, folder: DataFolder, registers: Any, token: str, mask: Mask) -> None:
        self._folder = folder
        self._registers = registers
        self._headers = {"authorization": f"Bearer {token}"}
        self._mask = mask
        self._graph, self._clock = shipped_graph(), SystemClock()
        self._schema = self._graph.supergraph.api_schema
        self._book = contract_book(shipped_contracts())

    def all(self) -> list[Mode]:
        """Each adds one part to the one before."""
        unsigned = self._gate(NoSigner(), NoLog())
        signed = self._gate(self._signer(), NoLog())
        log = AuditLog.open(self._folder.audit, self._clock)
        return [
            self._mode("open", OpenGate(self._schema), self._opened, checks=False),
            self._mode("ids", WithIds(self._schema, self._mask), self._opened, checks=False),
            self._mode("decided", unsigned, self._opened, checks=False),
            self._mode("signed", signed, self._opened, checks=False),
            self._mode("verified", signed, self._guarded, checks=False),
            self._mode("contract", signed, self._guarded),
            self._mode("recorded", self._gate(self._signer(), log), self._guarded),
            self._mode("audited", self._gate(self._signer(), log), self._recorded),
        ]

    def masked(self, values: Mapping[str, Any]) -> list[Mode]:
        """The rooms without and with value masks, nothing else: what masks cost by themselves."""
        with_values = dataclasses.replace(self._mask, values=MappingProxyType(dict(values)), digest="with values")
        gate = OpenGate(self._schema)
        return [
            self._mode("unmasked", gate, self._opened, checks=False),
            self._mode("masked", gate, lambda _: OpenGuard(with_values), checks=False),
        ]

    def _mode(self, name: str, gate: Gate, guard_of: Callable[[str], Guard], *, checks: bool = True) -> Mode:
        transports = {room: self._transport(room, guard_of(room), checks=checks) for room in ROOMS}
        return Mode(name, Pipeline(self._graph, gate, transports), self._headers)

    def _transport(self, room: str, guard: Guard, *, checks: bool) -> AsgiTransport:
        settings = import_module(f"subgraphs.{room}.settings").settings(self._folder.cursor_secret())
        app = import_module(f"subgraphs.{room}.app").build_app(settings, getattr(self._registers, room), guard)
        if not checks:
            getattr(app, "room", app)._operations.check = lambda *_: None  # documents: beside the room there are downloads
        return AsgiTransport(room, app, closing=guard.close)

    def _gate(self, signer: ContextSigner, log: AuditLog) -> ContractGate:
        tokens, seal = development_validator(self._folder.keys), VariableSeal.open(self._folder.keys)
        return ContractGate(self._schema, self._book, tokens, signer, log, seal, self._clock)

    def _signer(self) -> ContextSigner:
        return ContextSigner.open(self._folder.keys)

    def _opened(self, _room: str) -> Guard:
        return OpenGuard(self._mask)

    def _guarded(self, room: str) -> Guard:
        return Guard(ContextVerifier.open(self._folder.keys, room), self._book, self._clock)

    def _recorded(self, room: str) -> Guard:
        log = AuditLog.open(self._folder.path / f"audit-{room}.sqlite3", role=room)
        recorder = RoomRecorder(room, log, waits=False)
        return Guard(ContextVerifier.open(self._folder.keys, room), self._book, self._clock, recorder)


class Floor:
    """What two Ed25519 operations take for each of so many exchanges, and nothing around them."""

    name = "floor"

    def __init__(self, exchanges: int) -> None:
        self._private, self._message = Ed25519PrivateKey.generate(), b"." * CONTEXT_BYTES
        self._public = self._private.public_key()
        self._exchanges = exchanges

    async def ask(self, _query: str, _variables: Mapping[str, object]) -> None:
        """Sign and check."""
        for _ in range(self._exchanges):
            self._public.verify(self._private.sign(self._message), self._message)


async def in_turns(
    modes: Sequence[Mode | Floor], query: str, variables: Mapping[str, object], requests: int, *, audit: bool = False
) -> dict[str, list[float]]:
    """The CPU of a request in each mode, in milliseconds, turn by turn: one request in a turn; for the audit a dozen, some at a
    time.
    """
    times, at_a_time = (BURSTS, AT_A_TIME) if audit else (1, 1)
    found: dict[str, list[float]] = {mode.name: [] for mode in modes}
    gc.collect()
    gc.freeze()
    shuffled = random.Random(1)
    for turn in range(-WARM_UP, max(2, requests // (times * at_a_time))):
        for mode in shuffled.sample(modes, len(modes)):  # what ran before has left its code in the processor's caches
            started = time.process_time()
            for _ in range(times):
                await asyncio.gather(*(mode.ask(query, variables) for _ in range(at_a_time)))
            if audit:
                await asyncio.sleep(1.5 * GATHER)  # whatever was left to write is written then
            if turn >= 0:
                found[mode.name].append(1000 * (time.process_time() - started) / (times * at_a_time))
    return found


def best(taken: Sequence[float]) -> float:
    """The mean of the best quarter."""
    return statistics.fmean(sorted(taken)[: max(1, len(taken) // 4)])


def difference(more: Sequence[float], less: Sequence[float]) -> tuple[float, float]:
    """What one costs beyond the other, and by how much even and odd turns disagree on it."""
    even, odd = (best(more[half::2]) - best(less[half::2]) for half in (0, 1))
    return best(more) - best(less), abs(even - odd) / 2


async def exchanges_of(mode: Mode, query: str, variables: Mapping[str, object]) -> int:
    """How often rooms are asked for one request."""
    transports = mode.pipeline._transports
    count = 0

    def counted(send: Any) -> Any:
        async def sending(request: Any) -> Any:
            nonlocal count
            count += 1
            return await send(request)

        return sending

    for transport in transports.values():
        transport.send = counted(transport.send)  # type: ignore[method-assign]  # taken off again below
    await mode.ask(query, variables)
    for transport in transports.values():
        del transport.send
    return count


def told(found: Mapping[str, list[float]], opened: float) -> None:
    """Print what each part costs beyond the one before."""
    for before, part in pairwise(name for name in found if name != Floor.name):
        cost, spread = difference(found[part], found[before])
        print(f"  + {part:<8} {cost:6.2f}  {cost / opened:+6.1%}   ± {spread:.2f}")


async def table(name: str, modes: Sequence[Mode], query: str, variables: Mapping[str, object], requests: int) -> float:
    """Measure and print; what the contract costs, as a share of open."""
    await same_data(modes, query, variables)
    exchanges = await exchanges_of(modes[0], query, variables)
    decisions, records = modes[: -len(AUDIT)], modes[-len(AUDIT) - 1 :]
    found = await in_turns((*decisions, Floor(exchanges)), query, variables, requests)
    audited = await in_turns(records, query, variables, requests, audit=True)
    opened, floor = best(found["open"]), best(found[Floor.name])
    contract, _ = difference(found["contract"], found["open"])
    audit, _ = difference(audited["audited"], audited["contract"])
    print(f"\n{name}: {exchanges} exchanges, CPU in ms per request\n  open       {opened:6.2f}")
    told(found, opened)
    told(audited, opened)
    print(f"  contract {contract:.2f} ms, {contract / opened:+.1%}; audit {audit:.2f} ms, {audit / opened:+.1%}")
    print(f"  floor: {exchanges} x Ed25519 signed and checked {floor:.2f} ms, {floor / opened:.1%}; ", end="")
    print(f"the contract beyond it {(contract - floor) / opened:+.1%}")
    return contract / opened


async def same_data(modes: Sequence[Mode], query: str, variables: Mapping[str, object]) -> None:
    """Every mode gives what open gives, or nothing is compared."""
    answers = [json.loads(await mode.ask(query, variables)) for mode in modes]
    for mode, answer in zip(modes, answers, strict=True):
        assert answer.get("data") == answers[0]["data"] and not answer.get("errors"), (mode.name, answer)  # noqa: PT018


async def run(options: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as path:
        folder = DataFolder(Path(path) / "data")
        folder.prepare()
        async with open_registers(folder) as registers:
            await seed_registers(registers, options.size, None, lambda *_: None)
            example = showcase(invented_world(options.size))
            issuer = DevelopmentIssuer(folder.keys, SystemClock())
            token = issuer.issue("LV-PROK", "ilze", purpose="CRIMINAL_PROCEEDING", case_ref=example.case_number)
            book = contract_book(shipped_contracts())
            compiled, port = book.of_agency("LV-PROK"), book.of_agency("LV-OP-RIGA")
            assert compiled is not None
            assert port is not None
            making = Modes(folder, registers, token, compiled.masks["CRIMINAL_PROCEEDING"])
            modes, masks = making.all(), making.masked(port.masks["EVENT_RESPONSE"].values)
            plate = {"plate": example.plate}
            share = await table("whole car, four registers", modes, LINKED, plate, options.requests)
            await table("one look-up", modes, LOOKUP, plate, options.requests)
            found = await in_turns(masks, LINKED, plate, options.requests)
            cost, spread = difference(found["masked"], found["unmasked"])
            print(f"\nvalue masks of LV-OP-RIGA on the whole car: {cost:.2f} ms ± {spread:.2f}")
            for mode in (*modes, *masks):
                await mode.pipeline.close()
    return 0 if share <= BUDGET else 1


def main() -> int:
    """Measure; 1 when the budget is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=100, help="in each mode")
    parser.add_argument("--size", default="small")
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    raise SystemExit(main())
