"""Names between Cyrillic and Latin, as registers, passports and people write them.

What comes in: a name in Cyrillic or in Latvian spelling. What goes out: the other. One Cyrillic letter has many Latin
spellings; `SYSTEMS` holds those that people meet, and `search.names.phonetic` gives one key for all of them.

Sources: Latvian practice after Cabinet regulation Nr. 114 (2004) on the spelling of personal names; ISO 9:1995; BGN/PCGN 1947;
ICAO Doc 9303 as Russian passports have it since 2014.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

System = Literal["latvian", "iso9", "bgn", "passport"]

_LETTERS: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґў"
_VOWELS: Final = frozenset("аеёиоуыэюяіїє")
_HISSING: Final = frozenset("жчшщ")


def _table(spellings: str) -> Mapping[str, str]:
    found = ("" if spelling == "·" else spelling for spelling in spellings.split())
    return MappingProxyType(dict(zip(_LETTERS, found, strict=True)))


SYSTEMS: Final[Mapping[System, Mapping[str, str]]] = MappingProxyType(
    {
        "latvian": _table("a b v g d e jo ž z i j k l m n o p r s t u f h c č š šč · i · e ju ja i ji je g u"),
        "iso9": _table("a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ · y · è û â ì ï ê g ŭ"),
        "bgn": _table("a b v g d e yë zh z i y k l m n o p r s t u f kh ts ch sh shch · y · e yu ya i yi ye g w"),
        "passport": _table("a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y · e iu ia i i ie g u"),
    }
)
"""Letter by letter; where a letter's neighbours change it, `to_latin` knows."""

_INITIAL_E: Final[Mapping[System, str]] = MappingProxyType({"latvian": "je", "iso9": "e", "bgn": "ye", "passport": "e"})
_BACK: Final = (
    *(("šč", "щ"), ("dž", "дж"), ("dz", "дз"), ("ijs", "ий"), ("ja", "я"), ("je", "е"), ("jo", "ё"), ("ju", "ю"), ("jū", "ю")),
    *(
        ("ļa", "ля"),
        ("ļā", "ля"),
        ("ļu", "лю"),
        ("ļū", "лю"),
        ("ļo", "лё"),
        ("ļe", "ле"),
        ("ļē", "ле"),
        ("ļi", "ли"),
        ("ļī", "ли"),
    ),
    *(
        ("ņa", "ня"),
        ("ņā", "ня"),
        ("ņu", "ню"),
        ("ņū", "ню"),
        ("ņo", "нё"),
        ("ņe", "не"),
        ("ņē", "не"),
        ("ņi", "ни"),
        ("ņī", "ни"),
    ),
    *(("jā", "я"), ("jē", "е"), ("ie", "ие"), ("ņš", "ньш"), ("a", "а"), ("ā", "а"), ("b", "б"), ("c", "ц"), ("č", "ч")),
    *(("d", "д"), ("e", "е"), ("ē", "е"), ("f", "ф"), ("g", "г"), ("ģ", "г"), ("h", "х"), ("i", "и"), ("ī", "и"), ("j", "й")),
    *(("k", "к"), ("ķ", "к"), ("l", "л"), ("ļ", "ль"), ("m", "м"), ("n", "н"), ("ņ", "нь"), ("o", "о"), ("ō", "о"), ("p", "п")),
    *(("r", "р"), ("ŗ", "р"), ("s", "с"), ("š", "ш"), ("t", "т"), ("u", "у"), ("ū", "у"), ("v", "в"), ("z", "з"), ("ž", "ж")),
)
_BACKWARDS: Final = re.compile("|".join(sorted((latin for latin, _ in _BACK), key=len, reverse=True)))
_TO: Final = dict(_BACK)
_HAS: Final = re.compile("[Ѐ-ӿ]")


def to_latin(text: str, system: System = "latvian") -> str:
    """The text with its Cyrillic letters in Latin; the rest as it is. Case is kept for the first letter of each word."""
    if not _HAS.search(text):
        return text
    parts: list[str] = []
    before = " "
    for sign in text:
        low = sign.lower()
        spelled = _spelled(low, before, system)
        parts.append(sign if spelled is None else spelled.capitalize() if sign != low else spelled)
        before = low
    return "".join(parts)


def to_latvian(text: str) -> str:
    """The text as Latvian documents spell it, without the endings that Latvian adds."""
    return to_latin(text, "latvian")


def _spelled(letter: str, before: str, system: System) -> str | None:
    spelled = SYSTEMS[system].get(letter)
    if letter == "е" and (before in _VOWELS or before in "ъь" or not before.isalpha()):
        return _INITIAL_E[system]
    if letter == "ё" and before in _HISSING:
        return "o" if system == "latvian" else spelled
    return spelled


def to_cyrillic(name: str) -> str:
    """A name in Latvian spelling as Russian writes it (`Jānis Bērziņš` → `Янис Берзиньш`)."""
    return " ".join("-".join(_word(part) for part in word.split("-")) for word in name.split())


def _word(word: str) -> str:
    low = word.lower()
    told = _BACKWARDS.sub(lambda found: _TO[found[0]], low)
    if low.startswith(("e", "ē")):
        told = "э" + told[1:]
    return told.capitalize() if word[:1].isupper() else told
