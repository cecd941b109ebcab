"""The invented persons of a community, as the register of natural persons would hold them.

What comes in: a community. What goes out: a `Person` for each resident: name in the right gender form, code, birth, status,
addresses, contacts, searches. No person is real: codes start 3099 or 3199, telephone numbers with 0, e-mail addresses end in
`.example`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec

from subgraphs.room.world import calendar, names
from subgraphs.room.world.chance import stream, wheel
from subgraphs.room.world.community import MAX_PERSONS, UNKNOWN, Community, Resident
from subgraphs.room.world.links import Reach
from subgraphs.room.world.numbers import personal_code
from subgraphs.room.world.places import SETTLEMENTS, TERRITORIES, address

_LAST_DAY: Final = calendar.END_DAY.toordinal()
_NEW_FORM: Final = date(2017, 7, 1).toordinal()
_YEAR: Final = 365.2425
_STATUS_ABROAD: Final = {"UA": "TEMPORARY_PROTECTION", "UZ": "THIRD_COUNTRY_NATIONAL", "IN": "THIRD_COUNTRY_NATIONAL"}
_ALERTS: Final = wheel(
    {
        "ARREST_EVADING_MEASURE": 45,
        "ARREST_EVADING_SENTENCE": 25,
        "MEDICAL_MEASURE": 10,
        "BRING_TO_CARE": 12,
        "UNIDENTIFIED_LIVING": 8,
    },
    256,
)
_AUTHORITIES: Final = {"ARREST_EVADING_SENTENCE": "LV-IEVP", "ARREST_EVADING_MEASURE": "LV-PROK"}
_ALERTED: Final = 0.008
_PLAIN: Final = str.maketrans("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽäėśü", "acegiklnsuzACEGIKLNSUZaesu", " ")


class Home(msgspec.Struct, frozen=True, gc=False):
    """An address of a person: kind, text, address code, territory, from when until when."""

    kind: str
    text: str
    code: str
    atvk: str
    since: date
    until: date | None = None


class Code(msgspec.Struct, frozen=True, gc=False):
    """A personal code and the time it was the person's."""

    value: str
    since: date
    until: date | None = None


class Alert(msgspec.Struct, frozen=True, gc=False):
    """A search: kind, agency, seconds since 1970 when it was issued and ended, reference."""

    kind: str
    authority: str
    issued: int
    ended: int | None
    reference: str


class Person(msgspec.Struct, frozen=True, gc=False):
    """A person as the register holds it; words are those of the enumerations."""

    id: str
    given: str
    family: str
    birth_family: str | None
    original: str | None
    sex: str
    born: date
    birth_place: str
    codes: tuple[Code, ...]
    status: str
    citizenship: str
    homes: tuple[Home, ...]
    phone: str | None
    email: str | None
    alerts: tuple[Alert, ...]
    verified: bool
    died: date | None
    is_minor: bool
    reach: Reach


def people(community: Community, reaches: list[Reach]) -> Iterator[Person]:
    """The persons of the community in the order of their numbers; `reaches` as `links_of` gives them."""
    draw = stream(community.seed, "people", community.number).random
    fates = _fates(community)
    for number, (person_id, resident) in enumerate(zip(community.person_ids, community.residents, strict=True)):
        yield _person(community.number * MAX_PERSONS + number, person_id, resident, fates.get(number), reaches[number], draw)


class Fate(msgspec.Struct, frozen=True, gc=False):
    """What an event meant for a person: died at, or missing since, in seconds since 1970."""

    died: int | None = None
    missing: int | None = None


def _fates(community: Community) -> dict[int, Fate]:
    fates: dict[int, Fate] = {}
    for event in community.events:
        for part in event.persons:
            if part.person == UNKNOWN:
                continue
            if part.role == "DECEASED" or part.injury == "FATAL":
                fates[part.person] = Fate(died=event.occurred)
            elif part.role == "MISSING":
                fates[part.person] = Fate(missing=event.registered)
    return fates


def _person(
    number: int, person_id: str, resident: Resident, fate: Fate | None, reach: Reach, draw: Callable[[], float]
) -> Person:
    birth = _LAST_DAY - int((resident.age + draw()) * _YEAR)
    born = date.fromordinal(birth)
    origin = resident.origin
    given, family, birth_family, original, status = _called(resident, born, draw)
    phone, email = _reached(number, given, family, resident.age, draw)
    died = calendar.day_of(fate.died) if fate is not None and fate.died is not None else None
    return Person(
        person_id,
        given,
        family,
        birth_family,
        original,
        resident.sex,
        born,
        SETTLEMENTS[int(draw() * len(SETTLEMENTS))].suffix
        if draw() < 0.4
        else TERRITORIES[SETTLEMENTS[resident.home].territory].name,
        _codes(number, birth, draw),
        status,
        origin if status not in ("NON_CITIZEN", "STATELESS") else "XX",
        _homes(resident, birth, draw),
        phone,
        email,
        _alerts(number, fate, draw) if died is None else (),
        origin == "LV" or draw() < 0.5,
        died,
        resident.age < 18,
        reach,
    )


