"""Opens the four registers of a data folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from kernel.clock import SystemClock
from saite.folder import DataFolder

if TYPE_CHECKING:
    from ingest.registers import Registers


@asynccontextmanager
async def open_registers(folder: DataFolder) -> AsyncIterator[Registers]:
    """The four stores on SQLite, made where they are missing and closed at the end."""
    from ingest.registers import Registers
    from subgraphs.documents import store_sqlite as documents
    from subgraphs.events import store_sqlite as events
    from subgraphs.persons import store_sqlite as persons
    from subgraphs.vehicles import store_sqlite as vehicles

    clock = SystemClock()
    async with AsyncExitStack() as stack:
        opened = Registers(
            events=await events.open_store(folder.register("events"), clock),
            persons=await persons.open_store(folder.register("persons"), clock),
            vehicles=await vehicles.open_store(folder.register("vehicles"), clock),
            documents=await documents.open_store(folder.register("documents"), clock),
        )
        for store in (opened.events, opened.persons, opened.vehicles, opened.documents):
            stack.push_async_callback(store.close)
        yield opened
