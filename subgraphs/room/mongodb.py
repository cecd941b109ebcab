"""MongoDB, a room's database: one client with a pool, every answer from the primary, every write kept by the majority.

What comes in: an address (`mongodb://HOST/DATABASE`, options as MongoDB's drivers take them). What goes out: a `Database`.
Nothing is asked for longer than the request's caller waits: the driver gives up at the deadline, and tells the server with
every command (`maxTimeMS`) to do so, too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import pymongo
from gridfs.errors import GridFSError
from pymongo import AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConfigurationError, InvalidName, OperationFailure, PyMongoError

from subgraphs.room.deadline import remaining
from subgraphs.room.errors import StoreFailed

Document: TypeAlias = dict[str, Any]
Collection: TypeAlias = AsyncCollection[Document]

SCHEMES: Final = ("mongodb", "mongodb+srv")
DEFAULT_DATABASE: Final = "saite"
_SHORTEST: Final = 0.001  # the driver takes 0 for "without end"

# The driver's debug log holds commands and answers: people's data, whatever the level.
for _name in ("pymongo.command", "pymongo.connection", "pymongo.serverSelection"):
    logging.getLogger(_name).setLevel(logging.INFO)


@dataclass(frozen=True, slots=True)
class Limits:
    """For one process of a room. Seconds hold where no request says less."""

    connections: int = 16
    connect_seconds: float = 3.0
    reading_seconds: float = 30.0
    writing_seconds: float = 300.0


class Database:
    """One room's database. Everything that is asked of it is asked inside `reading` or `writing`."""

    def __init__(self, address: str, failed: type[StoreFailed] = StoreFailed, limits: Limits | None = None) -> None:
        self._address = address
        self._failed = failed
        self._limits = limits or Limits()
        milliseconds = int(self._limits.connect_seconds * 1000)
        try:
            self._client: AsyncMongoClient[Document] = AsyncMongoClient(
                address,
                appname="saite room",
                w="majority",
                readConcernLevel="majority",
                readPreference="primary",
                maxPoolSize=self._limits.connections,
                connectTimeoutMS=milliseconds,
                serverSelectionTimeoutMS=milliseconds,
                waitQueueTimeoutMS=milliseconds,
            )
            self._database: AsyncDatabase[Document] = self._client.get_default_database(DEFAULT_DATABASE)
        except (ConfigurationError, InvalidName, ValueError) as error:
            # Not in the driver's words: they may hold the password.
            raise failed(
                f"{_place(address)} is no address of MongoDB: {type(error).__name__}. Write "
                "mongodb://USER:PASSWORD@HOST:PORT/NAME, with what is no letter or digit in user and password percent-encoded."
            ) from None

    @property
    def raw(self) -> AsyncDatabase[Document]:
        """The driver's own, for what it offers beyond collections (GridFS)."""
        return self._database

    def collection(self, name: str) -> Collection:
        """One collection; it need not be there yet."""
        return self._database[name]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside, the driver reads, until the request's deadline. Raises the room's leaf of StoreFailed."""
        with self._asking(self._limits.reading_seconds):
            yield

    @contextmanager
    def writing(self) -> Iterator[None]:
        """As `reading`, for writes: what returned, a majority of the servers has in its journals."""
        with self._asking(self._limits.writing_seconds):
            yield

    async def close(self) -> None:
        """Close every connection."""
        await self._client.close()

    @contextmanager
    def _asking(self, at_most: float) -> Iterator[None]:
        seconds = remaining(at_most)
        if seconds < _SHORTEST:
            raise self._late()
        if not self._client.topology_description.has_writable_server():
            # Nobody answered lately: who waits for a server to come back is told soon, not at the deadline.
            seconds = min(seconds, self._limits.connect_seconds)
        with self._mapped_errors(), pymongo.timeout(seconds):
            yield

    @contextmanager
    def _mapped_errors(self) -> Iterator[None]:
        try:
            yield
        except GridFSError:
            raise  # no failure of the server: a file that is not there, or not whole
        except OperationFailure as error:
            if error.timeout:
                raise self._late() from None
            # The server's own words may hold what was written or asked for, and errors are logged: its code is enough.
            name = (error.details or {}).get("codeName") or type(error).__name__
            raise self._failed(
                f"{_place(self._address)} refused: {name} ({error.code}). Look the code up in MongoDB's list of error codes; "
                "see that this user may read and write this database."
            ) from None
        except PyMongoError as error:
            if error.timeout and self._client.topology_description.has_writable_server():
                raise self._late() from None
            raise self._failed(
                f"{_place(self._address)} could not answer: {type(error).__name__}. "
                "See that the server runs and lets this process in; requests are answered again as soon as it does."
            ) from error

    def _late(self) -> StoreFailed:
        return self._failed(f"{_place(self._address)} did not answer in the time that was left for it.")


async def open_database(address: str, failed: type[StoreFailed] = StoreFailed, limits: Limits | None = None) -> Database:
    """The database at `address`, which has answered. Raises `failed`."""
    database = Database(address, failed, limits)
    try:
        with database.reading():
            await database.raw.command("ping")
    except BaseException:
        await database.close()
        raise
    return database


def _place(address: str) -> str:
    """The address without user, password and options, which no message may tell."""
    parts = urlsplit(address)
    return f"MongoDB at {parts.netloc.rpartition('@')[2]}{parts.path}"
