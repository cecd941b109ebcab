"""What can be wrong with an input by itself, all of it told at once.

What comes in: an input of `registration.inputs`, the moment, the agency. What goes out: the problems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final

from strawberry import UNSET

from kernel.ids import Prefix, is_id
from subgraphs.events.clock.rules import LATVIA
from subgraphs.events.enumerations import DecisionKind, ResponseCategory
from subgraphs.events.registration import inputs
from subgraphs.events.registration.refusal import Problem, problem
from subgraphs.room.asked import value
from subgraphs.room.code_lists import code_list

MAX_SHORT: Final = 200
MAX_TEXT: Final = 20_000
MAX_VALUE: Final = Decimal("1e12")
TOLERANCE: Final = timedelta(minutes=5)
"""How far clocks of journals may be ahead of ours."""
STATE_POLICE: Final = "LV-VP"

_KEY: Final = re.compile(r"\A[A-Za-z0-9._:-]{8,128}\Z")
_ATVK: Final = re.compile(r"\A[0-9]{7}\Z")
LONG: Final = ("summary", "text", "reason", "description")
_CODES: Final = {
    "subkind": "event-subkind",
    "legal_nature": "legal-nature",
    "agency": "agency",
    "response_excluded": "clock-exclusion",
}
_IDS: Final[dict[str, Prefix]] = {
    "event_id": "evt",
    "case_id": "case",
    "person_id": "per",
    "submitter_id": "per",
    "vehicle_id": "veh",
    "document_id": "doc",
}
_PAST: Final = ("received_at", "received_in_unit_at", "occurred_from", "occurred_to", "dispatched_at", "arrived_at")


def problems_of(given: object, now: datetime, agency: str) -> list[Problem]:
    """Everything that is wrong with an input, before any event is looked at."""
    return [*_parts(given, "", now), *_together(given, now, agency)]


def _parts(given: object, path: str, now: datetime) -> Iterator[Problem]:
    for name in type(given).__dataclass_fields__:  # type: ignore[attr-defined]  # strawberry inputs are dataclasses
        said = getattr(given, name)
        if said is None or said is UNSET:
            continue
        here = f"{path}{_camel(name)}"
        if isinstance(said, str) and type(said) is str:
            yield from _text(name, said, here)
        elif isinstance(said, datetime) and name in _PAST and said > now + TOLERANCE:
            yield problem(here, "IN_FUTURE")
        elif isinstance(said, list):
            for index, item in enumerate(said):
                yield from _parts(item, f"{here}.{index}.", now)
        elif hasattr(type(said), "__dataclass_fields__"):
            yield from _parts(said, f"{here}.", now)
    if isinstance(given, inputs.PlaceInput):
        yield from _point(given, path)


def _text(name: str, said: str, here: str) -> Iterator[Problem]:
    most = MAX_TEXT if name in LONG else MAX_SHORT
    if name == "idempotency_key":
        if not _KEY.match(said):
            yield problem(here, "BAD_IDEMPOTENCY_KEY")
    elif not said.strip():
        yield problem(here, "REQUIRED")
    elif len(said) > most:
        yield problem(here, "TOO_LONG", most=most)
    elif name in _IDS and not is_id(said, _IDS[name]):
        yield problem(here, "BAD_ID", prefix=_IDS[name])
    elif name in _CODES and said not in code_list(_CODES[name]):
        yield problem(here, "UNKNOWN_CODE", list=_CODES[name], code=said)
    elif name == "atvk" and not _ATVK.match(said):
        yield problem(here, "BAD_ATVK")


def _point(given: inputs.PlaceInput, path: str) -> Iterator[Problem]:
    lat, lon = (said if isinstance(said := value(given, name), int | float) else None for name in ("lat", "lon"))
    if (lat is None) != (lon is None):
        yield problem(path.rstrip("."), "POINT_INCOMPLETE")
    if lat is not None and not -90 <= lat <= 90:
        yield problem(f"{path}lat", "OUT_OF_RANGE", least=-90, most=90)
    if lon is not None and not -180 <= lon <= 180:
        yield problem(f"{path}lon", "OUT_OF_RANGE", least=-180, most=180)


def _together(given: object, now: datetime, agency: str) -> Iterator[Problem]:
    yield from _of_the_event(given, agency)
    yield from _of_its_kind(given, now)


def _of_the_event(given: object, agency: str) -> Iterator[Problem]:
    if value(given, "category") not in (None, ResponseCategory.NONE) and agency != STATE_POLICE:
        yield problem("category", "CATEGORY_NOT_YOURS")
    begins, ends = value(given, "occurred_from"), value(given, "occurred_to")
    if isinstance(begins, datetime) and isinstance(ends, datetime) and ends < begins:
        yield problem("occurredTo", "BEFORE", what="occurredFrom")


def _of_its_kind(given: object, now: datetime) -> Iterator[Problem]:
    match given:
        case inputs.AmendEventInput():
            yield from _amended(given)
        case inputs.LinkPersonInput():
            age = value(given, "observed_age")
            if isinstance(age, int) and not 0 <= age <= 130:
                yield problem("observedAge", "OUT_OF_RANGE", least=0, most=130)
        case inputs.LinkVehicleInput():
            yield from _named(given, "vehicle_id", "observed_plate", "description")
        case inputs.LinkDocumentInput():
            yield from _named(given, "document_id", "observed_number")
        case inputs.LinkItemInput():
            yield from _item(given)
        case inputs.RecordDecisionInput():
            yield from _decision(given, now)
        case inputs.CloseInput() if given.unfounded and not value(given, "reason"):
            yield problem("reason", "REQUIRED")


def _decision(given: inputs.RecordDecisionInput, now: datetime) -> Iterator[Problem]:
    if value(given, "case_id") and value(given, "case_number"):
        yield problem("caseNumber", "CASE_NAMED_TWICE")
    if given.kind is DecisionKind.TRANSFERRED_TO_AGENCY:
        yield problem("kind", "USE_TRANSFER")
    if given.decided_on and given.decided_on > (now + TOLERANCE).astimezone(LATVIA).date():
        yield problem("decidedOn", "IN_FUTURE")


def _amended(given: inputs.AmendEventInput) -> Iterator[Problem]:
    own = [name for name in given.__dataclass_fields__ if name not in inputs.ChangeInput.__dataclass_fields__]
    if all(getattr(given, name) is UNSET for name in own):
        yield problem("", "NOTHING_TO_CHANGE")
    for name in ("kind", "category", "place", "assertion_basis"):
        if getattr(given, name) is None:
            yield problem(_camel(name), "REQUIRED")


def _named(given: object, *names: str) -> Iterator[Problem]:
    if not any(value(given, name) for name in names):
        yield problem(_camel(names[0]), "NAMES_NOBODY")


def _item(given: inputs.LinkItemInput) -> Iterator[Problem]:
    if not 1 <= given.quantity <= 1_000_000:
        yield problem("quantity", "OUT_OF_RANGE", least=1, most=1_000_000)
    worth = value(given, "value_eur")
    if isinstance(worth, Decimal) and not (worth.is_finite() and 0 <= worth <= MAX_VALUE):
        yield problem("valueEur", "OUT_OF_RANGE", least=0, most=MAX_VALUE)


@cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.title() for part in rest)
