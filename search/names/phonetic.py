"""A key for how a name sounds to a Latvian ear, whichever spelling it came in.

What comes in: a word of a name in any spelling. What goes out: its keys; names that are spellings of each other share one.

    Cyrillic to Latin → without diacritics → letter groups to one sign each (shch, sch, šč → s; zh → z; kh → h; ts → c; x → ks)
    → i, j and y are one, and none before a vowel (Tatjana, Tatiana, Tatyana) → double letters once → the ending off

`ch` is č to some and h to others (Mihails, Michail), so such a word has both keys.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from search.names.folding import fold

_GROUPS: Final = (
    *(("shch", "s"), ("stch", "s"), ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("dzh", "dz"), ("zh", "z"), ("sh", "s")),
    *(("kh", "h"), ("cz", "c"), ("sz", "s"), ("ts", "c"), ("tz", "c"), ("ph", "f"), ("th", "t"), ("gh", "g"), ("ck", "k")),
    *(("dt", "t"), ("x", "ks"), ("q", "k"), ("w", "v")),
)
_GROUP: Final = re.compile("|".join(group for group, _ in _GROUPS))
_SIGN: Final = dict(_GROUPS)
_SOFT: Final = re.compile(r"i+(?=[aeou])")
_DOUBLE: Final = re.compile(r"(.)\1+")
_ENDING: Final = re.compile(r"[aeiou]+$")
_SHORTEST: Final = 3


@lru_cache(maxsize=1 << 16)
def phonetic(word: str) -> tuple[str, ...]:
    """The keys of a word, one or two."""
    folded = fold(word)
    grouped = _GROUP.sub(lambda found: _SIGN[found[0]], folded)
    keys = [_key(grouped.replace("ch", "c"))]
    if "ch" in grouped:
        keys.append(_key(grouped.replace("ch", "h")))
    return tuple(dict.fromkeys(keys))


def _key(text: str) -> str:
    text = text.replace("sc", "s").replace("y", "i").replace("j", "i")
    text = _SOFT.sub("", text)
    text = _DOUBLE.sub(r"\1", text)
    if text.endswith("s") and len(text) > _SHORTEST:
        text = text[:-1]
    bare = _ENDING.sub("", text)
    if len(bare) < _SHORTEST:
        bare = text[:_SHORTEST]
    if bare.endswith(("of", "ef")) and len(bare) > _SHORTEST:
        bare = f"{bare[:-1]}v"
    return bare
