"""Founds communities: draws who takes part in which events, who owns what.

What comes in: the seed and the community's number. What goes out: the `Community`. Every room derives the same community
alone, so that rooms need not ask each other. Links never leave a community: that is what keeps memory constant and lets a
seed go on in the middle. A smaller world is the beginning of a larger one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kernel.ids import Prefix
from subgraphs.room.world import calendar
from subgraphs.room.world.chance import Ids, stream, wheel
from subgraphs.room.world.community import (
    EVENTS,
    MAX_DOCUMENTS,
    MAX_PERSONS,
    MAX_VEHICLES,
    UNKNOWN,
    Car,
    Community,
    Happening,
    Paper,
    Part,
    Resident,
    Seen,
    Shown,
)
from subgraphs.room.world.kinds import (
    ACCIDENT_ROLES,
    ACCIDENTS,
    ADULT_ROLES,
    INJURIES,
    KIND_WHEEL,
    MANY_SLOTS,
    PEOPLE,
    PERSONS,
    SLOTS,
    Kind,
)
from subgraphs.room.world.measure import band_of
from subgraphs.room.world.places import EVERYWHERE, EVERYWHERE_SLOTS, HOMES, INSIDE
from subgraphs.room.world.places import SLOTS as PLACE_SLOTS
from subgraphs.room.world.story import tell
from subgraphs.room.world.tables import counts, rows

_AWAY: Final = 0.13  # events outside the community's home territory
_AGAIN: Final = 0.062  # parts taken by a person who took part in an earlier event: 6-7 % of involvements, domain.md 7.9
_VEHICLE_AGAIN: Final = 0.07
_VEHICLE_UNKNOWN: Final = 0.06
_PERSON_UNKNOWN: Final = {"SUSPECT": 0.35, "APPLICANT": 0.15}
_PERSON_UNKNOWN_ELSE: Final = 0.03
_GOLDEN: Final = 0.6180339887498949

_HOLDERS: Final = {holder: vehicles for (holder,), vehicles in counts("holders").items()}
_DRIVER_OWNS: Final = _HOLDERS["DRIVER"] / sum(_HOLDERS.values())
_ORGANISATION_OWNS: Final = _HOLDERS["ORGANISATION"] / sum(_HOLDERS.values())
ORGANISATIONS: Final = len(rows("organisations"))

_CHILD_PAPERS: Final = wheel({(): 60, ("PASSPORT",): 25, ("ID_CARD",): 15}, SLOTS)
_ADULT_PAPERS: Final = wheel(
    {
        (): 44,
        ("ID_CARD",): 17,
        ("PASSPORT",): 11,
        ("DRIVING_LICENCE",): 8,
        ("ID_CARD", "DRIVING_LICENCE"): 10,
        ("PASSPORT", "DRIVING_LICENCE"): 5,
        ("PASSPORT", "ID_CARD"): 3,
        ("ID_CARD", "DRIVING_LICENCE", "WEAPON_PERMIT"): 0.7,
        ("PASSPORT", "SEAFARER_BOOK"): 0.5,
        ("TEMPORARY_TRAVEL",): 0.5,
        ("RETURN_CERTIFICATE",): 0.3,
    },
    SLOTS,
)
_FOREIGN_PAPERS: Final = wheel(
    {(): 30, ("PASSPORT",): 28, ("PASSPORT", "RESIDENCE_PERMIT"): 32, ("RESIDENCE_PERMIT",): 10}, SLOTS
)
_ORIGINS: Final = wheel({"LV": 955, "UA": 20, "LT": 8, "EE": 4, "PL": 3, "DE": 3, "UZ": 4, "IN": 3}, 1024)
_COUNTRIES: Final = wheel({"LV": 955, "LT": 22, "EE": 12, "PL": 6, "DE": 5}, 1024)
_DRIVERS: Final = frozenset({"DRIVER", "HELD_LIABLE"})


def found(seed: int, number: int) -> Community:
    """The community `number` (from 0) of the world that grows from `seed`."""
    draft = _Draft(seed, number)
    for at, occurred in enumerate(draft.times()):
        draft.happen(at, occurred)
    cars = draft.owned()
    papers, shown = draft.documented(cars)
    if number == 0:
        tell(draft.events, draft.residents, cars, papers, shown)
    return Community(
        seed=seed,
        number=number,
        home=draft.home,
        event_ids=_event_ids(seed, number, draft.events),
        person_ids=_ids("per", seed, number, len(draft.residents), MAX_PERSONS),
        vehicle_ids=_ids("veh", seed, number, len(cars), MAX_VEHICLES),
        document_ids=_ids("doc", seed, number, len(papers), MAX_DOCUMENTS),
        events=tuple(draft.events),
        residents=tuple(draft.residents),
        cars=tuple(cars),
        papers=tuple(papers),
        shown=tuple(shown),
    )


def _event_ids(seed: int, number: int, events: list[Happening]) -> tuple[str, ...]:
    """The time part of an event's id is when it was registered."""
    ids = Ids("evt", EVENTS, seed, number)
    return tuple([ids.at(event.number, event.registered * 1000) for event in events])


