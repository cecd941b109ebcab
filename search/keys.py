"""The keys of the index: one text per field, level and word. All analysis is here, none in the stores.

What comes in: documents; words of a question. What goes out: keys such as `pfeberzins` (code of the field, sign of the
level, the word), in ASCII letters and digits. Every store keeps them as they are, so every store finds the same.

    names   e folded, v variants and gender forms, p sound, d sound with a sign left out (`search.names`), each word and
    each
            two neighbours joined (Anna Marija, Annamarija)
    texts   e folded, s stem
    identifiers   i normal form
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

from search.document import SearchDocument
from search.kinds import FieldKind, SearchedField, SearchedType
from search.names import Level, fold, spelled, words_of
from search.names.latvian import stem

STEM: Final = "s"
WHOLE: Final = "i"


def ascii_key(key: str) -> str:
    """The key in ASCII letters and digits."""
    if key.isascii():
        return key if key.isalnum() else "".join(sign for sign in key if sign.isalnum())
    return "".join(sign if sign.isascii() else f"x{ord(sign):x}" for sign in key if sign.isalnum())


def key(field: SearchedField, level: str, word: str) -> str:
    """The key of a word in a field."""
    return f"{field.code}{level}{ascii_key(word)}"


@lru_cache(maxsize=1 << 15)
def _name_keys(word: str) -> frozenset[str]:
    """The keys of a word of a name, without the field's code."""
    found = spelled(word)
    return frozenset(f"{level.value}{ascii_key(each)}" for level in Level for each in found.keys(level) if each)


@lru_cache(maxsize=1 << 15)
def _text_keys(word: str) -> frozenset[str]:
    folded = fold(word)
    return frozenset((f"{Level.EXACT.value}{ascii_key(folded)}", f"{STEM}{ascii_key(stem(folded))}"))


def keys_of(document: SearchDocument, searched: SearchedType) -> frozenset[str]:
    """Every key of a document."""
    return frozenset(
        f"{field.code}{found}" for field in searched.fields for found in _keys(field, document.values.get(field.field, ()))
    )


def _keys(field: SearchedField, values: Iterable[str]) -> Iterator[str]:
    for value in values:
        match field.kind:
            case FieldKind.IDENTIFIER:
                yield f"{WHOLE}{ascii_key(normal(field, value))}"
            case FieldKind.TEXT:
                for word in words_of(value):
                    yield from _text_keys(word.text)
            case FieldKind.NAME:
                words = [word.text for word in words_of(value)]
                for text in (*words, *(f"{one}{two}" for one, two in pairwise(words))):
                    yield from _name_keys(text)


def identifiers_of(document: SearchDocument, searched: SearchedType) -> list[tuple[str, str]]:
    """The identifiers of a document: code of the field, and the normal form that patterns are held against."""
    fields = (field for field in searched.fields if field.kind is FieldKind.IDENTIFIER)
    return [(field.code, normal(field, value)) for field in fields for value in document.values.get(field.field, ())]


def normal(field: SearchedField, value: str) -> str:
    """An identifier as it is compared."""
    return value if field.normal is None else field.normal(value)
