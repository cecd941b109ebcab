"""Operator objects of `where`: what may be asked of one attribute. No operator that no index serves.

What comes in: GraphQL input. What goes out: Strawberry inputs, which `subgraphs.room.narrowing` turns into a `Where`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Generic, TypeVar

import strawberry

from subgraphs.room.fields import operator, words

T = TypeVar("T")

_EQ = ("Equal to this.", "Vienāds ar šo.")
_IN = ("Equal to one of these, at most 100.", "Vienāds ar kādu no šiem, ne vairāk kā 100.")


@strawberry.input(description=words("Equal to a value of an enumeration, or to one of several.", "Nosacījums uzskaitījumam."))
class Filter(Generic[T]):
    """For enumerations; named after them (`EventKindFilter`)."""

    eq: T | None = operator(*_EQ)
    in_: list[T] | None = operator(*_IN, name="in")


@strawberry.input(description=words("Equal to a text, or to one of several.", "Nosacījums tekstam: vienāds."))
class ExactFilter:
    """For codes and keys."""

    eq: str | None = operator(*_EQ)
    in_: list[str] | None = operator(*_IN, name="in")


@strawberry.input(description=words("Equal to a text, to one of several, or beginning with one.", "Nosacījums tekstam."))
class TextFilter:
    """For names, numbers and plates."""

    eq: str | None = operator(*_EQ)
    in_: list[str] | None = operator(*_IN, name="in")
    starts_with: str | None = operator("Begins with this, at least 2 characters.", "Sākas ar šo, vismaz 2 rakstzīmes.")


@strawberry.input(description=words("Within a span of time, half open: `from` is inside, `to` is not.", "Nosacījums laikam."))
class TimeFilter:
    """For times."""

    from_: datetime | None = operator("At or after this.", "No (ieskaitot).", name="from")
    to: datetime | None = operator("Before this.", "Līdz (neieskaitot).")


@strawberry.input(description=words("Within a span of days, half open: `from` is inside, `to` is not.", "Nosacījums datumam."))
class DateFilter:
    """For dates."""

    from_: date | None = operator("On or after this day.", "No (ieskaitot).", name="from")
    to: date | None = operator("Before this day.", "Līdz (neieskaitot).")


@strawberry.input(description=words("A circle on the earth, WGS 84.", "Aplis, WGS 84 koordinātas."))
class CircleInput:
    """A centre and a radius."""

    lat: float = operator("Latitude of the centre in degrees.", "Centra platums grādos.", default=None)
    lon: float = operator("Longitude of the centre in degrees.", "Centra garums grādos.", default=None)
    metres: float = operator("Radius in metres, at most 100 000.", "Rādiuss metros, ne vairāk kā 100 000.", default=None)


@strawberry.input(description=words("Near a place.", "Nosacījums vietai."))
class PointFilter:
    """For points."""

    within: CircleInput | None = operator("Inside this circle.", "Šajā aplī.")
