"""The index in Elasticsearch: generations `NAME-…`, and the alias `NAME`, which answers.

What comes in: a client, the alias. What goes out: a `search.index.SearchIndex`. Versions are the documents' own
(`external_gte`), so what is older is refused by Elasticsearch itself; the alias moves to the next generation in one step.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError

from search.document import SearchDocument
from search.elastic.asking import asked
from search.elastic.mapping import MAPPINGS, POSITION, REMOVED, SETTINGS, facet_path, source_of
from search.errors import SearchBeingPrepared, SearchFailed
from search.index import MAX_BUCKETS, Generation, Kept, Match
from search.kinds import SearchedType
from search.query import Query

BATCH: Final = 2000
WRITTEN: Final = 250
"""Documents of one request: a few hundred KiB."""

EXACT_UP_TO: Final = 10_000
"""Terms of each shard that are counted before the most frequent are taken: up to so many different values counts are exact."""

PATIENCE: Final = 10.0
_CONFLICT: Final = 409
_DECODER: Final = msgspec.json.Decoder(SearchDocument)


class ElasticGeneration:
    """See `search.index.Generation`: one index, by its name or the alias that stands for it."""

    def __init__(self, client: AsyncElasticsearch, name: str, types: Mapping[str, SearchedType]) -> None:
        self.name = name
        self._client = client
        self._types = types

    async def put(self, documents: Sequence[SearchDocument]) -> int:
        """See `Generation.put`."""
        parts = (documents[start : start + WRITTEN] for start in range(0, len(documents), WRITTEN))
        return sum([await self._bulk([self._item(each) for each in part]) for part in parts])

    def _item(self, document: SearchDocument) -> tuple[str, int, dict[str, Any]]:
        return document.id, document.version, source_of(document, self._types[document.type])

    async def remove(self, type_name: str, ids: Collection[str], version: int) -> None:
        """See `Generation.remove`."""
        assert type_name in self._types
        await self._bulk([(one, version, {"type": REMOVED, "id": one}) for one in ids])

    async def _bulk(self, items: Sequence[tuple[str, int, dict[str, Any]]]) -> int:
        if not items:
            return 0
        operations: list[dict[str, Any]] = []
        for key, version, source in items:
            operations += [{"index": {"_id": key, "version": version, "version_type": "external_gte"}}, source]
        with failing():
            # An alias that is missing must not become an index of its own.
            answer = await self._client.bulk(index=self.name, operations=operations, require_alias=self._is_alias)
        results = [item["index"] for item in answer["items"]]
        wrong = [result["error"] for result in results if "error" in result and result["status"] != _CONFLICT]
        if any(error["type"] == "index_not_found_exception" for error in wrong):
            raise being_prepared()
        if wrong:
            raise SearchFailed(f"{self.name} did not take {len(wrong)} documents: {wrong[0]['type']}.")
        return sum("error" not in result for result in results)

    @property
    def _is_alias(self) -> bool:
        return False

    async def position(self, room: str) -> int:
        """See `Generation.position`."""
        try:
            with failing():
                found = await self._client.get(index=self.name, id=f"{POSITION}{room}")
        except SearchBeingPrepared:
            if await self._client.indices.exists(index=self.name):
                return 0  # the index is there, and the document is not
            raise
        return int(found["_source"]["position"])

    async def move(self, room: str, position: int) -> None:
        """See `Generation.move`."""
        await self._bulk([(f"{POSITION}{room}", position, {"type": POSITION, "position": position})])

    async def kept(self, type_name: str) -> AsyncIterator[list[Kept]]:
        """See `Generation.kept`."""
        after: list[Any] | None = None
        while True:
            with failing():
                answer = await self._client.search(
                    index=self.name,
                    query={"term": {"type": type_name}},
                    sort=[{"id": "asc"}],
                    size=BATCH,
                    source_includes=["id", "digest"],
                    search_after=after,
                    track_total_hits=False,
                )
            hits = answer["hits"]["hits"]
            if not hits:
                return
            yield [Kept(hit["_source"]["id"], hit["_source"]["digest"]) for hit in hits]
            after = hits[-1]["sort"]

    async def refresh(self) -> None:
        """See `Generation.refresh`."""
        with failing():
            await self._client.indices.refresh(index=self.name)


class ElasticIndex(ElasticGeneration):
    """See `search.index.SearchIndex`. `patience` says how many seconds the present asker still waits."""

    def __init__(
        self,
        client: AsyncElasticsearch,
        alias: str,
        types: Sequence[SearchedType],
        patience: Callable[[], float] = lambda: PATIENCE,
    ) -> None:
        super().__init__(client, alias, {searched.name: searched for searched in types})
        self._patience = patience

    @property
    def types(self) -> Mapping[str, SearchedType]:
        """See `SearchIndex.types`."""
        return self._types

    @property
    def _is_alias(self) -> bool:
        return True

    async def matching(self, query: Query, after: tuple[int, str] | None, limit: int) -> Sequence[Match]:
        """See `SearchIndex.matching`."""
        answer = await self._ask(
            query=asked(query),
            sort=[{"_score": "desc"}, {"id": "asc"}],
            size=limit,
            source_includes=["body"],
            search_after=None if after is None else list(after),
        )
        return [Match(_DECODER.decode(hit["_source"]["body"]), int(hit["sort"][0])) for hit in answer["hits"]["hits"]]

    async def count(self, query: Query) -> int:
        """See `SearchIndex.count`."""
        with failing():
            answer = await self._patient.count(index=self.name, query=asked(query))
        return int(answer["count"])

    async def facets(self, query: Query, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """See `SearchIndex.facets`."""
        terms = {
            name: {"terms": {"field": facet_path(name), "size": MAX_BUCKETS, "shard_size": EXACT_UP_TO}}
            for name in sorted(fields)
        }
        answer = await self._ask(query=asked(query), size=0, aggregations=terms)
        found = ((name, counted["buckets"]) for name, counted in answer["aggregations"].items())
        return {name: {bucket["key"]: bucket["doc_count"] for bucket in buckets} for name, buckets in found if buckets}

    async def is_ready(self) -> bool:
        """See `SearchIndex.is_ready`."""
        with failing():
            return bool(await self._client.indices.exists_alias(name=self.name))

    async def draft(self) -> ElasticGeneration:
        """See `SearchIndex.draft`."""
        name = f"{self.name}-{time.time_ns()}-{secrets.token_hex(4)}"
        with failing():
            await self._client.indices.create(index=name, settings=SETTINGS, mappings=MAPPINGS)
        return ElasticGeneration(self._client, name, self._types)

    async def publish(self, draft: Generation) -> None:
        """See `SearchIndex.publish`."""
        assert isinstance(draft, ElasticGeneration), "a draft comes from `draft`"
        old: list[str] = []
        if await self.is_ready():
            with failing():
                old = list((await self._client.indices.get_alias(name=self.name)).keys())
        actions: list[dict[str, Any]] = [{"add": {"index": draft.name, "alias": self.name}}]
        actions += [{"remove": {"index": name, "alias": self.name}} for name in old]
        with failing():
            await self._client.indices.update_aliases(actions=actions)
            if old:
                await self._client.indices.delete(index=old)

    async def close(self) -> None:
        """See `SearchIndex.close`."""
        await self._client.close()

    @property
    def _patient(self) -> AsyncElasticsearch:
        return self._client.options(request_timeout=max(0.001, self._patience()), max_retries=0)

    async def _ask(self, **what: Any) -> Mapping[str, Any]:
        with failing():
            answer = await self._patient.search(index=self.name, track_total_hits=False, **what)
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise SearchFailed(f"{self.name} answered in part: half an answer would read as a whole one.")
        found: Mapping[str, Any] = answer.body
        return found


def being_prepared() -> SearchBeingPrepared:
    """What is said before the first index is published."""
    return SearchBeingPrepared("Searching is being prepared: the index is filled for the first time. Ask again in a minute.")


@contextmanager
def failing() -> Iterator[None]:
    """Elasticsearch's errors as ours; their text may hold what was asked for, so only their kind is told."""
    try:
        yield
    except NotFoundError:
        raise being_prepared() from None
    except (ApiError, TransportError) as error:
        status = error.status_code if isinstance(error, ApiError) else type(error).__name__
        raise SearchFailed(f"The search index could not answer: {status} {error.message}.") from error
