"""The checks that rules of misuse are made of: one user's look-ups in order of time → what is noticeable.

without_case       persons were found for one of `purposes`, and no case is named
out_of_hours       on other weekdays than `days`, or not from `from` to `to` in Riga; not for `except_purposes`
related            somebody in the relations of this user was found
repeated_denials   `at_least` refusals `within` a time
many_persons       `at_least` different persons `within` a time
same_person        one person found `at_least` times `within` a time, on `days` different days, never for one common case
emergency          something was opened by an emergency
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from authz.audit.report.rules import Check, MisuseRule
from authz.audit.report.words import ZONE


@dataclass(frozen=True, slots=True)
class Look:
    """What of one record the checks need."""

    at: datetime
    record_id: str
    persons: frozenset[str]
    purpose: str | None
    case_ref: str | None
    is_denial: bool
    emergency: str | None


@dataclass(frozen=True, slots=True)
class Sign:
    """Something noticeable: when it began, the records that show it, and its one number."""

    at: datetime
    record_ids: tuple[str, ...]
    number: int
    about: str = ""


Related = Mapping[str, str]
"""What stands for a person in a record → who they are, and how they are related to the user whose look-ups are checked."""


def without_case(rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    found = [one for one in looks if one.persons and one.case_ref is None and one.purpose in rule.purposes]
    if len(found) >= rule.at_least:
        yield _sign(found, len(found))


def out_of_hours(rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    begin, end = rule.hours
    weekdays = rule.days if isinstance(rule.days, frozenset) else frozenset(range(1, 6))

    def is_out(look: Look) -> bool:
        there = look.at.astimezone(ZONE)
        return there.isoweekday() not in weekdays or not begin <= there.time() < end

    found = [one for one in looks if one.persons and one.purpose not in rule.except_purposes and is_out(one)]
    if len(found) >= rule.at_least:
        yield _sign(found, len(found))


def related(_rule: MisuseRule, looks: Sequence[Look], related: Related) -> Iterator[Sign]:
    by_person: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        for person in look.persons & related.keys():
            by_person[person].append(look)
    for person, found in by_person.items():
        yield _sign(found, len(found), related[person])


def repeated_denials(rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    for burst in _bursts(rule, [one for one in looks if one.is_denial], lambda look: (look.record_id,)):
        yield _sign(burst, len(burst))


def many_persons(rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    for burst in _bursts(rule, [one for one in looks if one.persons], lambda look: look.persons):
        yield _sign(burst, len({person for look in burst for person in look.persons}))


def same_person(rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    by_person: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        for person in look.persons:
            by_person[person].append(look)
    wanted = rule.days if isinstance(rule.days, int) else 1
    for person, seen in by_person.items():
        found = _densest(seen, rule.window)
        days = {look.at.astimezone(ZONE).date() for look in found}
        cases = Counter(look.case_ref for look in found)
        has_common_case = any(case is not None and number * 2 > len(found) for case, number in cases.items())
        if len(found) >= rule.at_least and len(days) >= wanted and not has_common_case:
            yield _sign(found, len(found), person)


def emergency(_rule: MisuseRule, looks: Sequence[Look], _related: Related) -> Iterator[Sign]:
    by_id: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        if look.emergency is not None:
            by_id[look.emergency].append(look)
    for name, found in by_id.items():
        yield _sign(found, len(found), name)


CHECKS: Final[Mapping[Check, Callable[[MisuseRule, Sequence[Look], Related], Iterator[Sign]]]] = {
    "without_case": without_case,
    "out_of_hours": out_of_hours,
    "related": related,
    "repeated_denials": repeated_denials,
    "many_persons": many_persons,
    "same_person": same_person,
    "emergency": emergency,
}


def _sign(looks: Sequence[Look], number: int, about: str = "") -> Sign:
    return Sign(looks[0].at, tuple(look.record_id for look in looks), number, about)


def _bursts(rule: MisuseRule, looks: Sequence[Look], items: Callable[[Look], Iterable[str]]) -> Iterator[list[Look]]:
    """Runs of look-ups with `at_least` different items within the window, as long as it stays so: one run is one sign."""
    recent: deque[Look] = deque()
    counts: Counter[str] = Counter()
    burst: list[Look] = []
    for look in looks:
        recent.append(look)
        counts.update(items(look))
        while recent[0].at <= look.at - rule.window:
            for item in items(recent.popleft()):
                counts[item] -= 1
                if not counts[item]:
                    del counts[item]
        if len(counts) >= rule.at_least:
            burst.extend([look] if burst else recent)
        elif burst:
            yield burst
            burst = []
    if burst:
        yield burst


def _densest(looks: Sequence[Look], window: timedelta) -> list[Look]:
    """The stretch no longer than the window that holds most look-ups."""
    best: list[Look] = []
    start = 0
    for end, look in enumerate(looks):
        while looks[start].at < look.at - window:
            start += 1
        if end - start + 1 > len(best):
            best = list(looks[start : end + 1])
    return best
