"""A register that takes messages of two journals, in every database."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from authz.audit import AuditLog
from ingest.receiving.receiver import Incoming, Receiver
from ingest.receiving.sources import Source, Sources, sources_of
from kernel.clock import FixedClock
from subgraphs.events.registration.arrival import HeldState, Receipt, Taken
from subgraphs.events.registration.taking import SqlReceiving
from tests.subgraphs.stores import ADAPTERS, databases, open_store

__all__ = ["databases", "open_store"]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RIGA = "pp-riga"
STATE = "vp"
BODIES: dict[str, dict[str, Any]] = {
    "registerEvent": {
        "unit": "2. nodaļa",
        "submission": {"receiptForm": "ORAL", "channel": "CALL_112", "receivedAt": "2026-11-23T13:50:00+02:00"},
        "kind": "SAFETY_THREAT",
        "place": {"atvk": "0001000"},
    },
    "assign": {"unit": "3. nodaļa"},
    "dispatch": {"crew": "R-1", "dispatchedAt": "2026-11-23T13:55:00+02:00"},
    "recordArrival": {"crew": "R-1", "arrivedAt": "2026-11-23T13:57:00+02:00"},
    "recordDecision": {"kind": "ADMIN_PROCEEDING_STARTED", "decidedOn": "2026-11-23"},
    "linkPerson": {"role": "WITNESS"},
    "amendEvent": {"summary": "Labots"},
    "close": {},
}


@pytest.fixture
def sources() -> Sources:
    return sources_of(
        Source(RIGA, "LV-PP-RIGA", broker_user="guest"), Source(STATE, "LV-VP", broker_user="guest", clients=("desk",))
    )


def message(kind: str, event: str = "1", seq: int = 1, *, source: str = RIGA, key: str | None = None, **body: Any) -> bytes:
    """One message; its id says source, event and number unless `key` does."""
    envelope = {
        "kind": kind,
        "sourceId": source,
        "messageId": key or f"{source}-{event}-{seq:04}".replace("/", "-"),
        "sourceEventNo": event,
        "sourceSeq": seq,
        "sentAt": "2026-11-23T13:59:00+02:00",
        "body": {**BODIES.get(kind, {}), **body},
    }
    return json.dumps(envelope, ensure_ascii=False).encode()


@dataclass
class Desk:
    """A receiver, and what may be asked about what came of its work."""

    receiver: Receiver
    store: Any
    clock: FixedClock
    audit: AuditLog
    log: Path

    async def take(self, *raws: bytes) -> list[Taken]:
        return list(await self.receiver.take([Incoming(raw, frozenset({RIGA, STATE})) for raw in raws]))

    async def receipts(self, *raws: bytes) -> list[Receipt]:
        return [taken.receipt for taken in await self.take(*raws)]

    async def fates(self, *raws: bytes) -> list[str]:
        return [receipt.status.value for receipt in await self.receipts(*raws)]

    async def event(self, event_id: str | None) -> Any:
        return (await self.store.by_ids([event_id], {}))[event_id]

    async def held(self, *states: str) -> list[Any]:
        return await self.receiver.store.holding.entries([HeldState(state) for state in states or HeldState])


@pytest.fixture(params=ADAPTERS)
async def any_desk(request: pytest.FixtureRequest, open_store: Any, sources: Sources, tmp_path: Path) -> AsyncIterator[Desk]:
    """A receiver over an empty register, in each database."""
    clock = FixedClock(NOW)
    store = await open_store("events", request.param, clock)
    with closing(AuditLog.open(tmp_path / "audit.sqlite3", clock)) as audit:
        yield Desk(Receiver(SqlReceiving(store), sources, audit, clock), store, clock, audit, tmp_path / "audit.sqlite3")


@pytest.fixture
async def desk(open_store: Any, sources: Sources, tmp_path: Path) -> AsyncIterator[Desk]:
    """The same over SQLite alone, for what does not depend on the database."""
    clock = FixedClock(NOW)
    store = await open_store("events", "sqlite", clock)
    with closing(AuditLog.open(tmp_path / "audit.sqlite3", clock)) as audit:
        yield Desk(Receiver(SqlReceiving(store), sources, audit, clock), store, clock, audit, tmp_path / "audit.sqlite3")


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(30):
        while not await holds():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


def in_batches(raws: Sequence[bytes], sizes: Iterator[int] | None = None) -> Iterator[Sequence[bytes]]:
    """The messages in parts of these sizes, over and over."""
    sizes, start = sizes or count(3), 0
    while start < len(raws):
        size = next(sizes)
        yield raws[start : start + size]
        start += size
