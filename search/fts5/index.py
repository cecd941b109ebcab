"""The index in a folder: files of which one answers, and `current`, which names it.

What comes in: the folder. What goes out: a `search.index.SearchIndex`. A rebuilt index becomes the answering one when
`current` is replaced, which is one step; whoever is in the middle of a question ends it with the file that he has open.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from search.document import SearchDocument
from search.errors import SearchBeingPrepared
from search.fts5.file import Fts5File
from search.index import Generation, Kept, Match
from search.kinds import SearchedType
from search.query import Query

_CURRENT: Final = "current"


class Fts5Index:
    """See `search.index.SearchIndex`."""

    def __init__(self, folder: Path, types: Sequence[SearchedType]) -> None:
        self._folder = folder
        self._types = {searched.name: searched for searched in types}
        self._open: Fts5File | None = None
        self._drafts: list[Fts5File] = []

    @property
    def types(self) -> Mapping[str, SearchedType]:
        """See `SearchIndex.types`."""
        return self._types

    async def _now(self) -> Fts5File:
        """The file that answers. Raises SearchBeingPrepared."""
        try:
            name = (self._folder / _CURRENT).read_text("utf-8").strip()
        except FileNotFoundError:
            raise SearchBeingPrepared(
                "Searching is being prepared: the index is filled for the first time. Ask again in a minute."
            ) from None
        if self._open is None or self._open.path.name != name:
            before, self._open = self._open, Fts5File(self._folder / name, self._types)
            if before is not None:
                await before.close()
        return self._open

    async def is_ready(self) -> bool:
        """See `SearchIndex.is_ready`."""
        return (self._folder / _CURRENT).exists()

    async def draft(self) -> Fts5File:
        """See `SearchIndex.draft`."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = Fts5File(self._folder / f"{time.time_ns()}-{secrets.token_hex(4)}.sqlite3", self._types)
        await draft.create()
        self._drafts.append(draft)
        return draft

    async def publish(self, draft: Generation) -> None:
        """See `SearchIndex.publish`."""
        assert isinstance(draft, Fts5File), "a draft comes from `draft`"
        pointer = self._folder / f".{_CURRENT}-{secrets.token_hex(4)}"
        pointer.write_text(draft.path.name, "utf-8")
        pointer.replace(self._folder / _CURRENT)
        await draft.close()
        self._drafts.remove(draft)
        await self._now()
        for old in self._folder.glob("*.sqlite3"):
            if old.name < draft.path.name:  # names begin with the time: a draft that somebody else fills is younger
                for part in (old, Path(f"{old}-wal"), Path(f"{old}-shm")):
                    part.unlink(missing_ok=True)

    async def close(self) -> None:
        """See `SearchIndex.close`."""
        for file in (*self._drafts, *(() if self._open is None else (self._open,))):
            await file.close()

    # what the answering file does

    async def put(self, documents: Sequence[SearchDocument]) -> int:
        """See `Generation.put`."""
        return await (await self._now()).put(documents)

    async def remove(self, type_name: str, ids: Collection[str], version: int) -> None:
        """See `Generation.remove`."""
        await (await self._now()).remove(type_name, ids, version)

    async def position(self, room: str) -> int:
        """See `Generation.position`."""
        return await (await self._now()).position(room)

    async def move(self, room: str, position: int) -> None:
        """See `Generation.move`."""
        await (await self._now()).move(room, position)

    async def kept(self, type_name: str) -> AsyncIterator[list[Kept]]:
        """See `Generation.kept`."""
        async for batch in (await self._now()).kept(type_name):
            yield batch

    async def refresh(self) -> None:
        """See `Generation.refresh`."""

    async def matching(self, query: Query, after: tuple[int, str] | None, limit: int) -> Sequence[Match]:
        """See `SearchIndex.matching`."""
        return await (await self._now()).matching(query, after, limit)

    async def count(self, query: Query) -> int:
        """See `SearchIndex.count`."""
        return await (await self._now()).count(query)

    async def facets(self, query: Query, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """See `SearchIndex.facets`."""
        return await (await self._now()).facets(query, fields)
