"""How well a person who was named fits one who is registered.

What comes in: what is known of the one (`Named`) and records. What goes out: `Candidate`s with a score from 0 to 1, the best
first, and the one that may be taken without asking anybody, if there is one.

    code        the personal code, now or before: 1, 0.97; another name beside it: 0.6, somebody mistyped one of the two
    otherwise   family name 0.40, given names 0.25, birth date 0.35 of what is known of both; names by `search.names.likeness`
    less        birth date not known on one side: times 0.8; another sex: times 0.9; another current code: times 0.5

Taken without asking: the only one with the code and no other name, or the only one with just this name and birth date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from kernel.natural_keys import normal_personal_code
from search.names import fold, likeness, words_of
from subgraphs.persons.enumerations import MatchBasis, Sex
from subgraphs.persons.model import PersonRecord
from subgraphs.room.records import Kept

LEAST: Final = 0.6
"""Whoever fits less is not told."""
ANOTHER_NAME: Final = 0.7
"""Family names that are less alike are two names."""

_FAMILY: Final = 0.40
_GIVEN: Final = 0.25
_BORN: Final = 0.35
_SURE: Final = (MatchBasis.CODE, MatchBasis.FORMER_CODE, MatchBasis.NAME_AND_BIRTH_DATE)
_SURE_FROM: Final = 0.9


@dataclass(frozen=True, slots=True)
class Named:
    """What is known of a person who was named; the code in its normal form."""

    code: str | None = None
    given_names: str | None = None
    family_name: str | None = None
    birth_date: date | None = None
    sex: Sex = Sex.UNKNOWN

    @property
    def says_something(self) -> bool:
        """Whether anybody could be found by it."""
        return bool(self.code or self.family_name or self.birth_date)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is registered, and how well they fit."""

    person: Kept[PersonRecord]
    score: float
    basis: MatchBasis


def ranked(named: Named, persons: Iterable[Kept[PersonRecord]]) -> list[Candidate]:
    """Those who fit, the best first."""
    found = [candidate for person in persons if (candidate := _candidate(named, person)).score >= LEAST]
    return sorted(found, key=lambda each: (-each.score, each.person.record.id))


def taken(candidates: Sequence[Candidate]) -> Candidate | None:
    """The one that may be taken without asking anybody."""
    sure = [each for each in candidates if each.basis in _SURE and each.score >= _SURE_FROM]
    by_code = [each for each in sure if each.basis is not MatchBasis.NAME_AND_BIRTH_DATE]
    chosen = by_code or sure
    return chosen[0] if len(chosen) == 1 else None


def named_by(record: PersonRecord) -> Named:
    """What a registered person is known by."""
    code = current_code(record)
    return Named(code, record.given_names, record.family_name, record.birth_date, record.sex)


def current_code(record: PersonRecord) -> str | None:
    """The personal code that the person has now, in its normal form."""
    return next((normal_personal_code(code.value) for code in record.codes if code.valid_to is None), None)


def _candidate(named: Named, person: Kept[PersonRecord]) -> Candidate:
    record = person.record
    codes = {normal_personal_code(code.value) for code in record.codes}
    family = _alike(named.family_name, (record.family_name, record.birth_family_name))
    if named.code is not None and named.code in codes:
        is_current = named.code == current_code(record)
        score = LEAST if family is not None and family < ANOTHER_NAME else 1.0 if is_current else 0.97
        return Candidate(person, score, MatchBasis.CODE if is_current else MatchBasis.FORMER_CODE)
    given, born = _alike(named.given_names, (record.given_names,)), _born_alike(named.birth_date, record.birth_date)
    score = _weighed(((family, _FAMILY), (given, _GIVEN), (born, _BORN)))
    if born is None:
        score *= 0.8
    if Sex.UNKNOWN not in (named.sex, record.sex) and named.sex is not record.sex:
        score *= 0.9
    other = current_code(record)
    if named.code is not None and other is not None:
        score *= 0.5
    is_same = born == 1.0 and _same(named.family_name, record.family_name) and _same(named.given_names, record.given_names)
    return Candidate(person, round(score, 3), MatchBasis.NAME_AND_BIRTH_DATE if is_same else MatchBasis.SIMILAR)


def _weighed(parts: Iterable[tuple[float | None, float]]) -> float:
    known = [(value, weight) for value, weight in parts if value is not None]
    total = sum(weight for _, weight in known)
    if total <= _GIVEN:  # a given name alone is nobody's name
        return 0.0
    return sum(value * weight for value, weight in known) / total


def _alike(named: str | None, registered: Iterable[str | None]) -> float | None:
    """How alike the name is to one of those that are registered; None when one side has none."""
    if not named:
        return None
    scores = [_words_alike(named, name) for name in registered if name]
    return max(scores, default=None)


def _words_alike(one: str, other: str) -> float:
    """Word by word: each of the shorter name against its best fit in the other; further words cost a little."""
    shorter, longer = sorted(([word.text for word in words_of(name)] for name in (one, other)), key=len)
    if not shorter:
        return 0.0
    best = sum(max(likeness(word, each) for each in longer) for word in shorter) / len(shorter)
    return best * 0.97 ** (len(longer) - len(shorter))


def _born_alike(one: date | None, other: date | None) -> float | None:
    if one is None or other is None:
        return None
    if one == other:
        return 1.0
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return 0.8
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return 0.6 if same == 2 else 0.0


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and _folded(one) == _folded(other)


def _folded(name: str | None) -> list[str]:
    return [fold(word.text) for word in words_of(name or "")]
