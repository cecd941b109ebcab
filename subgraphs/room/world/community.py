"""A community: fifty events and the people, vehicles and documents that take part in them, as far as the registers must agree
on them.

What comes in: what `founding.py` draws. What goes out: `Community`, which says who took part where and when, who owns what,
and nothing else; the rest of each register (`people`, `fleet`, `papers`, `incidents`) is drawn from streams of its own.
"""

from __future__ import annotations

from typing import Final

import msgspec

from subgraphs.room.world.kinds import Kind

EVENTS: Final = 50
MAX_PERSONS: Final = 128
MAX_VEHICLES: Final = 64
MAX_DOCUMENTS: Final = 256

UNKNOWN: Final = -1
"""In the place of a number: nobody, or nobody knows whom."""


class Part(msgspec.Struct, frozen=True, gc=False):
    """A person's part in an event: the person's number or `UNKNOWN`, what was seen, the place of its vehicle in the event."""

    person: int
    role: str
    sex: str
    age: int
    injury: str | None = None
    vehicle: int = UNKNOWN


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A vehicle's part in an event: the vehicle's number or `UNKNOWN`."""

    car: int
    role: str


class Happening(msgspec.Struct, frozen=True, gc=False):
    """An event: seconds since 1970 when it occurred and was registered, settlement, kind, who took part with which vehicle."""

    number: int
    occurred: int
    registered: int
    settlement: int
    kind: Kind
    by_state: bool
    persons: tuple[Part, ...]
    vehicles: tuple[Seen, ...]


class Resident(msgspec.Struct, frozen=True, gc=False):
    """A person: sex, age in years at the end of the world's year, settlement where it lives, country that it is from."""

    sex: str
    age: int
    home: int
    origin: str


class Car(msgspec.Struct, frozen=True, gc=False):
    """A vehicle: where it is registered, the person (`owner`) or organisation that owns it; the other one is `UNKNOWN`.
    `holder` leases it.
    """

    country: str
    owner: int
    organisation: int
    holder: int = UNKNOWN


class Paper(msgspec.Struct, frozen=True, gc=False):
    """A document: its kind, the country that issued it, its holder, and for a registration certificate the vehicle."""

    kind: str
    country: str
    holder: int
    car: int = UNKNOWN


class Shown(msgspec.Struct, frozen=True, gc=False):
    """A document's part in an event."""

    event: int
    paper: int
    role: str


class Community(msgspec.Struct, frozen=True, gc=False):
    """Fifty events and those who take part, by their numbers within the community, and everybody's ids."""

    seed: int
    number: int
    home: int
    event_ids: tuple[str, ...]
    person_ids: tuple[str, ...]
    vehicle_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    events: tuple[Happening, ...]
    residents: tuple[Resident, ...]
    cars: tuple[Car, ...]
    papers: tuple[Paper, ...]
    shown: tuple[Shown, ...]
