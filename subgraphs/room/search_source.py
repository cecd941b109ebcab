"""A register as search reads it: for every row rule, because the index holds what each asker's own rules are put on.

What comes in: a room's store, and how a record becomes a document of the index. What goes out: a `search.indexing.Source`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from changes.feed import Changes
from kernel.paging import Page
from search.document import SearchDocument
from subgraphs.room.records import Involved, Kept
from subgraphs.room.store import RecordStore
from subgraphs.room.where import All, Listing, Rows, Sort

EVERY_ROW: Final[Rows] = {}
DocumentOf = Callable[[Kept[Any], Involved | None, int], SearchDocument]


class Projection(Protocol):
    """The part of `subgraphs.room.store.ProjectingStore` that is read here."""

    async def involved_of(self, ids: Sequence[str]) -> dict[str, Involved]: ...


@dataclass(frozen=True, slots=True)
class RoomSource:
    """One room. `projection` is None where row rules read no projection."""

    room: str
    type_name: str
    store: RecordStore[Any]
    changes: Changes
    document_of: DocumentOf
    projection: Projection | None = None

    async def documents(self, ids: Collection[str], position: int) -> list[SearchDocument]:
        """See `Source.documents`."""
        found = await self.store.by_ids(list(ids), EVERY_ROW)
        return await self._documents(list(found.values()), position)

    async def everything(self, position: int, size: int) -> AsyncIterator[list[SearchDocument]]:
        """See `Source.everything`."""
        place: tuple[Any, ...] | None = None
        while True:
            page = Page(size, backward=False, position=place)
            found = await self.store.find(Listing(All(()), (Sort("id"),), page, EVERY_ROW))
            if found.items:
                yield await self._documents([placed.item for placed in found.items], position)
                place = found.items[-1].position
            if not found.has_next:
                return

    async def _documents(self, kept: Sequence[Kept[Any]], position: int) -> list[SearchDocument]:
        # read after the records: a projection that moved in between is told as a change after `position`, and comes again
        involved = {} if self.projection is None else await self.projection.involved_of([each.record.id for each in kept])
        return [self.document_of(each, involved.get(each.record.id), position) for each in kept]
