"""The contract and the town that the named cases attack: rows of one territory up to level 2, listed and hidden fields, counts.

In: parts of the contract to be said otherwise. Out: its text; `opened` gives a town with the population in it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.security.pen import Pen, Row
from tests.security.population import Population, population
from tests.security.random_contracts import book_of, written
from tests.security.town import Town, open_town

READ: Final = [
    "Query.{events, event, persons, person, personByCode, node, vehicles, vehicle, documents}",
    "Event.{id, kind, occurred, place, persons, vehicles, status}",
    "Place.{atvk, text}",
    "TimeSpan.from",
    "PersonInvolvement.{id, role, person, event}",
    "VehicleInvolvement.{id, role, vehicle, event}",
    "Person.{familyName, givenNames, birthDate, involvements, vehicles, documents}",
    "Vehicle.{id, plate, make, holders, involvements}",
    "VehicleHolding.{kind, person, vehicle}",
    "Document.{id, kind}",
]
COUNTS: Final = [
    "EventConnection.totalCount",
    "PersonConnection.totalCount",
    "VehicleInvolvementConnection.totalCount",
    "PersonInvolvementConnection.totalCount",
]
CITY: Final[dict[str, object]] = {
    "visibility": {
        "default": "hidden",
        "listed": ["Event.summary", "Person.alerts", "PersonAlert.kind", "Person.personalCode", "VehicleConnection.totalCount"],
    },
    "grants": [
        {
            "purposes": ["CHECK"],
            "read": READ,
            "filter": {
                "Event.kind": ["eq"],
                "Person.familyName": ["eq"],
                "Person.personalCode": ["eq"],
                "PersonInvolvement.event": ["some"],
            },
            "sort": ["Event.occurred", "Person.familyName"],
            "count": COUNTS,
        }
    ],
    "rows": {
        "Event": {"all": [{"in": ["territory", "$consumer.territories"]}, {"lte": ["classification", 2]}]},
        "PersonInvolvement": "all",
        "Person": {"lte": ["classification", 3]},
        "Vehicle": "all",
        "Document": "all",
    },
}


def city(number: int = 1, **parts: object) -> str:
    """The contract; `parts` replace its words."""
    return written(number, CITY, **parts)


def other(text: str, agency: str = "LV-OTHER") -> str:
    """The same contract for another agency."""
    return text.replace("LV-TEST", agency).replace("C-1\n", "C-2\n").replace("id: C-1", "id: C-2")


def is_visible(row: Row, people: Population) -> bool:
    """What the city's contract shows, told here in Python."""
    attributes: dict[str, Any] = dict(people.attributes[row])
    match row[0]:
        case "Event":
            return attributes["territory"] == "0001000" and attributes["classification"] <= 2
        case "Person":
            return attributes["classification"] <= 3
        case _:
            return True


@asynccontextmanager
async def opened(folder: Path, *texts: str) -> AsyncIterator[tuple[Town, Population, Pen]]:
    """A filled town under these contracts (the city's when none is given)."""
    pen = Pen()
    people = population(pen)
    async with open_town(folder / "town", book_of(*(texts or (city(),)))) as town:
        await town.fill(people.rooms)
        yield town, people, pen
