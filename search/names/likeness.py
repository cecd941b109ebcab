"""How alike two spellings of a name are.

What comes in: two words. What goes out: 0 (nothing in common) to 1 (the same). It says the same of a and b as of b and a.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from rapidfuzz.distance import JaroWinkler

from search.names.folding import fold
from search.names.latvian import gender_stem
from search.names.phonetic import phonetic
from search.names.variants import familiar_of, variants_of

SAME: Final = 1.0
FOLDED: Final = 0.98
VARIANT: Final = 0.93
GENDER: Final = 0.92
SOUND: Final = 0.9
FAMILIAR: Final = 0.82
_SPELLING: Final = 0.88
_SOUNDS_LIKE: Final = 0.86


@lru_cache(maxsize=1 << 15)
def likeness(one: str, other: str) -> float:
    """How alike the words are."""
    if one.casefold() == other.casefold():
        return SAME
    a, b = fold(one), fold(other)
    if a == b:
        return FOLDED
    if variants_of(a) & variants_of(b):
        return VARIANT
    if gender_stem(a) == gender_stem(b):
        return GENDER
    sounds, others = phonetic(one), phonetic(other)
    # Of two that sound alike the one that is spelled more alike comes first.
    spelling = JaroWinkler.similarity(a, b)
    if set(sounds) & set(others):
        return SOUND + 0.02 * (spelling - 1)
    if familiar_of(a) & familiar_of(b):
        return FAMILIAR
    sounding = max(JaroWinkler.similarity(sound, heard) for sound in sounds for heard in others)
    return max(_SPELLING * spelling, _SOUNDS_LIKE * sounding)