def _called(resident: Resident, born: date, draw: Callable[[], float]) -> tuple[str, str, str | None, str | None, str]:
    """Given names, surname, birth surname, form in foreign documents, legal status."""
    sex, origin = resident.sex, resident.origin
    if origin != "LV":
        foreigners = names.FOREIGNERS[origin, sex]
        foreigner = foreigners[int(draw() * len(foreigners))]
        other = foreigners[int(draw() * len(foreigners))]
        return (
            foreigner.given,
            other.family,
            None,
            f"{foreigner.given} {other.family}",
            _STATUS_ABROAD.get(origin, "EU_CITIZEN"),
        )
    slavic = draw() < names.SLAVIC_SHARE[TERRITORIES[SETTLEMENTS[resident.home].territory].region]
    tradition = "SL" if slavic else "LV"
    cohort = names.cohort_of(born.year)
    given = names.GIVEN[sex, tradition, cohort][int(draw() * names.SLOTS)]
    if cohort == "YOUNG" and draw() < 0.12:
        second = names.GIVEN[sex, tradition, cohort][int(draw() * names.SLOTS)]
        given = given if second == given else f"{given} {second}"
    surnames = names.FAMILY[sex, tradition]
    family = surnames[int(draw() * names.SLOTS)]
    birth_family = None
    if sex == "FEMALE" and resident.age > 24 and draw() < 0.5:
        birth_family = surnames[int(draw() * names.SLOTS)]
        if birth_family == family:
            birth_family = None
        elif draw() < 0.06:
            family = f"{birth_family}-{family}"
    status = "CITIZEN"
    if slavic and resident.age > 32:
        chance = draw()
        status = "NON_CITIZEN" if chance < 0.3 else "STATELESS" if chance > 0.998 else status
    return given, family, birth_family, None, status


def _reached(number: int, given: str, family: str, age: int, draw: Callable[[], float]) -> tuple[str | None, str | None]:
    """Telephone number and e-mail address, where somebody has them."""
    if age < 12:
        return None, None
    phone = f"+371 0{int(draw() * 10_000_000):07d}" if draw() < 0.7 else None
    email = f"{given}.{family}{number % 97}@pasts.example".translate(_PLAIN).lower() if draw() < 0.35 else None
    return phone, email


def _codes(number: int, birth: int, draw: Callable[[], float]) -> tuple[Code, ...]:
    """The code of today, for a few after the one that they had before. Codes of this form are given since July 2017."""
    since = max(birth + 3, _NEW_FORM)
    if draw() > 0.06:
        return (Code(personal_code(number), date.fromordinal(since)),)
    change = max(since + 30, _LAST_DAY - int(draw() * 2500))
    turned = date.fromordinal(change)
    return (
        Code(personal_code(number, earlier=True), date.fromordinal(since), turned),
        Code(personal_code(number), turned),
    )


def _homes(resident: Resident, birth: int, draw: Callable[[], float]) -> tuple[Home, ...]:
    """The declared address, for some an additional or an earlier one."""
    settlement = SETTLEMENTS[resident.home]
    house = address(settlement, draw(), draw())
    text = house.text
    if settlement.is_city and draw() < 0.65:
        street, _, rest = text.partition(", ")
        text = f"{street}–{1 + int(draw() * 60)}, {rest}"
    since = max(birth, _LAST_DAY - int(draw() * 9000))
    declared = Home("DECLARED", text, house.code, settlement.atvk, date.fromordinal(since))
    more = draw()
    if more < 0.88:
        return (declared,)
    other = SETTLEMENTS[int(draw() * len(SETTLEMENTS))]
    second = address(other, draw(), draw())
    if more < 0.94 or since <= birth + 400:
        return (declared, Home("ADDITIONAL", second.text, second.code, other.atvk, date.fromordinal(since)))
    earlier = date.fromordinal(max(birth, since - 2000))
    return (declared, Home("DECLARED", second.text, second.code, other.atvk, earlier, date.fromordinal(since)))


def _alerts(number: int, fate: Fate | None, draw: Callable[[], float]) -> tuple[Alert, ...]:
    """The search for a missing person (most are found within days), and the few who are sought for other reasons."""
    if fate is not None and fate.missing is not None:
        ended = calendar.unless_later(fate.missing + int(draw() * 500_000)) if draw() < 0.8 else None
        return (Alert("MISSING", "LV-VP", fate.missing, ended, f"MEK-{number:07d}"),)
    if draw() >= _ALERTED:
        return ()
    kind = _ALERTS[int(draw() * 256)]
    issued = calendar.START + int(draw() * (calendar.END - calendar.START))
    return (Alert(kind, _AUTHORITIES.get(kind, "LV-VP"), issued, None, f"MEK-{number:07d}"),)
