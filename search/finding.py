"""Finding: a page of hits, in the order of how well they answer; and what a text that is being typed may become.

What comes in: an index, a question, a page. What goes out: `Hits`.

    the WINDOW best matches by keys are scored by the document itself and ordered by that, then by id
    what comes after them keeps the order of the keys

A cursor says in which of the two parts a page goes on, and after what. Weights and scores depend on nothing that the asker
may not see, so pages do not either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from search import ranking
from search.document import SearchDocument
from search.index import Match, SearchIndex
from search.keys import key
from search.kinds import FieldKind
from search.names import Level, fold, words_of
from search.query import AskedWord, Query, query_of
from search.ranking import Highlight
from search.reach import Reach

WINDOW: Final = 200
SUGGESTED_FROM: Final = 500
MIN_PREFIX: Final = 2
_NEAR, _FAR = "near", "far"

Position = tuple[str, float, str]
"""The part (`near`: scored, `far`: by keys), the score or weight, and the id."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its type and id, how well it answers (0 to 1), where that is seen, and its place."""

    type: str
    id: str
    score: float
    highlights: tuple[Highlight, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of what was found."""

    hits: tuple[Hit, ...]
    has_next: bool


async def find(index: SearchIndex, query: Query, size: int, after: Position | None) -> Hits:
    """The next `size` hits."""
    reaches = {reach.type.name: reach for reach in query.reaches}
    window = await index.matching(query, None, WINDOW)
    hits: list[Hit] = []
    if after is None or after[0] == _NEAR:
        ranked = sorted((_hit(match, query, reaches) for match in window), key=lambda hit: (-hit.score, hit.id))
        hits = [hit for hit in ranked if after is None or (-hit.score, hit.id) > (-after[1], after[2])][: size + 1]
    if len(hits) <= size and len(window) == WINDOW:
        is_far = after is not None and after[0] == _FAR
        last = (int(after[1]), after[2]) if after is not None and is_far else (window[-1].weight, window[-1].document.id)
        further = await index.matching(query, last, size + 1 - len(hits))
        hits += [_far(_hit(match, query, reaches), match) for match in further]
    return Hits(tuple(hits[:size]), len(hits) > size)


def _hit(match: Match, query: Query, reaches: Mapping[str, Reach]) -> Hit:
    document = match.document
    reach = reaches[document.type]
    score = ranking.score(document, query, reach)
    return Hit(document.type, document.id, score, ranking.highlights(document, query, reach), (_NEAR, score, document.id))


def _far(hit: Hit, match: Match) -> Hit:
    return replace(hit, position=(_FAR, float(match.weight), hit.id))


async def suggest(index: SearchIndex, text: str, reaches: tuple[Reach, ...], limit: int) -> tuple[str, ...]:
    """How the last word of a text may go on, the most frequent first: words of fields that the asker may search and see, in
    what he may see. Raises BadSearch.
    """
    words = words_of(text)
    if not words or len(fold(words[-1].text)) < MIN_PREFIX:
        return ()
    prefix, before = words[-1], text[: words[-1].start]
    query = query_of(before, reaches) if before.strip() else Query(reaches, (), 0)
    query = replace(
        query, words=(*query.words, _beginning(prefix.text, reaches)), needed=len(query.words) + 1, whole=frozenset()
    )
    found = await index.matching(query, None, SUGGESTED_FROM)
    endings = _endings([match.document for match in found], fold(prefix.text), {reach.type.name: reach for reach in reaches})
    best = sorted(endings.items(), key=lambda item: (-item[1], item[0]))[:limit]
    return tuple(before + word for word, _ in best)


def _beginning(prefix: str, reaches: Sequence[Reach]) -> AskedWord:
    fields = [field for reach in reaches for field in reach.inside & reach.shown if field.kind is not FieldKind.IDENTIFIER]
    return AskedWord(prefix, prefixes=frozenset(key(field, Level.EXACT.value, fold(prefix)) for field in fields))


def _endings(documents: Sequence[SearchDocument], prefix: str, reaches: Mapping[str, Reach]) -> Counter[str]:
    found: Counter[str] = Counter()
    for document in documents:
        reach = reaches[document.type]
        fields = [field for field in reach.inside & reach.shown if field.kind is not FieldKind.IDENTIFIER]
        values = (value for field in fields for value in document.values.get(field.field, ()))
        found.update({word.text for value in values for word in words_of(value) if fold(word.text).startswith(prefix)})
    return found
