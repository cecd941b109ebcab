"""Opens the registers: each in the database that is named for it, else in a file of the data folder.

`SAITE_EVENTS_STORE`, `SAITE_PERSONS_STORE`, `SAITE_VEHICLES_STORE`, `SAITE_DOCUMENTS_STORE` name a room's database
(`postgresql://…`, for documents also `mongodb://…`); `--store` of the verbs that have it comes first. No message ever repeats
an address with its password.
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

_POSTGRESQL: Final[Mapping[str, str]] = MappingProxyType({"postgresql": "postgresql", "postgres": "postgresql"})
_MONGODB: Final[Mapping[str, str]] = MappingProxyType({"mongodb": "mongodb", "mongodb+srv": "mongodb"})
_ADAPTERS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {room: {**_POSTGRESQL, **_MONGODB} if room == "documents" else _POSTGRESQL for room in ROOMS}
)
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
            raise UnknownStore(
                f"--store wants ROOM=postgresql://… (documents also mongodb://…), and a room is one of {', '.join(ROOMS)}."
            )
        found[room] = address
    return found


@asynccontextmanager
async def open_one(folder: DataFolder, room: str, named: Mapping[str, str] = _NONE) -> AsyncIterator[Any]:
    """One room's store alone. Raises as `open_registers`."""
    store = await _open(room, store_of(folder, room, named))
    try:
        yield store
    finally:
        await store.close()


async def _open(room: str, where: str | Path) -> Any:
    if isinstance(where, Path):
        return await import_module(f"subgraphs.{room}.store_sqlite").open_store(where, SystemClock())
    scheme = where.partition("://")[0]  # noqa: ASYNC240 - text, not a path
    adapter = _ADAPTERS[room].get(scheme)
    if adapter is None:
        forms = " or ".join(f"{name}://HOST/NAME" for name in sorted(set(_ADAPTERS[room].values()), reverse=True))
        raise UnknownStore(f"The register {room} cannot be kept in {scheme[:20]!r}: name a database as {forms}.")
    return await import_module(f"subgraphs.{room}.store_{adapter}").open_store(where, SystemClock())


@asynccontextmanager
async def open_registers(folder: DataFolder, named: Mapping[str, str] = _NONE) -> AsyncIterator[Registers]:
    """The four stores, closed at the end; files are made where they are missing. Raises UnknownStore, and StoreFailed when a
    database does not answer or lacks its tables.
    """
    from ingest.registers import Registers

    async with AsyncExitStack() as stack:
        yield Registers(**{room: await stack.enter_async_context(open_one(folder, room, named)) for room in ROOMS})
