"""Where things happen: territories by ATVK 2021, settlements in them, streets, houses, coordinates.

What comes in: the tables `territories`, `settlements`, `streets`. What goes out: settlements to draw from, and addresses. A
house has one address code and one point, always, within the settlement's radius, so that it lies inside the right territory.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from typing import Final, NamedTuple

from subgraphs.room.world.chance import wheel
from subgraphs.room.world.tables import rows

_KM_PER_DEGREE: Final = 111.32
_LATITUDE: Final = cos(57 * pi / 180)  # a degree of longitude is this much shorter in Latvia
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
    """A part of a territory. `owner` is the agency that guards it: the municipal police, or the port police in a port
    (`zone`).
    """

    number: int
    territory: int
    atvk: str
    name: str
    is_city: bool
    zone: str | None
    owner: str
    suffix: str
    lat: float
    lon: float
    km: float
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


def _streets_of(atvk: str, *, village: bool) -> tuple[Street, ...]:
    """The settlement's streets, each as often as its weight; a village has few of them."""
    listed = [(number, row) for number, row in enumerate(rows("streets")) if row["code"] in ("*", atvk)]
    few = listed[:9] if village else listed
    own = any(row["code"] == atvk for _, row in few)
    drawn = wheel(
        {place: float(row["weight"]) * (1 if row["code"] == atvk or not own else 0.3) for place, (_, row) in enumerate(few)},
        SLOTS,
    )
    streets = [Street(number, row["street"], 12 if village else int(row["houses"])) for number, row in few]
    return tuple(streets[place] for place in drawn)


def _settlements() -> tuple[Settlement, ...]:
    by_code = {territory.atvk: number for number, territory in enumerate(TERRITORIES)}
    made = []
    for number, row in enumerate(rows("settlements")):
        territory = TERRITORIES[by_code[row["code"]]]
        port = row["kind"] == "PORT"
        town = territory.name.upper() if port else ""
        slug = town.translate(str.maketrans("ĀĒĪŪŠŽČĢĶĻŅ", "AEIUSZCGKLN"))
        made.append(
            Settlement(
                number=number,
                territory=by_code[row["code"]],
                atvk=territory.atvk,
                name=row["settlement"],
                is_city=row["kind"] != "OTHER",
                zone=f"PORT-{slug}" if port else None,
                owner=f"LV-OP-{slug}" if port else territory.police,
                suffix=territory.name if territory.is_city else f"{row['settlement']}, {territory.name}",
                lat=float(row["lat"]),
                lon=float(row["lon"]),
                km=float(row["km"]),
                weight=float(row["weight"]),
                streets=_streets_of(territory.atvk, village=row["kind"] == "OTHER"),
            )
        )
    return tuple(made)


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
    """The address that two draws between 0 and 1 lead to. Houses are spread over the settlement evenly (R2 sequence)."""
    street = settlement.streets[int(street_draw * SLOTS)]
    house = 1 + int(house_draw * street.houses)
    spot = street.number * 211 + house
    angle = 2 * pi * (spot * 0.7548776662466927 % 1)
    radius = settlement.km * sqrt(spot * 0.5698402909980532 % 1) / _KM_PER_DEGREE
    return Address(
        f"9{settlement.number:03d}{street.number:02d}{house:03d}",
        f"{street.name} {house}, {settlement.suffix}",
        round(settlement.lat + radius * sin(angle), 6),
        round(settlement.lon + radius * cos(angle) / _LATITUDE, 6),
    )
