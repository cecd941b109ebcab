"""The invented events of a community, as the event register would hold them.

What comes in: a community. What goes out: an `Incident` for each of its events: where and when, who registered it, how it
came in, how fast somebody came, what was decided, who and what took part. The handling (`handling.py`) has a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import msgspec

from subgraphs.room.world import calendar
from subgraphs.room.world.chance import Ids, stream, wheel
from subgraphs.room.world.community import EVENTS, UNKNOWN, Community, Happening, Part, Seen
from subgraphs.room.world.handling import (
    Decided,
    Docket,
    Received,
    Responded,
    category_of,
    decided,
    received,
    responded,
    status_of,
)
from subgraphs.room.world.kinds import Kind
from subgraphs.room.world.names import FAMILY
from subgraphs.room.world.places import SETTLEMENTS, TERRITORIES, Address, Settlement, address

_SLOTS: Final = 256
_BASIS: Final = wheel({"FACT": 70, "UNVERIFIED": 22, "ASSESSMENT": 8}, _SLOTS)
_VIOLENT: Final = frozenset({"ASSAULT", "DOMESTIC_CONFLICT", "ROBBERY"})
_HURT: Final = wheel({"NONE": 34, "MINOR": 48, "MODERATE": 14, "SEVERE": 4}, _SLOTS)
_AT_HOME: Final = wheel(
    {"SPOUSE": 30, "PARTNER": 26, "FORMER_PARTNER": 14, "CHILD": 12, "PARENT": 8, "SIBLING": 5, "RELATIVE": 5}, _SLOTS
)
_OUTSIDE: Final = wheel({"STRANGER": 52, "ACQUAINTANCE": 30, "NEIGHBOUR": 12, "COLLEAGUE": 6}, _SLOTS)
_AGAINST: Final = frozenset({"SUSPECT", "DETAINED", "PERSON_AGAINST_WHOM_PROCEEDING"})
_STATES: Final = {
    ("DRUNK_DRIVING", "HELD_LIABLE"): wheel({"ALCOHOL": 92, "DRUGS": 8}, _SLOTS),
    ("ALCOHOL_IN_PUBLIC", "HELD_LIABLE"): wheel({"ALCOHOL": 74, "SOBER": 26}, _SLOTS),
    ("PUBLIC_ORDER", "HELD_LIABLE"): wheel({"ALCOHOL": 48, "SOBER": 46, "DRUGS": 6}, _SLOTS),
    ("DOMESTIC_CONFLICT", "PERSON_AGAINST_WHOM_PROCEEDING"): wheel({"ALCOHOL": 45, "SOBER": 55}, _SLOTS),
    ("DOMESTIC_CONFLICT", "SUSPECT"): wheel({"ALCOHOL": 45, "SOBER": 55}, _SLOTS),
    ("DRUGS", "DETAINED"): wheel({"DRUGS": 60, "SOBER": 40}, _SLOTS),
    ("ASSISTANCE", "CONTACT"): wheel({"CONFUSED": 30, "ALCOHOL": 35, "UNCONSCIOUS": 10, "SOBER": 25}, _SLOTS),
}
_ITEMS: Final = {
    "MONEY": ("skaidra nauda", "naudas maks ar naudu"),
    "PHONE": ("viedtālrunis melnā ietvarā", "viedtālrunis ar ieplaisājušu ekrānu"),
    "BICYCLE": ("pilsētas velosipēds", "kalnu velosipēds"),
    "TOOL": ("akumulatora urbjmašīna", "leņķa slīpmašīna"),
    "JEWELLERY": ("zelta gredzens", "sudraba kaklarota"),
    "WEAPON": ("nazis", "gāzes pistole"),
    "AMMUNITION": ("artilērijas lādiņš", "patronas"),
    "DRUGS": ("augu izcelsmes viela maisiņā", "balta pulverveida viela"),
    "ALCOHOL": ("alkoholiskā dzēriena pudele", "alus skārdene"),
    "TOBACCO": ("cigarešu paciņa", "elektroniskā cigarete"),
    "ELECTRONICS": ("portatīvais dators", "televizors"),
    "PLATE": ("numura zīme", "numura zīmju pāris"),
    "KEY": ("atslēgu saišķis", "automašīnas atslēga"),
    "ANIMAL": ("suns bez kaklasiksnas", "kaķis"),
    "OTHER": ("soma ar personīgām mantām", "apģērbs"),
}
_WORTH: Final = {
    "MONEY": 400,
    "PHONE": 600,
    "BICYCLE": 700,
    "TOOL": 300,
    "JEWELLERY": 900,
    "ELECTRONICS": 1100,
    "ALCOHOL": 60,
    "TOBACCO": 40,
}
_SERIAL: Final = frozenset({"PHONE", "BICYCLE", "ELECTRONICS", "TOOL"})
_ITEMS_MOST: Final = 2

REGIONS: Final = {
    "RIGA": "Rīgas reģiona pārvalde",
    "VIDZEME": "Vidzemes reģiona pārvalde",
    "KURZEME": "Kurzemes reģiona pārvalde",
    "ZEMGALE": "Zemgales reģiona pārvalde",
    "LATGALE": "Latgales reģiona pārvalde",
}
_UNITS: Final = ("Patruļu nodaļa", "Kārtības policijas nodaļa", "Dežūrdaļa")
_RANKS: Final = ("insp.", "vec. insp.", "vir.", "kpt.")
_INITIALS: Final = "AĀBDEGIJKLMNOPRSTUVZ"


class Taking(msgspec.Struct, frozen=True, gc=False):
    """A person's part, with all that is said of it. `person` is the number in the community, `UNKNOWN` for nobody known."""

    id: str
    person: int
    part: Part
    basis: str
    injury: str | None
    state: str | None
    statement: bool | None
    detained_hours: int
    relation: str | None
    vehicle_part: str | None


