"""Opens the registers: each in the database that is named for it, else in a file of the data folder.

`SAITE_EVENTS_STORE`, `SAITE_PERSONS_STORE`, `SAITE_VEHICLES_STORE`, `SAITE_DOCUMENTS_STORE` name a room's database
(`postgresql://…`); `--store` of the verbs that have it comes first. No message ever repeats an address with its password.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from kernel.clock import SystemClock
from kernel.errors import ClientError
from saite.folder import ROOMS, DataFolder

if TYPE_CHECKING:
    from ingest.registers import Registers

_ADAPTERS: Final[Mapping[str, str]] = MappingProxyType({"postgresql": "postgresql", "postgres": "postgresql"})
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class UnknownStore(ClientError):
    """Raised when a room is to be kept somewhere that Saite does not know."""

    code: ClassVar[str] = "UNKNOWN_STORE"


def store_of(folder: DataFolder, room: str, named: Mapping[str, str] = _NONE) -> str | Path:
    """Where the room is kept: as `named` here, else in the environment, else in the data folder."""
    return named.get(room) or os.environ.get(f"SAITE_{room.upper()}_STORE") or folder.register(room)


def stores_named(texts: list[str]) -> dict[str, str]:
    """`ROOM=ADDRESS` as an option says it. Raises UnknownStore."""
    found = {}
    for text in texts:
        room, separator, address = text.partition("=")
        if not separator or room not in ROOMS:
            raise UnknownStore(f"--store wants ROOM=postgresql://…, and a room is one of {', '.join(ROOMS)}.")
        found[room] = address
    return found


async def open_store(room: str, where: str | Path) -> Any:
    """The store of one room. Raises UnknownStore."""
    if isinstance(where, Path):
        return await import_module(f"subgraphs.{room}.store_sqlite").open_store(where, SystemClock())
    scheme = where.partition("://")[0]  # noqa: ASYNC240 - text, not a path
    if scheme not in _ADAPTERS:
        raise UnknownStore(f"The register {room} cannot be kept in {scheme[:20]!r}: name a database as postgresql://HOST/NAME.")
    return await import_module(f"subgraphs.{room}.store_{_ADAPTERS[scheme]}").open_store(where, SystemClock())


@asynccontextmanager
async def open_registers(folder: DataFolder, named: Mapping[str, str] = _NONE) -> AsyncIterator[Registers]:
    """The four stores, closed at the end; files are made where they are missing. Raises UnknownStore, and StoreFailed when a
    database does not answer or lacks its tables.
    """
    from ingest.registers import Registers

    async with AsyncExitStack() as stack:
        opened = {}
        for room in ROOMS:
            opened[room] = await open_store(room, store_of(folder, room, named))
            stack.push_async_callback(opened[room].close)
        yield Registers(**opened)
