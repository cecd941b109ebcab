"""How an event was handled: how it came in, how urgent it was, how fast somebody came, what was decided.

What comes in: an event of a community and its stream of chance. What goes out: the words and times (seconds since 1970) of
each part. Reaction categories belong to the State Police alone (regulation No. 190, point 1.3); others have `NONE` and no
time that is due.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from subgraphs.room.world import calendar
from subgraphs.room.world.chance import wheel
from subgraphs.room.world.community import Happening
from subgraphs.room.world.kinds import ARRIVALS, SLOTS
from subgraphs.room.world.places import SETTLEMENTS
from subgraphs.room.world.tables import rows

Draw = Callable[[], float]

_CHANNELS: Final = {
    True: wheel(
        {"CALL_112": 45, "CALL_110": 22, "IN_PERSON": 14, "PATROL": 9, "MOBILE_APP": 3, "SENSOR": 3, "OTHER_AGENCY": 4}, SLOTS
    ),
    False: wheel(
        {"CALL_110": 44, "PATROL": 27, "MOBILE_APP": 8, "IN_PERSON": 8, "CALL_112": 5, "SENSOR": 4, "OTHER_AGENCY": 4}, SLOTS
    ),
}
_ELECTRONIC: Final = frozenset({"MOBILE_APP", "SENSOR", "OTHER_AGENCY"})
_MINUTES: Final = {
    (row["category"], is_city): int(row["city" if is_city else "other"])
    for row in rows("reaction")
    for is_city in (True, False)
}
_PACE: Final = {"A": 0.9, "B": 1.7, "C": 3.6, "D": 9.0, "NONE": 0.9}  # times the measured minutes
_OUTSIDE_TOWN: Final = 1.5

CRIMINAL_STATE: Final = wheel(
    {
        "CRIMINAL_PROCEEDING_STARTED": 64,
        "CRIMINAL_PROCEEDING_REFUSED": 14,
        "DEPARTMENTAL_EXAMINATION": 14,
        "TRANSFERRED_TO_AGENCY": 3,
        "NO_ACTION": 5,
    },
    SLOTS,
)
ADMINISTRATIVE: Final = wheel(
    {"ADMIN_PROCEEDING_STARTED": 46, "VERBAL_WARNING": 34, "ADMIN_PROCEEDING_REFUSED": 8, "NO_ACTION": 12}, SLOTS
)
DOMESTIC: Final = wheel(
    {
        "PROTECTION_ORDER": 16,
        "CRIMINAL_PROCEEDING_STARTED": 16,
        "DEPARTMENTAL_EXAMINATION": 22,
        "VERBAL_WARNING": 26,
        "NO_ACTION": 20,
    },
    SLOTS,
)
ACCIDENT: Final = wheel(
    {"ADMIN_PROCEEDING_STARTED": 58, "CRIMINAL_PROCEEDING_STARTED": 9, "DEPARTMENTAL_EXAMINATION": 8, "NO_ACTION": 25}, SLOTS
)
OTHER: Final = wheel({"NO_ACTION": 62, "TRANSFERRED_TO_AGENCY": 18, "DEPARTMENTAL_EXAMINATION": 20}, SLOTS)

CASES_A_YEAR: Final = 5
"""New case numbers of a community in a calendar year: with 20,000 communities they fill the five digits of a case number."""


class Received(msgspec.Struct, frozen=True, gc=False):
    """How the event came in. `submitter` is the number of the person in the community who reported it."""

    channel: str
    form: str
    at: int
    anonymous: bool
    submitter: int
    call: str | None


class Responded(msgspec.Struct, frozen=True, gc=False):
    """The response clock and the crew that was sent."""

    received: int
    dispatched: int
    arrived: int | None
    due: int | None
    crew: str
    cleared: int | None


class Decided(msgspec.Struct, frozen=True, gc=False):
    """The decision, when it was taken, and the number of its case."""

    kind: str
    at: int
    case: str | None


class Docket:
    """Gives case numbers (`26-00017`) to a community's events; some events join the case before."""

    __slots__ = ("_first", "_given")

    def __init__(self, community: int) -> None:
        self._first = community * CASES_A_YEAR
        self._given: dict[int, int] = {}

    def number(self, year: int, draw: Draw) -> str:
        given = self._given.get(year, 0)
        if given == 0 or (given < CASES_A_YEAR and draw() > 0.15):
            given += 1
            self._given[year] = given
        return f"{year % 100}-{self._first + given - 1:05d}"


