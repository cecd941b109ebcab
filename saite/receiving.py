"""Wires receiving: the event register, its audit log, identity and the ways in, as one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import TYPE_CHECKING

from kernel.clock import SystemClock
from saite.folder import DataFolder
from saite.processes import audit_log
from saite.registers import open_one

if TYPE_CHECKING:
    from ingest.receiving.receiver import Receiver
    from ingest.receiving.service import Ingest, Ways
    from ingest.receiving.sources import Sources


@asynccontextmanager
async def receiving(folder: DataFolder, sources: Sources, named: Mapping[str, str]) -> AsyncIterator[Receiver]:
    """What takes messages into the event register of this folder (or as `named`), with its audit."""
    from ingest.receiving.receiver import Receiver
    from subgraphs.events.registration.taking import SqlReceiving

    async with open_one(folder, "events", named) as store:
        with closing(audit_log(folder, "ingest")) as audit:
            yield Receiver(SqlReceiving(store), sources, audit, SystemClock())


def ingest(folder: DataFolder, receiver: Receiver, ways: Ways, identity: Path | None) -> Ingest:
    """All ways in of one process; tokens as the gateway takes them (`identity`, else development tokens of the folder)."""
    from starlette.requests import Request

    from authz.identity import Actor, development_only, read_trust
    from ingest.receiving.service import Ingest

    trust = development_only(folder.keys) if identity is None else read_trust(identity, folder.keys)
    clock = SystemClock()

    async def identify(request: Request) -> Actor:
        certificate = trust.certificates.of(request.scope)
        return await trust.tokens.identify(request.headers.get("authorization"), clock.now(), certificate=certificate)

    return Ingest(receiver, identify, ways, clock)
