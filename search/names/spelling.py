"""The keys under which a word of a name is kept and looked for, from the sure to the daring.

What comes in: a word of a name as somebody wrote it. What goes out: `Spelled`, a set of keys for each `Level`. Two words that
share a key at some level may be one name; how alike they are is said by `likeness`.

    EXACT     the folded word
    VARIANT   what both genders' forms share; the groups of given names
    SOUND     the phonetic keys
    NEAR      the phonetic key with one sign left out: two keys one edit apart share one of these
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

from search.names.folding import fold
from search.names.latvian import gender_stem
from search.names.phonetic import phonetic
from search.names.variants import familiar_of

_SHORTEST_NEAR: Final = 3
_LONGEST_NEAR: Final = 24


class Level(Enum):
    """How sure a shared key is; the value is the sign that marks keys of the level."""

    EXACT = "e"
    VARIANT = "v"
    SOUND = "p"
    NEAR = "d"


@dataclass(frozen=True, slots=True)
class Spelled:
    """The keys of a word."""

    exact: str
    variant: frozenset[str]
    sound: frozenset[str]
    near: frozenset[str]

    def keys(self, level: Level) -> frozenset[str]:
        """The keys of one level."""
        match level:
            case Level.EXACT:
                return frozenset((self.exact,))
            case Level.VARIANT:
                return self.variant
            case Level.SOUND:
                return self.sound
            case Level.NEAR:
                return self.near


@lru_cache(maxsize=1 << 15)
def spelled(word: str) -> Spelled:
    """The keys of a word."""
    folded = fold(word)
    sounds = phonetic(word)
    groups = (f"0{group}" for group in familiar_of(folded))  # a digit first: no name's stem is taken for a group's name
    near = {shorter for sound in sounds for shorter in _shortened(sound)}
    return Spelled(folded, frozenset((gender_stem(folded), *groups)), frozenset(sounds), frozenset((*sounds, *near)))


def _shortened(key: str) -> list[str]:
    if not _SHORTEST_NEAR <= len(key) <= _LONGEST_NEAR:
        return []
    return [key[:place] + key[place + 1 :] for place in range(len(key))]
