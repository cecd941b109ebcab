"""Filling the index, keeping it up, and holding it against the registers.

What comes in: `Source`, a register that can be read; its changes. What goes out: the same index, in step.

    rebuild    a new index beside the old one: read each register, follow what changed meanwhile, publish
    follow     read what changed since the index's own position; write it; move the position, which lies in the index itself
    differ     go through register and index side by side, in the order of ids, and compare digests

A document's version is a position in the changes that was known before the record was read: what was read later never gives
way to what was read before. Whoever stops in the middle, or does it twice, ends with the same index.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from changes.feed import Changes
from search.document import SearchDocument, body_of, digest_of
from search.index import Generation, Kept, SearchIndex

FOLLOWER: Final = "search"
BATCH: Final = 250


class Source(Protocol):
    """A register that is searched."""

    @property
    def room(self) -> str:
        """The room's name."""
        ...

    @property
    def type_name(self) -> str:
        """The type of its things."""
        ...

    @property
    def changes(self) -> Changes:
        """Its changes."""
        ...

    async def documents(self, ids: Collection[str], position: int) -> list[SearchDocument]:
        """What there is of these ids now, with this version."""
        ...

    def everything(self, position: int, size: int) -> AsyncIterator[list[SearchDocument]]:
        """All that there is, in the order of ids, with this version, in batches."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """What register and index have of one type: how many each, and the ids that one lacks or has otherwise."""

    type_name: str
    in_register: int
    in_index: int
    digest_of_register: str
    digest_of_index: str
    ids: tuple[str, ...]


async def rebuild(index: SearchIndex, sources: Sequence[Source]) -> dict[str, int]:
    """Fill a new index and let it answer; how many things of each type it holds."""
    draft = await index.draft()
    written: dict[str, int] = {}
    for source in sources:
        position = await source.changes.last()
        async for documents in source.everything(position, BATCH):
            written[source.type_name] = written.get(source.type_name, 0) + await draft.put(documents)
        await draft.move(source.room, position)
    await follow(draft, sources)
    await draft.refresh()
    await index.publish(draft)
    return written


async def follow(index: Generation, sources: Sequence[Source]) -> int:
    """Write what changed; how many changes that were."""
    return sum([await _follow_one(index, source) for source in sources])


async def _follow_one(index: Generation, source: Source) -> int:
    done = 0
    position = await index.position(source.room)
    while changes := await source.changes.after(position, BATCH):
        position = changes[-1].sequence
        ids = dict.fromkeys(change.id for change in changes)
        documents = await source.documents(ids, position)
        await index.put(documents)
        if gone := ids.keys() - {document.id for document in documents}:
            await index.remove(source.type_name, gone, position)
        await index.move(source.room, position)
        done += len(changes)
    return done


async def acknowledge(index: Generation, sources: Sequence[Source]) -> None:
    """Tell the registers how far the index is, so that they may forget older changes."""
    for source in sources:
        position, told = await index.position(source.room), await source.changes.position(FOLLOWER)
        if position > told:
            await source.changes.move(FOLLOWER, told, position)


async def differ(index: SearchIndex, source: Source) -> Difference:
    """What register and index have otherwise. Do it when nothing is being written, or what is under way shows up, too."""
    kept = _one_by_one(index.kept(source.type_name))
    here = await anext(kept, None)
    ids: list[str] = []
    counts, digests = [0, 0], [0, 0]
    async for documents in source.everything(await source.changes.last(), BATCH):
        for document in documents:
            right = digest_of(body_of(document))
            counts[0], digests[0] = counts[0] + 1, digests[0] ^ int(right, 16)
            while here is not None and here.id < document.id:
                ids.append(here.id)
                counts[1], digests[1] = counts[1] + 1, digests[1] ^ int(here.digest, 16)
                here = await anext(kept, None)
            if here is None or here.id != document.id:
                ids.append(document.id)
                continue
            counts[1], digests[1] = counts[1] + 1, digests[1] ^ int(here.digest, 16)
            if here.digest != right:
                ids.append(document.id)
            here = await anext(kept, None)
    while here is not None:
        ids.append(here.id)
        counts[1], digests[1] = counts[1] + 1, digests[1] ^ int(here.digest, 16)
        here = await anext(kept, None)
    return Difference(source.type_name, counts[0], counts[1], f"{digests[0]:016x}", f"{digests[1]:016x}", tuple(ids))


async def mend(index: SearchIndex, source: Source, ids: Sequence[str]) -> None:
    """Write these things anew, or take them out where the register has none."""
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        position = await source.changes.last()
        documents = await source.documents(some, position)
        await index.put(documents)
        if gone := set(some) - {document.id for document in documents}:
            await index.remove(source.type_name, gone, position)
    await index.refresh()


async def _one_by_one(batches: AsyncIterator[list[Kept]]) -> AsyncIterator[Kept]:
    async for batch in batches:
        for each in batch:
            yield each
