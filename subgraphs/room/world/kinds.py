"""What sorts of events happen, with whom, what vehicles, items and documents, and what the register says of them.

What comes in: the tables `kinds` and `summaries` (working values), the measured roles, injuries and counts of road accidents.
What goes out: one `Kind` for each sort of event, with wheels to draw from.
"""

from __future__ import annotations

from typing import Final

import msgspec

from subgraphs.room.world.chance import wheel
from subgraphs.room.world.tables import counts, rows, weights

SLOTS: Final = 1 << 8
MANY_SLOTS: Final = 1 << 12


class Kind(msgspec.Struct, frozen=True, gc=False):
    """A sort of event. Shares are between 0 and 1; tuples are wheels of `SLOTS` slots."""

    subkind: str
    kind: str
    nature: str
    state_share: float
    urgency: tuple[str, ...]
    first: tuple[str, ...]
    others: tuple[str, ...]
    vehicle_share: float
    vehicle_roles: tuple[str, ...]
    item_share: float
    item_roles: tuple[str, ...]
    item_kinds: tuple[str, ...]
    document_share: float
    document_roles: tuple[str, ...]
    law: str
    article: str
    part: str
    summaries: tuple[str, ...]

    @property
    def is_accident(self) -> bool:
        return self.subkind == "ROAD_ACCIDENT"


def _kinds() -> tuple[Kind, ...]:
    def drawn(text: str) -> tuple[str, ...]:
        return wheel(weights(text if ":" in text else f"{text}:1"), SLOTS)

    return tuple(
        Kind(
            subkind=row["subkind"],
            kind=row["kind"],
            nature=row["nature"],
            state_share=float(row["state"]) / 100,
            urgency=drawn(row["urgency"]),
            first=drawn(row["first"]),
            others=drawn(row["others"]),
            vehicle_share=float(row["vehicle"]) / 100,
            vehicle_roles=drawn(row["vehicle_role"]),
            item_share=float(row["item"]) / 100,
            item_roles=drawn(row["item_roles"]),
            item_kinds=drawn(row["item_kinds"]),
            document_share=float(row["document"]) / 100,
            document_roles=drawn(row["document_roles"]),
            law=row["law"],
            article=row["article"],
            part=row["part"],
            summaries=tuple(text["text"] for text in rows("summaries") if text["subkind"] == row["subkind"]),
        )
        for row in rows("kinds")
    )


KINDS: Final = _kinds()
KIND_WHEEL: Final = tuple(
    KINDS[place] for place in wheel({place: float(row["weight"]) for place, row in enumerate(rows("kinds"))}, MANY_SLOTS)
)

PERSONS: Final = wheel({int(number): events for (number,), events in counts("persons_per_event").items()}, 1 << 14)
"""Wheel of how many persons an event has that is no road accident."""

ACCIDENTS: Final = wheel(
    {(int(vehicles), int(persons)): events for (vehicles, persons), events in counts("accidents").items()}, 1 << 14
)
"""Wheel of (vehicles, persons) of a road accident."""


def _accident_roles() -> dict[tuple[str, str], tuple[str, ...]]:
    by_person: dict[tuple[str, str], dict[str, float]] = {}
    for (sex, band, role), persons in counts("roles").items():
        by_person.setdefault((sex, band), {})[role] = persons
    return {key: wheel(roles, SLOTS) for key, roles in by_person.items()}


ACCIDENT_ROLES: Final = _accident_roles()
"""By (sex, age band): the wheel of roles in a road accident."""


def _injuries() -> dict[str, tuple[str, ...]]:
    by_role: dict[str, dict[str, float]] = {}
    for (role, injury), persons in counts("injuries").items():
        by_role.setdefault(role, {})[injury] = persons
    return {role: wheel(injuries, MANY_SLOTS) for role, injuries in by_role.items()}


INJURIES: Final = _injuries()
"""By role in a road accident: the wheel of injuries."""

PEOPLE: Final = wheel({(sex, int(age)): n for (sex, age), n in counts("people").items()}, 1 << 13)
"""Wheel of (sex, first year of a band of five years of age)."""

ARRIVALS: Final = wheel({int(minutes): crashes for (minutes,), crashes in counts("arrivals").items()}, 1 << 10)
"""Wheel of minutes from notification to arrival; sorted, so a draw is a quantile."""

ADULT_ROLES: Final = frozenset(
    {
        "DRIVER",
        "HELD_LIABLE",
        "SUSPECT",
        "DETAINED",
        "PERSON_AGAINST_WHOM_PROCEEDING",
        "OWNER",
        "CONVICTED",
        "OFFICER",
        "DECEASED",
    }
)
"""Roles that a child does not take."""