class Driven(msgspec.Struct, frozen=True, gc=False):
    """A vehicle's part."""

    id: str
    seen: Seen
    damage: str | None
    description: str | None


class Carried(msgspec.Struct, frozen=True, gc=False):
    """A document's part."""

    id: str
    paper: int
    role: str


class Item(msgspec.Struct, frozen=True, gc=False):
    """An item's part; `value` in whole euros."""

    id: str
    kind: str
    role: str
    description: str
    serial: str | None
    value: int | None


class Incident(msgspec.Struct, frozen=True, gc=False):
    """An event as the register holds it; words are those of the enumerations, times are seconds since 1970."""

    id: str
    number: str
    happening: Happening
    settlement: Settlement
    address: Address
    indoor: str | None
    institution: str
    unit: str
    official: str
    category: str
    status: str
    occurred_until: int | None
    summary: str
    basis: str
    received: Received
    responded: Responded | None
    decided: Decided | None
    persons: tuple[Taking, ...]
    vehicles: tuple[Driven, ...]
    documents: tuple[Carried, ...]
    items: tuple[Item, ...]
    classification: str
    has_minor: bool


def incidents(community: Community) -> Iterator[Incident]:
    """The events of the community in the order in which they occurred."""
    draw = stream(community.seed, "incidents", community.number).random
    parts = sum(len(event.persons) + len(event.vehicles) + _ITEMS_MOST for event in community.events) + len(community.shown)
    ids = _Numbered(Ids("inv", parts, community.seed, "part", community.number))
    docket = Docket(community.number)
    shown: dict[int, list[tuple[int, str]]] = {}
    for paper in community.shown:
        shown.setdefault(paper.event, []).append((paper.paper, paper.role))
    for event_id, event in zip(community.event_ids, community.events, strict=True):
        yield _incident(
            event_id, community.number * EVENTS + event.number + 1, event, shown.get(event.number), ids, docket, draw
        )


class _Numbered:
    """Hands out ids one after the other."""

    __slots__ = ("_ids", "_next")

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._next = 0

    def at(self, millis: int) -> str:
        self._next += 1
        return self._ids.at(self._next - 1, millis)


