"""Text as it is compared: lower case, without diacritics, in Latin letters, split into words.

What comes in: text in any script. What goes out: folded words. Cyrillic is written in Latin first (`cyrillic`), so that both
spellings of a name fold to one.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

from search.names.cyrillic import to_latvian

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ`´][^\W_]+)*")
_APART: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ə": "e"})
_APOSTROPHES: Final = re.compile(r"['’ʼ`´]")


class Word(NamedTuple):
    """A word of a text: as it is written, and where it stands."""

    text: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text; hyphens part them, apostrophes inside do not."""
    return [Word(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """A word for comparing: Latin, lower case, without diacritics and apostrophes."""
    if not word.isascii():
        word = to_latvian(word)
        word = "".join(sign for sign in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(sign))
        word = word.translate(_APART)
    return _APOSTROPHES.sub("", word).casefold()
