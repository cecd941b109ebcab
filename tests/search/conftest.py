"""An index for tests, in each store: `index` is empty and published; `open_index` opens one that nobody published yet.

Making an index in Elasticsearch takes a second, so `index` is one there for the whole run, emptied after each test.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from elasticsearch import AsyncElasticsearch

from search.elastic import ElasticIndex
from search.fts5 import Fts5Index
from search.index import SearchIndex
from subgraphs.documents.search import TYPE as DOCUMENT
from subgraphs.events.search import TYPE as EVENT
from subgraphs.persons.search import TYPE as PERSON
from subgraphs.vehicles.search import TYPE as VEHICLE

STORES = ("fts5", "elastic")
TYPES = (EVENT, PERSON, VEHICLE, DOCUMENT)
MANY = 10_000

OpenIndex = Callable[[str], Awaitable[SearchIndex]]


@pytest.fixture
async def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenIndex]:
    opened: list[SearchIndex] = []
    alias = f"saite-test-{secrets.token_hex(6)}"
    clients: list[AsyncElasticsearch] = []

    async def open_one(store: str) -> SearchIndex:
        if store == "fts5":
            opened.append(Fts5Index(tmp_path / "search", TYPES))
        else:
            clients.append(AsyncElasticsearch(request.getfixturevalue("elasticsearch_url")))
            opened.append(ElasticIndex(clients[-1], alias, TYPES))
        return opened[-1]

    yield open_one
    for client in clients[:1]:
        await _drop(client, alias)
    for each in opened:
        await each.close()


async def _drop(client: AsyncElasticsearch, alias: str) -> None:
    for name in await client.indices.get(index=f"{alias}-*"):
        await client.indices.delete(index=name)


@pytest.fixture(scope="session")
def elastic_alias(elasticsearch_url: str) -> Iterator[str]:
    """An index of the run's own, published. It forgets at once what was taken out."""
    alias = f"saite-test-{secrets.token_hex(6)}"

    async def make() -> None:
        index = ElasticIndex(client := AsyncElasticsearch(elasticsearch_url), alias, TYPES)
        await index.publish(await index.draft())
        await client.indices.put_settings(index=alias, settings={"index.gc_deletes": "0s"})
        await index.close()

    async def drop() -> None:
        async with AsyncElasticsearch(elasticsearch_url) as client:
            await _drop(client, alias)

    asyncio.run(make())
    yield alias
    asyncio.run(drop())


@pytest.fixture(params=STORES)
def alias(request: pytest.FixtureRequest) -> str | None:
    """The alias in Elasticsearch; None for the other store."""
    return request.getfixturevalue("elastic_alias") if request.param == "elastic" else None


@pytest.fixture
async def index(request: pytest.FixtureRequest, alias: str | None, open_index: OpenIndex) -> AsyncIterator[SearchIndex]:
    if alias is None:
        found = await open_index("fts5")
        await found.publish(await found.draft())
        yield found
        return
    client = AsyncElasticsearch(request.getfixturevalue("elasticsearch_url"))
    yield (shared := ElasticIndex(client, alias, TYPES))
    await shared.refresh()
    there = await client.search(index=alias, size=MANY, source=False)
    last = {"version": 1 << 40, "version_type": "external"}
    gone = [{"delete": {"_id": hit["_id"], **last}} for hit in there["hits"]["hits"]]
    if gone:
        await client.bulk(index=alias, operations=gone, refresh=True)
    await shared.close()
