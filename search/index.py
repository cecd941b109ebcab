"""What every index promises, whichever store keeps it: SQLite with FTS5 (`fts5`) or Elasticsearch (`elastic`).

What comes in: documents with versions; questions. What goes out: what the asker may see of what matches. Both adapters pass
one contract test, `tests/search/test_index.py`; what they find and in which order is the same, because analysis (`keys`)
and scoring (`ranking`) are not theirs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from search.document import SearchDocument
from search.kinds import SearchedType
from search.query import Query

TYPE_FACET = "type"
"""The facet that every document has: the name of its type."""

MAX_BUCKETS = 20


@dataclass(frozen=True, slots=True)
class Match:
    """A document that matches; `weight` is what its keys count, by which matches are ordered, and then by id."""

    document: SearchDocument
    weight: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A document as the index holds it, for holding it against the register."""

    id: str
    digest: str


class Generation(Protocol):
    """One whole index, complete or being filled."""

    async def put(self, documents: Sequence[SearchDocument]) -> int:
        """Write the documents, and say how many were written: one with a smaller version than what is there is not."""
        ...

    async def remove(self, type_name: str, ids: Collection[str], version: int) -> None:
        """Take things out. What is put later with a smaller version stays out."""
        ...

    async def position(self, room: str) -> int:
        """Up to where in the room's changes everything is in the index; 0: from the beginning."""
        ...

    async def move(self, room: str, position: int) -> None:
        """Everything up to there is in the index. It never goes back."""
        ...

    def kept(self, type_name: str) -> AsyncIterator[list[Kept]]:
        """Every document of a type in the order of ids, in batches."""
        ...

    async def refresh(self) -> None:
        """What was written until now can be found from here on."""
        ...


class SearchIndex(Generation, Protocol):
    """The index that answers. Raises SearchBeingPrepared before the first is published, SearchFailed when its store fails."""

    @property
    def types(self) -> Mapping[str, SearchedType]:
        """What may be searched, by the type's name."""
        ...

    async def matching(self, query: Query, after: tuple[int, str] | None, limit: int) -> Sequence[Match]:
        """The visible documents that match, by weight and id; those after a place in that order."""
        ...

    async def count(self, query: Query) -> int:
        """How many visible documents match."""
        ...

    async def facets(self, query: Query, fields: Collection[str]) -> Mapping[str, Mapping[str, int]]:
        """How many visible matches have each value of these facets: at most MAX_BUCKETS each, the most frequent first."""
        ...

    async def is_ready(self) -> bool:
        """Whether an index was published."""
        ...

    async def draft(self) -> Generation:
        """A new empty index beside the one that answers."""
        ...

    async def publish(self, draft: Generation) -> None:
        """From here on the draft answers; the one before it goes. Nobody who asks meanwhile meets an error or half an index."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
