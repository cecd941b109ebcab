"""The parts of an event that lead nowhere else: registrar, place, qualification, response, dispatches, decisions.

What comes in: parts of the record, and its `Clock`. What goes out: Strawberry types, each field with its class.
"""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from subgraphs.events.clock import Clock
from subgraphs.events.enumerations import DecisionKind
from subgraphs.events.model import Place as PlaceRecord
from subgraphs.room.call import Call
from subgraphs.room.fields import Level, coded, graphql_enum, shown, words
from subgraphs.room.territory import municipality_of
from subgraphs.room.values import Code, GeoPoint, Point

graphql_enum(DecisionKind)

L0, L1, L2 = Level.L0, Level.L1, Level.L2


@strawberry.type(description=words("Who registered the event.", "Kas notikumu reģistrēja."))
class Registrar:
    """Institution, unit, official."""

    institution: Code | None = coded("agency", "institution", L1, "The institution.", "Iestāde.")
    unit: str | None = shown(L1, "The structural unit.", "Struktūrvienība.")
    official: str | None = shown(L2, "The official.", "Amatpersona.")


def _point(root: strawberry.Parent[PlaceRecord]) -> Point | None:
    return None if root.lat is None or root.lon is None else Point(root.lat, root.lon)


def _territory(root: strawberry.Parent[PlaceRecord]) -> str | None:
    return municipality_of(root.atvk)


@strawberry.type(description=words("The place of an event.", "Notikuma vieta."))
class Place:
    """Where it happened."""

    atvk: str | None = shown(L0, "The administrative unit (ATVK, 7 digits).", "Administratīvā vienība (ATVK).")
    municipality: str | None = shown(L0, "The municipality (ATVK, 7 digits).", "Pašvaldība (ATVK).", resolver=_territory)
    zone: str | None = shown(L1, "A special area, e.g. a port.", "Īpaša teritorija, piemēram, osta.")
    address_code: str | None = shown(L1, "The code in the state address register.", "Adreses kods Valsts adrešu reģistrā.")
    text: str | None = shown(L1, "The address as text.", "Adrese tekstā.")
    point: GeoPoint | None = shown(L1, "The point.", "Koordinātas.", resolver=_point)
    indoor_note: str | None = shown(L2, "Where inside.", "Precizējums iekštelpās.")


@strawberry.type(description=words("The provision that an event falls under.", "Notikuma kvalifikācija."))
class Qualification:
    """Law, article, part."""

    law: str = shown(L1, "The law.", "Likums.")
    article: str = shown(L1, "The article.", "Pants.")
    part: str | None = shown(L1, "The part.", "Daļa.")


def _is_breached(root: strawberry.Parent[Clock], info: strawberry.Info[Call[object, object], None]) -> bool:
    return root.is_breached(info.context.clock.now())


@strawberry.type(
    description=words("The response clock: from receipt in the operative unit to arrival.", "Reaģēšanas laika uzskaite.")
)
class Response:
    """Receipt, dispatch, arrival."""

    received_at: datetime = shown(
        L1, "Received in the operative management unit.", "Saņemts operatīvās vadības struktūrvienībā."
    )
    dispatched_at: datetime | None = shown(L1, "When the first crew was sent.", "Kad nosūtīta pirmā ekipāža.")
    arrived_at: datetime | None = shown(L1, "When the first crew arrived.", "Kad ieradās pirmā ekipāža.")
    due_at: datetime | None = shown(L1, "When the arrival is due; null without a response category.", "Ierašanās termiņš.")
    minutes_to_arrival: int | None = shown(L1, "Minutes until arrival, begun ones counted.", "Minūtes līdz ierašanās brīdim.")
    on_time: bool | None = shown(L1, "Whether the arrival was in time; null before it.", "Vai ierašanās bija laikā.")
    is_breached: bool = shown(
        L1, "Whether the time is over and nobody has arrived.", "Vai termiņš ir pārsniegts.", resolver=_is_breached
    )
    excluded: Code | None = coded(
        "clock-exclusion", "excluded", L1, "Why the time is not counted; null: it is.", "Kāpēc laiks netiek skaitīts."
    )


@strawberry.type(description=words("Who handles the event.", "Izpildītājs."))
class Assignment:
    """An assignment."""

    unit: str = shown(L1, "The structural unit.", "Struktūrvienība.")
    official: str | None = shown(L2, "The official.", "Amatpersona.")
    assigned_at: datetime = shown(L1, "When it was assigned.", "Kad nodots izpildei.")


@strawberry.type(description=words("A crew that was sent.", "Norīkojums."))
class Dispatch:
    """A dispatch."""

    unit: str = shown(L1, "The crew.", "Ekipāža.")
    dispatched_at: datetime = shown(L1, "When it was sent.", "Kad norīkota.")
    arrived_at: datetime | None = shown(L1, "When it arrived.", "Kad ieradās.")
    cleared_at: datetime | None = shown(L1, "When it was free again.", "Kad atbrīvojās.")


@strawberry.type(description=words("A decision on an event.", "Pieņemtais lēmums."))
class Decision:
    """A decision."""

    kind: DecisionKind = shown(L1, "What was decided.", "Lēmuma veids.")
    decided_on: date = shown(L1, "When.", "Lēmuma datums.")
    case_number: str | None = shown(L1, "The number of the case that it belongs to.", "Lietas numurs.")
