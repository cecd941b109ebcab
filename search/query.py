"""From what somebody typed to what the index is asked.

What comes in: a text, conditions, what the caller may search (`Reach`). What goes out: `Query`: words, each with its keys
by how sure they are, and how many of the words have to be found. Nothing in it names a field that the caller may not search
by.

    Q?-12*        a word with * or ?: a pattern over identifiers, in their normal form
    QA-1234       a word with digits: an identifier, or a word of a text
    Bērziņa-Kļava names and words; hyphens part them
    the whole text, when it has digits, may be one identifier, too: `QA 1234`

Of one or two words all have to be found, of more all but one. Weights are constants: what is found in one thing never
depends on what else is in the index, so nothing that is hidden moves a score.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from search.errors import BadSearch
from search.keys import STEM, WHOLE, key
from search.kinds import FieldKind, SearchedField
from search.names import Level, fold, spelled, words_of
from search.names.latvian import stem
from search.reach import Reach

MAX_TEXT: Final = 200
MAX_WORDS: Final = 8
MIN_HELD: Final = 2
WHOLE_WEIGHT: Final = 100
WEIGHTS: Final[Mapping[Level, int]] = {Level.EXACT: 100, Level.VARIANT: 80, Level.SOUND: 60, Level.NEAR: 30}
_TEXT_WEIGHTS: Final = ((Level.EXACT.value, 60), (STEM, 50))
_PATTERN: Final = re.compile(r"[*?]")
_DIGIT: Final = re.compile(r"\d")
_NOT_OF_IDENTIFIERS: Final = re.compile(r"[^\w*?]|_")


@dataclass(frozen=True, slots=True)
class Pattern:
    """An identifier of the field with this code, of which some signs are not known: `*` any number, `?` one."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word: keys by weight, the surest first; patterns; beginnings of keys (while it is still being typed)."""

    text: str
    keys: tuple[tuple[int, frozenset[str]], ...] = ()
    patterns: tuple[Pattern, ...] = ()
    prefixes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the earth between two latitudes and two longitudes, WGS 84 degrees."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Circle:
    """Centre in WGS 84 degrees, radius in metres."""

    lat: float
    lon: float
    metres: float


@dataclass(frozen=True, slots=True)
class Conditions:
    """What has to hold besides the text. `facets` are values of which one has to be there; `since` is inside, `until` not."""

    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    since: int | None = None
    until: int | None = None
    circle: Circle | None = None
    box: Box | None = None


EVERYTHING: Final = Conditions()


@dataclass(frozen=True, slots=True)
class Query:
    """What the index is asked: `needed` of the words have to be found, or one of the `whole` keys."""

    reaches: tuple[Reach, ...]
    words: tuple[AskedWord, ...]
    needed: int
    whole: frozenset[str] = frozenset()
    conditions: Conditions = EVERYTHING

    @property
    def whole_weight(self) -> int:
        """What the whole text as an identifier counts: as much as every word found surely."""
        return WHOLE_WEIGHT * max(1, len(self.words))


def query_of(text: str, reaches: tuple[Reach, ...], conditions: Conditions = EVERYTHING) -> Query:
    """The question. Raises BadSearch."""
    if not text.strip():
        raise BadSearch("`text` is empty: say what to look for.")
    if len(text) > MAX_TEXT:
        raise BadSearch(f"`text` has {len(text)} characters: look for at most {MAX_TEXT}.")
    words = [word for unit in text.split() for word in _words(unit, reaches)]
    if not words:
        raise BadSearch("`text` has no letter and no digit: say what to look for.")
    if len(words) > MAX_WORDS:
        raise BadSearch(f"`text` has {len(words)} words: look for at most {MAX_WORDS}.")
    whole = _identifier_keys(text, reaches) if _DIGIT.search(text) and not _PATTERN.search(text) else frozenset()
    needed = len(words) if len(words) <= 2 else len(words) - 1
    return Query(reaches, tuple(_joined(words, reaches)), needed, whole, conditions)


