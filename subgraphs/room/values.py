"""Small types that several rooms show: codes, spans of time, points, money, sources, changes. The same in every room, so
shareable.

What comes in: records and their parts. What goes out: Strawberry types; a value's own fields are public, because the field that
leads to it carries the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry import federation

from subgraphs.room.fields import plain, words


@federation.type(shareable=True, description=words("A code of a list that authorities extend.", "Klasifikatora kods."))
class Code:
    """A code with its labels."""

    code: str = plain("The code.", "Kods.")
    label_lv: str | None = plain("What it means, in Latvian; null when the list does not have the code.", "Nozīme latviski.")
    label_en: str | None = plain("What it means, in English; null when the list does not have the code.", "Nozīme angliski.")
    list: str = plain("The name of the list.", "Klasifikatora nosaukums.")


@dataclass(frozen=True, slots=True)
class Span:
    """What stands behind `TimeSpan`."""

    start: datetime | None
    end: datetime | None


def span(start: datetime | None, end: datetime | None) -> Span | None:
    """The span, or None when neither end is known."""
    return None if start is None and end is None else Span(start, end)


@federation.type(shareable=True, description=words("A span of time; an end that is null is open or not known.", "Laika posms."))
class TimeSpan:
    """From and to."""

    start: datetime | None = plain("When it begins.", "Sākums.", name="from")
    end: datetime | None = plain("When it ends.", "Beigas.", name="to")


@dataclass(frozen=True, slots=True)
class Point:
    """What stands behind `GeoPoint`."""

    lat: float
    lon: float


@federation.type(shareable=True, description=words("A point on the earth, WGS 84.", "Punkts, WGS 84 koordinātas."))
class GeoPoint:
    """Latitude and longitude in degrees."""

    lat: float = plain("Latitude in degrees.", "Platums grādos.")
    lon: float = plain("Longitude in degrees.", "Garums grādos.")


@dataclass(frozen=True, slots=True)
class Amount:
    """What stands behind `Money`."""

    amount: Decimal
    currency: str


@federation.type(shareable=True, description=words("An amount of money.", "Naudas summa."))
class Money:
    """Amount and currency."""

    amount: Decimal = plain("The amount.", "Summa.")
    currency: str = plain("ISO 4217 code.", "Valūtas kods pēc ISO 4217.")


@federation.type(shareable=True, description=words("Where an item came from.", "Datu avots."), name="Source")
class SourceType:
    """System and id."""

    system: str = plain("The system.", "Sistēma.")
    id: str = plain("The id that the item has there.", "Identifikators avota sistēmā.")


@federation.type(
    shareable=True,
    description=words("One version of an item and what it changed.", "Ieraksta versija un tās izmaiņas."),
    name="Change",
)
class ChangeType:
    """Version, time, fields."""

    version: int = plain("The version's number, from 1.", "Versijas numurs.")
    at: datetime = plain("When the version was written.", "Kad versija ierakstīta.")
    fields: list[str] = plain("The parts of the item that it changed; empty for the first.", "Mainītās daļas.")


@federation.interface(
    description=words("An item that its id names in the whole graph.", "Objekts ar identifikatoru visā grafā.")
)
class Node:
    """Whatever `node(id:)` finds."""

    id: strawberry.ID = plain("The opaque id.", "Identifikators.")
