"""The search index of a running process: where it is, what fills it, and that it follows.

`SAITE_SEARCH` names an Elasticsearch (`https://…`, with `SAITE_SEARCH_API_KEY` where it wants one); without it the index is in
the data folder, in SQLite.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, ClassVar, Final

from kernel.errors import ClientError, SaiteError
from saite.folder import DataFolder

if TYPE_CHECKING:
    from elasticsearch import AsyncElasticsearch

    from ingest.registers import Registers
    from search.index import SearchIndex
    from search.indexing import Source

_log: Final = logging.getLogger(__name__)

EVERY_SECONDS: Final = 0.5
VARIABLE: Final = "SAITE_SEARCH"
KEY_VARIABLE: Final = "SAITE_SEARCH_API_KEY"
ALIAS: Final = "saite"


class UnusableSearch(ClientError):
    """Raised when what is named for searching is no Elasticsearch."""

    code: ClassVar[str] = "UNUSABLE_SEARCH"


def open_index(folder: DataFolder) -> SearchIndex:
    """The index over the four registers; nothing is connected to before it is used."""
    from search.elastic import PATIENCE, ElasticIndex
    from search.fts5 import Fts5Index
    from subgraphs.documents.search import TYPE as DOCUMENT
    from subgraphs.events.search import TYPE as EVENT
    from subgraphs.persons.search import TYPE as PERSON
    from subgraphs.room.deadline import remaining
    from subgraphs.vehicles.search import TYPE as VEHICLE

    types = (EVENT, PERSON, VEHICLE, DOCUMENT)
    address = os.environ.get(VARIABLE)
    if not address:
        return Fts5Index(folder.search, types)
    return ElasticIndex(_client(address), ALIAS, types, lambda: remaining(PATIENCE))


def _client(address: str) -> AsyncElasticsearch:
    from elasticsearch import AsyncElasticsearch

    if not address.startswith(("https://", "http://")):
        raise UnusableSearch(f"{VARIABLE} names no Elasticsearch: set it to https://…, or leave it out.")
    return AsyncElasticsearch(address, api_key=os.environ.get(KEY_VARIABLE) or None)


def sources_of(registers: Registers) -> tuple[Source, ...]:
    """The registers as the index reads them."""
    from subgraphs.documents.search import document_of as of_document
    from subgraphs.events.search import document_of as of_event
    from subgraphs.persons.search import document_of as of_person
    from subgraphs.room.search_source import RoomSource
    from subgraphs.vehicles.search import document_of as of_vehicle

    events, persons, vehicles, documents = registers.events, registers.persons, registers.vehicles, registers.documents
    return (
        RoomSource("events", "Event", events, events, of_event),
        RoomSource("persons", "Person", persons, persons, of_person, persons),
        RoomSource("vehicles", "Vehicle", vehicles, vehicles, of_vehicle, vehicles),
        RoomSource("documents", "Document", documents, documents, of_document, documents),
    )


async def follow_always(index: SearchIndex, sources: Sequence[Source], every_seconds: float = EVERY_SECONDS) -> None:
    """Fill the index when there is none yet, then follow until cancelled. What cannot be done now is tried again."""
    from search.indexing import acknowledge, follow, rebuild

    while True:
        try:
            if not await index.is_ready():
                await rebuild(index, sources)
            await follow(index, sources)
            await acknowledge(index, sources)
        except SaiteError as error:
            _log.error("the search index is not in step", extra={"reason": error.message})
        await asyncio.sleep(every_seconds)


@asynccontextmanager
async def searchable(index: SearchIndex, registers: Registers) -> AsyncIterator[None]:
    """The index is filled and followed as long as the body runs, beside it."""
    following = asyncio.create_task(follow_always(index, sources_of(registers)))
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await index.close()
