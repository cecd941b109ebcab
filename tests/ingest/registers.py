"""Registers in a folder, as the embedded mode keeps them, and what lies in them; also a process that imports and can be killed.

Run as a process: `python -m tests.ingest.registers FOLDER MAPPING JOURNAL…`
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from authz.audit import AuditLog
from ingest.ahead.process import Worker
from ingest.importing import import_journals
from ingest.ledger import Ledger
from ingest.mapping import Mapping, load_mapping
from ingest.registers import Importer, Registers
from ingest.report import Listener, Report
from kernel.clock import SystemClock
from subgraphs.documents import store_sqlite as documents
from subgraphs.events import store_sqlite as events
from subgraphs.persons import store_sqlite as persons
from subgraphs.vehicles import store_sqlite as vehicles

WHO = Importer("LV-IC", "tester")
ROOMS = {"events": "event", "persons": "person", "vehicles": "vehicle", "documents": "document"}


@dataclass(frozen=True, slots=True)
class House:
    """A data folder with everything open."""

    folder: Path
    registers: Registers
    ledger: Ledger
    audit: AuditLog

    async def take(
        self, mapping: Mapping | str, *files: Path, progress: Listener | None = None, worker: Worker | None = None
    ) -> Report:
        """Import files by a mapping."""
        loaded = load_mapping(mapping) if isinstance(mapping, str) else mapping
        return await import_journals(loaded, files, self.registers, self.ledger, self.audit, WHO, progress, worker)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[House]:
    """The registers, ledger and audit in `folder`, made when absent."""
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  a test's
    clock = SystemClock()
    stores = [await room.open_store(folder / f"{name}.sqlite3", clock) for name, room in _ROOMS.items()]
    try:
        with closing(Ledger.open(folder)) as ledger, closing(AuditLog.open(folder / "audit.sqlite3", role="import")) as audit:
            yield House(folder, Registers(stores[0], stores[1], stores[2], stores[3]), ledger, audit)  # type: ignore[arg-type]
    finally:
        for store in stores:
            await store.close()


_ROOMS = {"events": events, "persons": persons, "vehicles": vehicles, "documents": documents}


def contents(folder: Path) -> dict[str, dict[str, tuple[int, bytes]]]:
    """Version and body of every record by id, by register; and the quarantine by digest."""
    found: dict[str, dict[str, tuple[int, bytes]]] = {}
    for room, table in ROOMS.items():
        with closing(sqlite3.connect(folder / f"{room}.sqlite3")) as database:
            rows = database.execute(f"SELECT id, version, body FROM {table}")
            found[room] = {id_: (version, bytes(body)) for id_, version, body in rows}
    with closing(sqlite3.connect(folder / "ingest.sqlite3")) as database:
        rows = database.execute("SELECT digest, state, body FROM quarantine")
        found["quarantine"] = {digest: (0, f"{state} {body}".encode()) for digest, state, body in rows}
    return found


async def main(arguments: Sequence[str]) -> None:
    folder, mapping, *journals = arguments
    async with house(Path(folder)) as here:
        report = await here.take(mapping, *(Path(journal) for journal in journals))
    sys.stdout.write(f"{report.as_json()}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