def _ids(prefix: Prefix, seed: int, number: int, count: int, most: int) -> tuple[str, ...]:
    """The time part of these ids only keeps the order in which the registers were filled."""
    ids = Ids(prefix, count, seed, number)
    first = calendar.START * 1000 + number * most
    return tuple([ids.at(index, first + index) for index in range(count)])


class _Draft:
    """A community in the making."""

    __slots__ = ("cars", "dead", "draw", "events", "home", "residents")

    def __init__(self, seed: int, number: int) -> None:
        self.draw: Callable[[], float] = stream(seed, "community", number).random
        start: float = stream(seed, "homes").random()
        # a low-discrepancy sequence: however few the communities are, they are spread by residents
        self.home = HOMES[int((start + number * _GOLDEN) % 1 * len(HOMES))]
        self.events: list[Happening] = []
        self.residents: list[Resident] = []
        self.dead: set[int] = set()
        self.cars: list[int] = []  # the driver whom each car was first seen with

    def times(self) -> list[int]:
        """When the events occurred, in order: spread over the year as the weeks are busy, then by the rhythm of the week."""
        draw = self.draw
        made = []
        for at in range(EVENTS):
            week = calendar.WEEK[int((at + draw()) / EVENTS * calendar.WEEK_SLOTS)]
            weekday, hour = calendar.HOURS[int(draw() * calendar.HOUR_SLOTS)]
            made.append(calendar.instant(week, weekday, hour, int(draw() * 3600)))
        made.sort()
        return made

    def happen(self, number: int, occurred: int) -> None:
        draw = self.draw
        kind = KIND_WHEEL[int(draw() * MANY_SLOTS)]
        if draw() < _AWAY:
            settlement = EVERYWHERE[int(draw() * EVERYWHERE_SLOTS)]
        else:
            settlement = INSIDE[self.home][int(draw() * PLACE_SLOTS)]
        if kind.is_accident:
            wheels, people = ACCIDENTS[int(draw() * len(ACCIDENTS))]
        else:
            wheels = 1 if draw() < kind.vehicle_share else 0
            people = PERSONS[int(draw() * len(PERSONS))]
        parts = self._parts(kind, people, wheels)
        vehicles = tuple(
            [Seen(self._vehicle(parts, place), kind.vehicle_roles[int(draw() * SLOTS)]) for place in range(wheels)]
        )
        quick = draw()
        delay = 60 + int(quick * quick * (80_000 if kind.kind == "CRIMINAL_OFFENCE" else 2400))
        by_state = draw() < kind.state_share
        self.events.append(
            Happening(number, occurred, occurred + delay, settlement, kind, by_state, tuple(parts), vehicles),
        )

    def _parts(self, kind: Kind, people: int, wheels: int) -> list[Part]:
        parts: list[Part] = []
        used = 0
        for place in range(people):
            person, sex, age = self._somebody(parts)
            injury, vehicle = None, UNKNOWN
            if kind.is_accident:
                role = ACCIDENT_ROLES[sex, band_of(age)][int(self.draw() * SLOTS)]
                if role == "DRIVER" and used >= wheels:
                    role = "PASSENGER" if wheels else "PEDESTRIAN"
                injury = INJURIES[role][int(self.draw() * MANY_SLOTS)]
            else:
                role = (kind.others if place else kind.first)[int(self.draw() * SLOTS)]
                if age < 14 and role in ADULT_ROLES:
                    role = "VICTIM" if kind.kind == "CRIMINAL_OFFENCE" else "WITNESS"
            if role in _DRIVERS and used < wheels:
                vehicle = used
                used += 1
            elif role == "PASSENGER" and wheels:
                vehicle = max(0, used - 1)
            if person == len(self.residents):
                person = self._settle(role, sex, age)
            if injury == "FATAL" or role == "DECEASED":
                self.dead.add(person)
            parts.append(Part(person, role, sex, age, injury, vehicle))
        return parts

    def _somebody(self, parts: list[Part]) -> tuple[int, str, int]:
        """A person who was there before, or the next new one, with its sex and age."""
        draw = self.draw
        known = len(self.residents)
        if draw() < _AGAIN or known >= MAX_PERSONS:
            favour = draw()
            person = int(known * favour * favour)  # some are seen again and again
            if person < known and person not in self.dead and all(part.person != person for part in parts):
                resident = self.residents[person]
                return person, resident.sex, resident.age
        sex, from_age = PEOPLE[int(draw() * len(PEOPLE))]
        return known, sex, from_age + int(draw() * 5)

    def _settle(self, role: str, sex: str, age: int) -> int:
        """The number of a new person; `UNKNOWN` when nobody found out who it was."""
        draw = self.draw
        if draw() < _PERSON_UNKNOWN.get(role, _PERSON_UNKNOWN_ELSE) or len(self.residents) >= MAX_PERSONS:
            return UNKNOWN
        home = INSIDE[self.home][int(draw() * PLACE_SLOTS)] if draw() > _AWAY else EVERYWHERE[int(draw() * EVERYWHERE_SLOTS)]
        self.residents.append(Resident(sex, age, home, _ORIGINS[int(draw() * 1024)]))
        return len(self.residents) - 1

    def _vehicle(self, parts: list[Part], place: int) -> int:
        """The number of the vehicle that is `place`-th in the event; `UNKNOWN` when it got away."""
        chance = self.draw()
        if chance < _VEHICLE_UNKNOWN:
            return UNKNOWN
        known = len(self.cars)
        if place == 0 and known and (chance > 1 - _VEHICLE_AGAIN or known >= MAX_VEHICLES):
            return int(self.draw() * known)
        if known >= MAX_VEHICLES:
            return UNKNOWN
        self.cars.append(next((part.person for part in parts if part.vehicle == place and part.role in _DRIVERS), UNKNOWN))
        return known

    def owned(self) -> list[Car]:
        """Who owns each car: as often as measured its driver, an organisation, somebody else."""
        draw = self.draw
        grown = [number for number, resident in enumerate(self.residents) if resident.age >= 18] or [UNKNOWN]
        made = []
        for driver in self.cars:
            country = _COUNTRIES[int(draw() * 1024)]
            chance = draw()
            if driver != UNKNOWN and chance < _DRIVER_OWNS:
                made.append(Car(country, driver, UNKNOWN))
            elif chance > 1 - _ORGANISATION_OWNS:
                made.append(Car(country, UNKNOWN, int(draw() * ORGANISATIONS), driver if draw() < 0.5 else UNKNOWN))
            else:
                made.append(Car(country, grown[int(draw() * len(grown))], UNKNOWN))
        return made

    def documented(self, cars: list[Car]) -> tuple[list[Paper], list[Shown]]:
        """Everybody's documents, the cars' certificates, and which of them came up in events."""
        draw = self.draw
        papers: list[Paper] = []
        of_person: list[range] = []
        for number, resident in enumerate(self.residents):
            before = len(papers)
            if resident.origin != "LV":
                kinds = _FOREIGN_PAPERS[int(draw() * SLOTS)]
                papers.extend([Paper(kind, resident.origin if kind == "PASSPORT" else "LV", number) for kind in kinds])
            else:
                kinds = (_ADULT_PAPERS if resident.age >= 18 else _CHILD_PAPERS)[int(draw() * SLOTS)]
                papers.extend([Paper(kind, "LV", number) for kind in kinds])
            of_person.append(range(before, len(papers)))
        ours = [(number, car) for number, car in enumerate(cars) if car.country == "LV"]
        papers.extend(
            [Paper("VEHICLE_CERTIFICATE", "LV", car.owner, number) for number, car in ours[: MAX_DOCUMENTS - len(papers)]]
        )
        shown = []
        for event in self.events:
            if draw() < event.kind.document_share:
                role = event.kind.document_roles[int(draw() * SLOTS)]
                found = self._paper(event, role, papers, of_person)
                if found != UNKNOWN:
                    shown.append(Shown(event.number, found, role))
        return papers, shown

    def _paper(self, event: Happening, role: str, papers: list[Paper], of_person: list[range]) -> int:
        """A document of somebody who took part; a driving licence where one is seized."""
        theirs = [paper for part in event.persons if part.person != UNKNOWN for paper in of_person[part.person]]
        if role == "SEIZED":
            theirs = [paper for paper in theirs if papers[paper].kind == "DRIVING_LICENCE"]
        return theirs[int(self.draw() * len(theirs))] if theirs else UNKNOWN
