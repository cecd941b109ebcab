"""Where things happen: territories by ATVK 2021, settlements in them, streets, houses, coordinates.

What comes in: the tables `territories`, `settlements`, `streets`. What goes out: settlements to draw from, and addresses. A
house has one address code and one point, always, within the settlement's radius, so that it lies inside the right territory.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sqrt
from typing import Final, NamedTuple

from subgraphs.room.world.chance import wheel
from subgraphs.room.world.tables import rows

_KM_PER_DEGREE: Final = 111.32
_LATITUDE: Final = cos(57 * pi / 180)  # a degree of longitude is this much shorter in Latvia
_PLAIN: Final = str.maketrans("ĀĒĪŪŠŽČĢĶĻŅ", "AEIUSZCGKLN")
SLOTS: Final = 1 << 10
EVERYWHERE_SLOTS: Final = 1 << 13


@dataclass(frozen=True, slots=True)
class Territory:
    """A municipality: ATVK code, name, residents in thousands, department of the State Police, agency ids that guard it."""

    atvk: str
    name: str
    is_city: bool
    residents: float
    region: str
    police: str
    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Settlement:
    """A part of a territory. `owner` is the agency that guards it: the municipal police, or the port police in a port (`zone`).

    Its houses have address codes that start with `code` and lie in a square from `south` and `west` on, `height` high and
    `width` wide, all in millionths of a degree.
    """

    number: int
    territory: int
    atvk: str
    name: str
    is_city: bool
    zone: str | None
    owner: str
    code: str
    suffix: str
    south: int
    west: int
    height: int
    width: int
    weight: float
    streets: tuple[Street, ...]


class Street(NamedTuple):
    """A street of a settlement."""

    number: int
    name: str
    houses: int


class Address(NamedTuple):
    """A house: address code (starts with 9, never issued), text, point in WGS 84."""

    code: str
    text: str
    lat: float
    lon: float


def _territories() -> tuple[Territory, ...]:
    return tuple(
        Territory(
            atvk=row["code"],
            name=row["name"],
            is_city=row["kind"] == "STATE_CITY",
            residents=float(row["residents"]),
            region=row["region"],
            police=f"LV-PP-{row['slug']}",
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            km=float(row["km"]),
        )
        for row in rows("territories")
        if not row["until"]
    )


TERRITORIES: Final = _territories()


def _streets_of(row: dict[str, str]) -> tuple[Street, ...]:
    """The streets of a settlement, each as often as its weight: those that name it, else those of its territory and
    common ones. A village has few of them.
    """
    named, own, common = [], [], []
    for number, street in enumerate(rows("streets")):
        if street["code"] == "*":
            common.append((number, street))
        elif street["code"] == row["code"] and row["settlement"] in street["settlements"].split("/"):
            named.append((number, street))
        elif street["code"] == row["code"] and not street["settlements"]:
            own.append((number, street))
    village = row["kind"] == "OTHER"
    listed = named or (common[:9] if village else own * 3 + common)  # a town's own streets come up more often
    drawn = wheel({place: float(street["weight"]) for place, (_, street) in enumerate(listed)}, SLOTS)
    streets = [Street(number, street["street"], 12 if village else int(street["houses"])) for number, street in listed]
    return tuple(map(streets.__getitem__, drawn))


def _settlements() -> tuple[Settlement, ...]:
    by_code = {territory.atvk: number for number, territory in enumerate(TERRITORIES)}
    return tuple(_settlement(number, by_code[row["code"]], row) for number, row in enumerate(rows("settlements")))


def _settlement(number: int, place: int, row: dict[str, str]) -> Settlement:
    territory = TERRITORIES[place]
    port = territory.name.upper().translate(_PLAIN) if row["kind"] == "PORT" else None
    side = float(row["km"]) * sqrt(2) * 1_000_000 / _KM_PER_DEGREE
    return Settlement(
        number=number,
        territory=place,
        atvk=territory.atvk,
        name=row["settlement"],
        is_city=row["kind"] != "OTHER",
        zone=f"PORT-{port}" if port else None,
        owner=f"LV-OP-{port}" if port else territory.police,
        code=f"9{number:03d}",
        suffix=territory.name if territory.is_city else f"{row['settlement']}, {territory.name}",
        south=int(float(row["lat"]) * 1_000_000 - side / 2),
        west=int(float(row["lon"]) * 1_000_000 - side / 2 / _LATITUDE),
        height=int(side),
        width=int(side / _LATITUDE),
        weight=float(row["weight"]),
        streets=_streets_of(row),
    )


SETTLEMENTS: Final = _settlements()

HOMES: Final = wheel({number: territory.residents for number, territory in enumerate(TERRITORIES)}, 1 << 13)
"""Wheel of territories by residents."""

INSIDE: Final = tuple(
    wheel({s.number: s.weight for s in SETTLEMENTS if s.territory == number}, SLOTS) for number in range(len(TERRITORIES))
)
"""For each territory the wheel of its settlements."""

EVERYWHERE: Final = wheel(
    {
        s.number: s.weight
        / sum(t.weight for t in SETTLEMENTS if t.territory == s.territory)
        * TERRITORIES[s.territory].residents ** 0.5
        for s in SETTLEMENTS
    },
    EVERYWHERE_SLOTS,
)
"""Wheel of all settlements, small territories fuller than by residents: where people get involved away from home."""


def address(settlement: Settlement, street_draw: float, house_draw: float) -> Address:
    """The address that two draws between 0 and 1 lead to.

    Houses are spread evenly (R2 sequence) over a square around the centre whose corners are `km` away.
    """
    street, name, houses = settlement.streets[int(street_draw * SLOTS)]
    house = 1 + int(house_draw * houses)
    spot = street * 211 + house
    return Address(
        f"{settlement.code}{street:03d}{house:03d}",
        f"{name} {house}, {settlement.suffix}",
        # whole micro-degrees: six decimals without rounding
        (settlement.south + int(spot * 0.7548776662466927 % 1 * settlement.height)) / 1_000_000,
        (settlement.west + int(spot * 0.5698402909980532 % 1 * settlement.width)) / 1_000_000,
    )