def _words(unit: str, reaches: Sequence[Reach]) -> list[AskedWord]:
    if _PATTERN.search(unit):
        return [AskedWord(unit, patterns=_patterns(unit, reaches))]
    if _DIGIT.search(unit):
        keys = ((WHOLE_WEIGHT, _identifier_keys(unit, reaches) | _exact_keys(unit, reaches)), *_text_keys(unit, reaches))
        return [AskedWord(unit, tuple((weight, found) for weight, found in keys if found))]
    return [AskedWord(word.text, _word_keys(word.text, reaches)) for word in words_of(unit)]


def _word_keys(word: str, reaches: Sequence[Reach]) -> tuple[tuple[int, frozenset[str]], ...]:
    found = spelled(word)
    names = _inside(reaches, FieldKind.NAME)
    by_weight = [
        (WEIGHTS[level], frozenset(key(field, level.value, each) for field in names for each in found.keys(level) if each))
        for level in Level
    ]
    both = sorted((*by_weight, *_text_keys(word, reaches)), key=lambda item: -item[0])
    return tuple((weight, keys) for weight, keys in both if keys)


def _exact_keys(unit: str, reaches: Sequence[Reach]) -> frozenset[str]:
    """A word with digits in a name (`Kalniņa 2`) is no other in any spelling."""
    exact = [fold(word.text) for word in words_of(unit)]
    return frozenset(key(field, Level.EXACT.value, each) for field in _inside(reaches, FieldKind.NAME) for each in exact)


def _text_keys(word: str, reaches: Sequence[Reach]) -> list[tuple[int, frozenset[str]]]:
    texts = _inside(reaches, FieldKind.TEXT)
    folded = [fold(part.text) for part in words_of(word)]
    forms = {Level.EXACT.value: folded, STEM: [stem(each) for each in folded]}
    return [
        (weight, frozenset(key(field, level, each) for field in texts for each in forms[level]))
        for level, weight in _TEXT_WEIGHTS
    ]


def _inside(reaches: Sequence[Reach], kind: FieldKind) -> list[SearchedField]:
    return [field for reach in reaches for field in reach.inside if field.kind is kind]


def _identifier_keys(text: str, reaches: Sequence[Reach]) -> frozenset[str]:
    fields = (field for reach in reaches for field in reach.whole)
    return frozenset(key(field, WHOLE, field.normal(text) if field.normal else text) for field in fields)


def _patterns(unit: str, reaches: Sequence[Reach]) -> tuple[Pattern, ...]:
    text = re.sub(r"\*+", "*", _NOT_OF_IDENTIFIERS.sub("", unit)).upper()
    if len(text) - text.count("*") - text.count("?") < MIN_HELD:
        raise BadSearch(f"The pattern `{unit}` says too little: give at least {MIN_HELD} letters or digits beside `*` and `?`.")
    return tuple(Pattern(field.code, text) for field in _inside(reaches, FieldKind.IDENTIFIER))


def _joined(words: Sequence[AskedWord], reaches: Sequence[Reach]) -> list[AskedWord]:
    """Two neighbours may be one word elsewhere (Anna Marija, Annamarija): each of them is found by both joined, too."""
    names = _inside(reaches, FieldKind.NAME)
    extra: list[set[str]] = [set() for _ in words]
    for place in range(len(words) - 1):
        pair = words[place].text + words[place + 1].text
        if pair.isalpha():
            keys = {key(field, Level.SOUND.value, each) for field in names for each in spelled(pair).sound}
            extra[place] |= keys
            extra[place + 1] |= keys
    return [_with(word, frozenset(keys)) for word, keys in zip(words, extra, strict=True)]


def _with(word: AskedWord, keys: frozenset[str]) -> AskedWord:
    if not keys:
        return word
    found = tuple((weight, known | keys if weight == WEIGHTS[Level.SOUND] else known) for weight, known in word.keys)
    return AskedWord(word.text, found, word.patterns)
