"""The one story that every world tells: a car in Rīga that keeps turning up.

What comes in: the first community in the making. What goes out: the same with five more persons, two cars, their documents,
and seven events of its own in place of drawn ones. So that a demonstration has something to follow: from a plate to events,
to persons, to their documents; in the city and in the port, registered by all three police forces, on both sides of every
usual row rule.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from subgraphs.room.world.community import UNKNOWN, Car, Happening, Paper, Part, Resident, Seen, Shown
from subgraphs.room.world.kinds import KINDS
from subgraphs.room.world.places import SETTLEMENTS

RIGA: Final = "0001000"
OWNER, PARTNER, OTHER_DRIVER, VICTIM, NEIGHBOUR = range(5)
"""The cast, by number from the first of them on."""

THEFT: Final = 4
"""The scene that is a crime."""


class Actor(NamedTuple):
    """A person of the story: sex, age, district of Rīga, documents."""

    sex: str
    age: int
    home: str
    papers: tuple[str, ...]


class Scene(NamedTuple):
    """An event of the story: which event it replaces, where, what, by whom registered, with whom and which car.

    A part is (person of the cast, role, injury, place of its vehicle in the event); a vehicle is (car of the cast, role).
    """

    at: int
    place: str
    subkind: str
    by_state: bool
    parts: tuple[tuple[int, str, str | None, int], ...]
    vehicles: tuple[tuple[int, str], ...]
    shown: tuple[tuple[int, str, str], ...] = ()


CAST: Final = (
    Actor("MALE", 34, "Purvciems", ("ID_CARD", "DRIVING_LICENCE", "PASSPORT")),
    Actor("FEMALE", 31, "Purvciems", ("ID_CARD", "DRIVING_LICENCE")),
    Actor("MALE", 52, "Bolderāja", ("PASSPORT", "DRIVING_LICENCE")),
    Actor("FEMALE", 67, "Teika", ("ID_CARD",)),
    Actor("MALE", 45, "Sarkandaugava", ("ID_CARD", "SEAFARER_BOOK")),
)

SCENES: Final = (
    Scene(
        at=6,
        place="Vecpilsēta",
        subkind="PARKING",
        by_state=False,
        parts=((OWNER, "HELD_LIABLE", None, 0),),
        vehicles=((0, "PARKED_IN_VIOLATION"),),
    ),
    Scene(
        at=13,
        place="Centrs",
        subkind="TRAFFIC_VIOLATION",
        by_state=True,
        parts=((PARTNER, "DRIVER", None, 0), (OWNER, "PASSENGER", None, 0)),
        vehicles=((0, "STOPPED"),),
        shown=((PARTNER, "DRIVING_LICENCE", "PRESENTED"),),
    ),
    Scene(
        at=20,
        place="Kundziņsala",
        subkind="ROAD_ACCIDENT",
        by_state=True,
        parts=((OWNER, "DRIVER", "MINOR", 0), (PARTNER, "PASSENGER", "MINOR", 0), (OTHER_DRIVER, "DRIVER", "MINOR", 1)),
        vehicles=((0, "INVOLVED_IN_ACCIDENT"), (1, "INVOLVED_IN_ACCIDENT")),
        shown=((OTHER_DRIVER, "PASSPORT", "PRESENTED"),),
    ),
    Scene(
        at=27,
        place="Eksportosta",
        subkind="TRAFFIC_VIOLATION",
        by_state=False,
        parts=((OWNER, "DRIVER", None, 0), (NEIGHBOUR, "WITNESS", None, UNKNOWN)),
        vehicles=((0, "STOPPED"),),
        shown=((NEIGHBOUR, "SEAFARER_BOOK", "PRESENTED"),),
    ),
    Scene(
        at=34,
        place="Teika",
        subkind="THEFT",
        by_state=True,
        parts=((VICTIM, "VICTIM", None, UNKNOWN), (OWNER, "SUSPECT", None, 0), (PARTNER, "WITNESS", None, UNKNOWN)),
        vehicles=((0, "USED_IN_OFFENCE"),),
        shown=((VICTIM, "ID_CARD", "STOLEN"),),
    ),
    Scene(
        at=41,
        place="Krievu sala",
        subkind="WASTE",
        by_state=False,
        parts=((NEIGHBOUR, "HELD_LIABLE", None, UNKNOWN), (OWNER, "WITNESS", None, UNKNOWN)),
        vehicles=((0, "SEEN"),),
    ),
    Scene(
        at=48,
        place="Imanta",
        subkind="THEFT",
        by_state=True,
        parts=((OWNER, "VICTIM", None, UNKNOWN),),
        vehicles=((0, "STOLEN"),),
    ),
)

_SPOTS: Final = {settlement.name: settlement.number for settlement in SETTLEMENTS if settlement.atvk == RIGA}
_KINDS: Final = {kind.subkind: kind for kind in KINDS}


def tell(events: list[Happening], residents: list[Resident], cars: list[Car], papers: list[Paper], shown: list[Shown]) -> None:
    """Add the cast, its cars and documents to the community in the making, and put the scenes in the place of drawn events."""
    first, car = len(residents), len(cars)
    residents.extend([Resident(actor.sex, actor.age, _SPOTS[actor.home], "LV") for actor in CAST])
    cars.extend([Car("LV", first + OWNER, UNKNOWN), Car("LV", first + OTHER_DRIVER, UNKNOWN)])
    numbers: dict[tuple[int, str], int] = {}
    for place, actor in enumerate(CAST):
        for kind in actor.papers:
            numbers[place, kind] = len(papers)
            papers.append(Paper(kind, "LV", first + place))
    papers.extend([Paper("VEHICLE_CERTIFICATE", "LV", cars[number].owner, number) for number in (car, car + 1)])
    replaced = {scene.at for scene in SCENES}
    shown[:] = [item for item in shown if item.event not in replaced]
    for scene in SCENES:
        events[scene.at] = _staged(scene, events[scene.at], residents, first, car)
        shown.extend([Shown(scene.at, numbers[actor, kind], role) for actor, kind, role in scene.shown])


def _staged(scene: Scene, drawn: Happening, residents: list[Resident], first: int, car: int) -> Happening:
    return Happening(
        drawn.number,
        drawn.occurred,
        drawn.occurred + 600,
        _SPOTS[scene.place],
        _KINDS[scene.subkind],
        scene.by_state,
        tuple(
            [
                Part(first + actor, role, residents[first + actor].sex, residents[first + actor].age, injury, vehicle)
                for actor, role, injury, vehicle in scene.parts
            ]
        ),
        tuple([Seen(car + number, role) for number, role in scene.vehicles]),
    )
