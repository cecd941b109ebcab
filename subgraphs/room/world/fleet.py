"""The invented vehicles of a community, as the register of vehicles would hold them.

What comes in: a community. What goes out: a `Vehicle` for each of its cars: plate, VIN, make, holders with periods, searches.
Plates start with Q and VINs with 0, which are never issued.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

import msgspec

from subgraphs.room.world import calendar
from subgraphs.room.world.chance import Ids, stream, wheel
from subgraphs.room.world.community import MAX_VEHICLES, UNKNOWN, Car, Community
from subgraphs.room.world.links import Reach
from subgraphs.room.world.numbers import plate, vin
from subgraphs.room.world.people import Alert
from subgraphs.room.world.tables import rows

_LAST_DAY: Final = calendar.END_DAY.toordinal()
_SLOTS: Final = 1 << 11
ORGANISATION_NAMES: Final = tuple(row["name"] for row in rows("organisations"))


class Model(msgspec.Struct, frozen=True, gc=False):
    """A make and model, its EU category, first and last year of first registrations, the maker's two characters in a VIN."""

    make: str
    model: str
    category: str
    first_year: int
    last_year: int
    maker: str


def _models() -> tuple[Model, ...]:
    plain = str.maketrans("IOQ", "JPR", "- ")
    made = [
        Model(
            row["make"],
            row["model"],
            row["category"],
            int(row["from"]),
            int(row["to"]),
            unicodedata.normalize("NFKD", row["make"]).encode("ascii", "ignore").decode().upper().translate(plain)[:2],
        )
        for row in rows("vehicles")
    ]
    return tuple(made[place] for place in wheel({n: float(row["weight"]) for n, row in enumerate(rows("vehicles"))}, _SLOTS))


_MODELS: Final = _models()
_COLOURS: Final = wheel({row["code"]: float(row["weight"]) for row in rows("colours")}, 256)


class Holding(msgspec.Struct, frozen=True, gc=False):
    """Who has the vehicle: a person of the community by number or an organisation, in which right, from when until when
    (days).
    """

    id: str
    kind: str
    person: int
    organisation: str | None
    since: date
    until: date | None = None


class Vehicle(msgspec.Struct, frozen=True, gc=False):
    """A vehicle as the register holds it; words are those of the enumerations."""

    id: str
    plate: str
    country: str
    vin: str
    make: str
    model: str
    category: str
    colour: str
    first_registered: date
    status: str
    certificate: int
    holdings: tuple[Holding, ...]
    alerts: tuple[Alert, ...]
    roadworthy_until: date | None
    insured_until: date | None
    reach: Reach


def fleet(community: Community, reaches: list[Reach]) -> Iterator[Vehicle]:
    """The vehicles of the community in the order of their numbers; `reaches` as `links_of` gives them."""
    draw = stream(community.seed, "fleet", community.number).random
    certificates = {paper.car: number for number, paper in enumerate(community.papers) if paper.car != UNKNOWN}
    stolen = {seen.car: event.registered for event in community.events for seen in event.vehicles if seen.role == "STOLEN"}
    ids = Ids("inv", 3 * MAX_VEHICLES, community.seed, "holding", community.number)
    for number, (vehicle_id, car) in enumerate(zip(community.vehicle_ids, community.cars, strict=True)):
        serial = community.number * MAX_VEHICLES + number
        model = _MODELS[int(draw() * _SLOTS)]
        year = model.first_year + int(draw() ** 0.8 * (model.last_year - model.first_year + 1))
        first = date(year, 1, 1).toordinal() + int(draw() * 364)
        first = min(first, _LAST_DAY - 30)
        status = _status(car.country, draw)
        yield Vehicle(
            vehicle_id,
            plate(serial, model.category, car.country),
            car.country,
            vin(serial, model.maker, year, int(draw() * (1 << 30))),
            model.make,
            model.model,
            model.category,
            _COLOURS[int(draw() * 256)],
            date.fromordinal(first),
            status,
            certificates.get(number, UNKNOWN),
            _holdings(community, car, first, number, ids, draw),
            _alerts(serial, stolen.get(number), draw),
            _valid_until(0.93, draw) if status == "REGISTERED" else None,
            _valid_until(0.96, draw) if status == "REGISTERED" else None,
            reaches[number],
        )


def _status(country: str, draw: Callable[[], float]) -> str:
    if country != "LV":
        return "FOREIGN"
    chance = draw()
    return "REGISTERED" if chance < 0.95 else "SUSPENDED" if chance < 0.975 else "DEREGISTERED" if chance < 0.995 else "TRANSIT"


def _valid_until(share: float, draw: Callable[[], float]) -> date:
    """The day until which an inspection or insurance holds: past for the rest of the share."""
    days = int(draw() * 365)
    return date.fromordinal(_LAST_DAY + days if draw() < share else _LAST_DAY - days)


def _holdings(
    community: Community, car: Car, first: int, number: int, ids: Ids, draw: Callable[[], float]
) -> tuple[Holding, ...]:
    """The owner of today, who leases it from the owner, and for a third of older vehicles the owner before."""
    age = max(1, _LAST_DAY - 400 - first)  # today's owner has had it through the world's year
    since = first if age < 1000 else first + int(draw() * age)
    if car.owner != UNKNOWN:  # nobody owns a car before coming of age
        since = max(since, _LAST_DAY - (community.residents[car.owner].age - 17) * 365)
    millis = calendar.START * 1000 + community.number * MAX_VEHICLES + number
    owner = ORGANISATION_NAMES[car.organisation] if car.organisation != UNKNOWN else None
    started = date.fromordinal(since)
    held = [Holding(ids.at(3 * number, millis), "OWNER", car.owner, owner, started)]
    if car.holder != UNKNOWN:
        held.append(Holding(ids.at(3 * number + 1, millis), "HOLDER", car.holder, None, started))
    if since > first + 30 and draw() < 0.35 and community.residents:
        before = int(draw() * len(community.residents))
        if before != car.owner and community.residents[before].age >= 30:
            earlier = date.fromordinal(max(first, since - 1500))
            held.append(Holding(ids.at(3 * number + 2, millis), "OWNER", before, None, earlier, started))
    return tuple(held)


def _alerts(serial: int, stolen: int | None, draw: Callable[[], float]) -> tuple[Alert, ...]:
    """The search for a stolen vehicle (half of them are found), and the few that are sought for other reasons."""
    if stolen is not None:
        ended = calendar.unless_later(stolen + int(draw() * 2_000_000)) if draw() < 0.5 else None
        return (Alert("STOLEN", "LV-VP", stolen, ended, f"MTR-{serial:07d}"),)
    chance = draw()
    if chance >= 0.01:
        return ()
    issued = calendar.START + int(draw() * (calendar.END - calendar.START))
    kind = "SEIZE" if chance < 0.004 else "LOCATE" if chance < 0.007 else "DISCREET_CHECK"
    return (Alert(kind, "LV-VP", issued, None, f"MTR-{serial:07d}"),)
