"""One index in one SQLite file.

What comes in: the file's path. What goes out: what `search.index` promises. A write that returned survives the process; a
power cut may take the last ones with it, and then takes their positions, too, so that they are written again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from search.document import SearchDocument, body_of, digest_of
from search.errors import SearchFailed
from search.fts5.asking import found
from search.fts5.tables import CREATE_KEYS, DOCUMENT, FACET, IDENTIFIER, KEYS, METADATA, POSITION
from search.index import MAX_BUCKETS, TYPE_FACET, Kept, Match
from search.keys import identifiers_of, keys_of
from search.kinds import SearchedType
from search.query import Query

T = TypeVar("T")

BATCH: Final = 2000
_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA busy_timeout=30000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
    "PRAGMA mmap_size=268435456",
)
_DECODER: Final = msgspec.json.Decoder(SearchDocument)


class Fts5File:
    """See `search.index.Generation`; it answers questions, too."""

    def __init__(self, path: Path, types: Mapping[str, SearchedType]) -> None:
        self.path = path
        self._types = types
        self._engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)), hide_parameters=True)
        event.listen(self._engine, "connect", _set_up)
        self._turn = asyncio.Lock()

    async def create(self) -> None:
        """Make the tables where they are missing."""

        def make(connection: sa.Connection) -> None:
            METADATA.create_all(connection)
            connection.execute(sa.text(CREATE_KEYS))

        await self._writing(make)

    async def put(self, documents: Sequence[SearchDocument]) -> int:
        """See `Generation.put`."""
        newest = {(document.type, document.id): document for document in sorted(documents, key=lambda each: each.version)}
        if not newest:
            return 0
        return await self._writing(lambda connection: self._put(connection, list(newest.values())))

    def _put(self, connection: sa.Connection, documents: list[SearchDocument]) -> int:
        known = _known(connection, documents)
        written = [each for each in documents if each.version >= known.get((each.type, each.id), (0, -1))[1]]
        number = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(DOCUMENT.c.number), 0))) or 0)
        _clear(connection, [known[each.type, each.id][0] for each in written if (each.type, each.id) in known])
        rows, keys, identifiers, facets = [], [], [], []
        for document in written:
            searched = self._types[document.type]
            if (document.type, document.id) in known:
                place = known[document.type, document.id][0]
            else:
                place = number = number + 1
            rows.append(_row(place, document))
            keys.append({"rowid": place, "words": " ".join(sorted(keys_of(document, searched)))})
            identifiers += [
                {"code": c, "value": v, "number": place} for c, v in dict.fromkeys(identifiers_of(document, searched))
            ]
            values = {**document.facets, TYPE_FACET: (document.type,)}
            facets += [{"number": place, "name": n, "value": v} for n, each in values.items() for v in dict.fromkeys(each)]
        for table, given in ((DOCUMENT, rows), (KEYS, keys), (IDENTIFIER, identifiers), (FACET, facets)):
            if given:
                connection.execute(sa.insert(table), given)
        return len(written)

    async def remove(self, type_name: str, ids: Collection[str], version: int) -> None:
        """See `Generation.remove`."""
        gone = [SearchDocument(type=type_name, id=one, version=version) for one in ids]

        def take(connection: sa.Connection) -> None:
            known = _known(connection, gone)
            newer = [each for each in gone if version >= known.get((type_name, each.id), (0, -1))[1]]
            _clear(connection, [known[type_name, each.id][0] for each in newer if (type_name, each.id) in known])
            stones = [{"type": type_name, "id": each.id, "version": version} for each in newer]
            if stones:
                connection.execute(sa.insert(DOCUMENT), stones)

        await self._writing(take)

    async def position(self, room: str) -> int:
        """See `Generation.position`."""
        statement = sa.select(POSITION.c.position).where(POSITION.c.room == room)
        return await self._reading(lambda connection: int(connection.scalar(statement) or 0))

    async def move(self, room: str, position: int) -> None:
        """See `Generation.move`."""
        statement = sa.text(
            "INSERT INTO position (room, position) VALUES (:room, :position) "
            "ON CONFLICT (room) DO UPDATE SET position = max(position, excluded.position)"
        )
        await self._writing(lambda connection: connection.execute(statement, {"room": room, "position": position}))

    async def kept(self, type_name: str) -> AsyncIterator[list[Kept]]:
        """See `Generation.kept`."""
        after = ""
        while True:
            statement = (
                sa.select(DOCUMENT.c.id, DOCUMENT.c.digest)
                .where(DOCUMENT.c.type == type_name, DOCUMENT.c.id > after, DOCUMENT.c.body.is_not(None))
                .order_by(DOCUMENT.c.id)
                .limit(BATCH)
            )
            rows = await self._rows(statement)
            if not rows:
                return
            yield [Kept(row.id, row.digest) for row in rows]
            after = rows[-1].id

    async def refresh(self) -> None:
        """See `Generation.refresh`: a transaction is seen when it ends."""

    async def matching(self, query: Query, after: tuple[int, str] | None, limit: int) -> Sequence[Match]:
        """See `SearchIndex.matching`."""
        matched = found(query)
        statement = (
            sa.select(DOCUMENT.c.body, DOCUMENT.c.version, matched.c.weight)
            .join_from(matched, DOCUMENT, DOCUMENT.c.number == matched.c.number)
            .order_by(matched.c.weight.desc(), matched.c.id)
            .limit(limit)
        )
        if after is not None:
            weight, last = after
            further = sa.and_(matched.c.weight == weight, matched.c.id > last)
            statement = statement.where(sa.or_(matched.c.weight < weight, further))
        rows = await self._rows(statement)
        return [Match(_DECODER.decode(row.body), row.weight) for row in rows]

    async def count(self, query: Query) -> int:
        """See `SearchIndex.count`."""
        statement = sa.select(sa.func.count()).select_from(found(query))
        return await self._reading(lambda connection: int(connection.scalar(statement) or 0))

    async def facets(self, query: Query, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """See `SearchIndex.facets`."""
        matched = found(query)
        amount = sa.func.count().label("amount")
        statement = (
            sa.select(FACET.c.name, FACET.c.value, amount)
            .join_from(matched, FACET, FACET.c.number == matched.c.number)
            .where(FACET.c.name.in_(sorted(fields)))
            .group_by(FACET.c.name, FACET.c.value)
            .order_by(FACET.c.name, amount.desc(), FACET.c.value)
        )
        counted: dict[str, dict[str, int]] = {}
        for row in await self._rows(statement):
            buckets = counted.setdefault(row.name, {})
            if len(buckets) < MAX_BUCKETS:
                buckets[row.value] = row.amount
        return counted

    async def close(self) -> None:
        """Let go of connections."""
        await asyncio.to_thread(self._engine.dispose)

    async def _rows(self, statement: sa.Select[Any]) -> Sequence[sa.Row[Any]]:
        return await self._reading(lambda connection: connection.execute(statement).all())

    async def _reading(self, work: Callable[[sa.Connection], T]) -> T:
        def run() -> T:
            with self._failing(), self._engine.connect() as connection:
                return work(connection)

        return await asyncio.to_thread(run)

    async def _writing(self, work: Callable[[sa.Connection], T]) -> T:
        def run() -> T:
            with self._failing(), self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                done = work(connection)
                connection.commit()
                return done

        async with self._turn:
            return await asyncio.to_thread(run)

    @contextmanager
    def _failing(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise SearchFailed(f"{self.path} could not answer: {type(error).__name__}: {error}") from error


def _row(place: int, document: SearchDocument) -> dict[str, Any]:
    body = body_of(document)
    return {
        "number": place,
        "type": document.type,
        "id": document.id,
        "version": document.version,
        "digest": digest_of(body),
        "body": body,
        "rows": msgspec.json.encode(document.rows).decode(),
        "at": document.at,
        "lat": document.lat,
        "lon": document.lon,
    }


def _known(connection: sa.Connection, documents: Sequence[SearchDocument]) -> dict[tuple[str, str], tuple[int, int]]:
    """Number and version of those that are there, by type and id."""
    places: dict[tuple[str, str], tuple[int, int]] = {}
    for start in range(0, len(documents), BATCH):
        ids = [document.id for document in documents[start : start + BATCH]]
        columns = (DOCUMENT.c.type, DOCUMENT.c.id, DOCUMENT.c.number, DOCUMENT.c.version)
        types = sorted({document.type for document in documents})
        for row in connection.execute(sa.select(*columns).where(DOCUMENT.c.type.in_(types), DOCUMENT.c.id.in_(ids))):
            places[row.type, row.id] = (row.number, row.version)
    return places


def _clear(connection: sa.Connection, numbers: Sequence[int]) -> None:
    for table, column in ((DOCUMENT, "number"), (KEYS, "rowid"), (IDENTIFIER, "number"), (FACET, "number")):
        for number in numbers:
            connection.execute(sa.delete(table).where(table.c[column] == number))


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
