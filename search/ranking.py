"""How well a document answers a question, and where in it that is seen.

What comes in: a question, a document that matched, what the asker may search of its type. What goes out: a score from 0 to
1, and highlights. Both come from this one document and the fields that the asker may search alone: no other document moves
a score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

from search.document import SearchDocument
from search.keys import WHOLE as WHOLE_MARK
from search.keys import key, normal
from search.kinds import FieldKind, SearchedField
from search.names import Word, fold, likeness, words_of
from search.names.latvian import stem
from search.query import AskedWord, Query
from search.reach import Reach

WHOLE: Final = 1.0
BY_PATTERN: Final = 0.95
SAME_WORD: Final = 0.85
SAME_STEM: Final = 0.75
SEEN: Final = 0.8
"""From which likeness on a word is highlighted."""

_COVERED: Final = 0.1
FRAGMENT: Final = 160


class Span(NamedTuple):
    """A part of a text: its first character, and the one after its last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Highlight:
    """A field's text, cut to a fragment when it is long, and the spans of it that answer the question."""

    field: str
    text: str
    spans: tuple[Span, ...]


def score(document: SearchDocument, query: Query, reach: Reach) -> float:
    """How well the document answers, rounded to four digits."""
    if query.whole and any(_is_whole(field, value, query) for field, value in _values(document, reach.whole)):
        return WHOLE
    texts = [(field, value, words_of(value)) for field, value in _values(document, reach.searched)]
    best = [
        max((_word_score(word, field, value, words, reach) for field, value, words in texts), default=0.0)
        for word in query.words
    ]
    answered = sum(best) / len(best)
    return round(answered * (1 - _COVERED + _COVERED * _covered(query, texts)), 4)


def _covered(query: Query, texts: list[tuple[SearchedField, str, list[Word]]]) -> float:
    """How much of the names that were meant the question says: of two that are found the shorter one is nearer."""
    met = [words for field, _, words in texts if field.kind is FieldKind.NAME and _is_met(query, words)]
    total = sum(len(words) for words in met)
    return min(1.0, len(query.words) / total) if total else 1.0


def _is_met(query: Query, words: list[Word]) -> bool:
    return any(likeness(asked.text, word.text) >= SEEN for asked in query.words for word in words)


def _values(document: SearchDocument, fields: frozenset[SearchedField]) -> Iterator[tuple[SearchedField, str]]:
    for field in sorted(fields, key=lambda field: field.code):
        for value in document.values.get(field.field, ()):
            yield field, value


def _is_whole(field: SearchedField, value: str, query: Query) -> bool:
    return key(field, WHOLE_MARK, normal(field, value)) in query.whole


def _word_score(asked: AskedWord, field: SearchedField, value: str, words: list[Word], reach: Reach) -> float:
    match field.kind:
        case FieldKind.IDENTIFIER:
            return _identifier_score(asked, field, value, reach)
        case FieldKind.TEXT:
            return max((_text_score(asked.text, word.text) for word in words), default=0.0)
        case FieldKind.NAME:
            return max((likeness(asked.text, word.text) for word in words), default=0.0)


def _identifier_score(asked: AskedWord, field: SearchedField, value: str, reach: Reach) -> float:
    kept = normal(field, value)
    if asked.patterns:
        is_met = field in reach.inside and any(
            pattern.code == field.code and fnmatchcase(kept, pattern.text) for pattern in asked.patterns
        )
        return BY_PATTERN if is_met else 0.0
    return WHOLE if kept == normal(field, asked.text) else 0.0


def _text_score(asked: str, word: str) -> float:
    one, other = fold(asked), fold(word)
    if one == other:
        return SAME_WORD
    return SAME_STEM if stem(one) == stem(other) else 0.0


def highlights(document: SearchDocument, query: Query, reach: Reach) -> tuple[Highlight, ...]:
    """Where the document answers, in fields that may be shown."""
    found = ((field, value, _spans(field, value, query, reach)) for field, value in _values(document, reach.shown))
    return tuple(_cut(Highlight(field.field, value, spans)) for field, value, spans in found if spans)


def _spans(field: SearchedField, value: str, query: Query, reach: Reach) -> tuple[Span, ...]:
    if field.kind is FieldKind.IDENTIFIER:
        is_met = _is_whole(field, value, query) or any(_identifier_score(asked, field, value, reach) for asked in query.words)
        return (Span(0, len(value)),) if is_met else ()
    least = SAME_STEM if field.kind is FieldKind.TEXT else SEEN
    words = words_of(value)
    seen = (word for word in words if max(_word_score(asked, field, value, [word], reach) for asked in query.words) >= least)
    return tuple(Span(word.start, word.end) for word in seen)


def _cut(whole: Highlight) -> Highlight:
    if len(whole.text) <= FRAGMENT:
        return whole
    begin = max(0, whole.spans[0][0] - FRAGMENT // 4)
    if begin:
        begin = whole.text.find(" ", begin, whole.spans[0][0]) + 1 or begin
    end = min(len(whole.text), begin + FRAGMENT)
    spans = tuple(Span(start - begin, stop - begin) for start, stop in whole.spans if stop <= end)
    return Highlight(whole.field, whole.text[begin:end], spans)