def category_of(event: Happening, draw: Draw) -> str:
    """The reaction category: A with a death on the road, at least B with injured people there."""
    if not event.by_state:
        return "NONE"
    category = event.kind.urgency[int(draw() * SLOTS)]
    if event.kind.is_accident:
        injuries = {part.injury for part in event.persons}
        if "FATAL" in injuries:
            return "A"
        if injuries and category in ("C", "D"):
            return "B"
    return category


def received(event: Happening, draw: Draw) -> Received:
    """How the report came in: the State Police are called, municipal police see much themselves."""
    channel = _CHANNELS[event.by_state][int(draw() * SLOTS)]
    chance = draw()
    form = "ELECTRONIC" if channel in _ELECTRONIC else "WRITTEN" if channel == "IN_PERSON" and chance < 0.6 else "ORAL"
    submitter = next((part.person for part in event.persons if part.role == "APPLICANT"), -1)
    called = channel in ("CALL_112", "CALL_110")
    return Received(
        channel,
        form,
        event.registered - int(chance * 50),
        submitter < 0 and channel != "PATROL" and chance < 0.3,
        submitter,
        f"{channel[5:]}-{event.registered % 10_000_000:07d}" if called else None,
    )


def responded(event: Happening, category: str, came: Received, draw: Draw) -> Responded | None:
    """Who was sent and when they came. Nobody is sent to what a patrol saw itself or what was settled at the desk."""
    if came.channel in ("PATROL", "IN_PERSON") or draw() < 0.09:
        return None
    settlement = SETTLEMENTS[event.settlement]
    wait = ARRIVALS[int(draw() * len(ARRIVALS))] * 60 + int(draw() * 60)
    wait = int(wait * _PACE[category] * (1 if settlement.is_city else _OUTSIDE_TOWN)) + 20
    due = _MINUTES.get((category, settlement.is_city))
    arrived = came.at + wait if draw() < 0.985 else None
    return Responded(
        came.at,
        came.at + min(wait // 3, 15 + int(draw() * 240)),
        arrived,
        came.at + due * 60 if due is not None else None,
        f"{'VP' if event.by_state else 'PP' if settlement.zone is None else 'OP'}-{10 + int(draw() * 90)}",
        arrived + 300 + int(draw() * 5400) if arrived is not None else None,
    )


def decided(event: Happening, year: int, docket: Docket, draw: Draw) -> Decided | None:
    """The decision on the event, if one was taken by the end of the world's year."""
    kind = event.kind
    at = event.registered + 1800 + int(draw() ** 3 * 40 * 86400)
    if at >= calendar.END or draw() < 0.1:
        return None
    if kind.kind == "CRIMINAL_OFFENCE":
        choice = CRIMINAL_STATE[int(draw() * SLOTS)] if event.by_state else "TRANSFERRED_TO_AGENCY"
    elif kind.kind == "ADMINISTRATIVE_VIOLATION":
        choice = ADMINISTRATIVE[int(draw() * SLOTS)]
    elif kind.subkind == "DOMESTIC_CONFLICT":
        choice = DOMESTIC[int(draw() * SLOTS)]
    elif kind.is_accident:
        choice = ACCIDENT[int(draw() * SLOTS)]
    else:
        choice = OTHER[int(draw() * SLOTS)]
    case = docket.number(year, draw) if choice == "CRIMINAL_PROCEEDING_STARTED" else None
    return Decided(choice, at, case)


def status_of(event: Happening, verdict: Decided | None, draw: Draw) -> str:
    """Where the event stands at the end of the world's year."""
    chance = draw()
    if event.kind.subkind == "FALSE_CALL":
        return "UNFOUNDED"
    if verdict is None:
        age = calendar.END - event.registered
        if age < 7200:
            return "RESPONDING" if chance < 0.5 else "ON_SCENE"
        if age < 2 * 86400:
            return "REGISTERED" if chance < 0.3 else "ASSIGNED"
        return "UNDER_REVIEW" if chance < 0.97 else "ANNULLED"
    if verdict.kind == "TRANSFERRED_TO_AGENCY":
        return "TRANSFERRED"
    if verdict.case is not None:
        return "DECIDED" if chance < 0.7 else "CLOSED" if chance < 0.98 else "REOPENED"
    return "CLOSED" if chance < 0.8 else "DECIDED"