def _incident(
    event_id: str,
    number: int,
    event: Happening,
    shown: list[tuple[int, str]] | None,
    ids: _Numbered,
    docket: Docket,
    draw: Callable[[], float],
) -> Incident:
    kind, registered = event.kind, event.registered
    settlement = SETTLEMENTS[event.settlement]
    millis = registered * 1000
    place = address(settlement, draw(), draw())
    institution = "LV-VP" if event.by_state else settlement.owner
    category = category_of(event, draw)
    came = received(event, draw)
    vehicles = tuple([_driven(ids.at(millis), seen, kind, draw) for seen in event.vehicles])
    year = calendar.DAYS[min(364, (registered - calendar.START) // 86400)].year
    verdict = decided(event, year, docket, draw)
    has_minor = any(part.age < 18 and part.person != UNKNOWN for part in event.persons)
    return Incident(
        event_id,
        f"VNR-{year}-{number:07d}",
        event,
        settlement,
        place,
        f"dzīvoklis {1 + int(draw() * 60)}" if kind.subkind in ("DOMESTIC_CONFLICT", "NOISE") and settlement.is_city else None,
        institution,
        REGIONS[TERRITORIES[settlement.territory].region] if event.by_state else _UNITS[int(draw() * 3)],
        _OFFICIALS[int(draw() * len(_OFFICIALS))],
        category,
        status_of(event, verdict, draw),
        event.occurred + int(draw() * 3600) if kind.kind == "CRIMINAL_OFFENCE" else None,
        kind.summaries[draw() < 0.5].replace("{place}", place.text),
        _BASIS[int(draw() * _SLOTS)],
        came,
        responded(event, category, came, draw),
        verdict,
        tuple([_taking(ids.at(millis), part, kind, vehicles, draw) for part in event.persons]),
        vehicles,
        tuple([Carried(ids.at(millis), paper, role) for paper, role in shown]) if shown else (),
        _items(kind, ids, millis, draw) if kind.item_share and draw() < kind.item_share else (),
        _classification(kind, verdict, has_minor=has_minor),
        has_minor,
    )


def _taking(part_id: str, part: Part, kind: Kind, vehicles: tuple[Driven, ...], draw: Callable[[], float]) -> Taking:
    injury, relation, hours = part.injury, None, 0
    role, subkind = part.role, kind.subkind
    if subkind in _VIOLENT:
        if role == "VICTIM":
            injury = _HURT[int(draw() * _SLOTS)]
        elif role in _AGAINST:
            relation = (_AT_HOME if subkind == "DOMESTIC_CONFLICT" else _OUTSIDE)[int(draw() * _SLOTS)]
    elif role == "DECEASED":
        injury = "FATAL"
    if role == "DETAINED":
        hours = 3 + int(draw() * 45)
    states = _STATES.get((subkind, role))
    chance = draw()
    return Taking(
        part_id,
        part.person,
        part,
        _BASIS[int(chance * _SLOTS)],
        injury,
        states[int(draw() * _SLOTS)] if states is not None else None,
        chance < 0.6 if part.person != UNKNOWN else None,
        hours,
        relation,
        vehicles[part.vehicle].id if 0 <= part.vehicle < len(vehicles) else None,
    )


def _driven(part_id: str, seen: Seen, kind: Kind, draw: Callable[[], float]) -> Driven:
    damage = description = None
    if kind.is_accident or seen.role == "DAMAGED":
        damage = ("bojāts bamperis un spārns", "bojātas durvis", "ieplaisājis stikls", "deformēta virsbūve")[int(draw() * 4)]
    if seen.car == UNKNOWN:
        description = ("tumša automašīna, numurs nav fiksēts", "gaiša automašīna, aizbraukusi no notikuma vietas")[draw() < 0.5]
    return Driven(part_id, seen, damage, description)


def _items(kind: Kind, ids: _Numbered, millis: int, draw: Callable[[], float]) -> tuple[Item, ...]:
    made = []
    for _ in range(2 if draw() < 0.2 else 1):
        thing = kind.item_kinds[int(draw() * _SLOTS)]
        worth = _WORTH.get(thing)
        chance = draw()
        made.append(
            Item(
                ids.at(millis),
                thing,
                kind.item_roles[int(draw() * _SLOTS)],
                _ITEMS[thing][chance < 0.5],
                f"SN{int(chance * 1e8):08d}" if thing in _SERIAL and chance < 0.7 else None,
                1 + int(worth * chance * chance * 2) if worth is not None else None,
            )
        )
    return tuple(made)


def _classification(kind: Kind, verdict: Decided | None, *, has_minor: bool) -> str:
    """The level of `domain.md` 7.5: minors and victims at home raise it, running investigations of grave crimes more."""
    if (
        kind.nature == "CRIME"
        and verdict is not None
        and verdict.case is not None
        and kind.subkind in ("ROBBERY", "DRUGS", "ESCAPE")
    ):
        return "OPERATIONAL"
    if has_minor or kind.subkind == "DOMESTIC_CONFLICT":
        return "SENSITIVE"
    return "PERSONAL" if kind.kind == "CRIMINAL_OFFENCE" else "RESTRICTED"


def _officials() -> tuple[str, ...]:
    """Invented officials, the same in every world: rank, initial, surname."""
    draw = stream("officials").random
    return tuple(
        f"{_RANKS[int(draw() * 4)]} {_INITIALS[int(draw() * len(_INITIALS))]}. "
        f"{FAMILY['MALE' if draw() < 0.6 else 'FEMALE', 'LV'][int(draw() * 8192)]}"
        for _ in range(200)
    )


_OFFICIALS: Final = _officials()
