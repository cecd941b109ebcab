"""What a message says in its body: the words of registration's own inputs, so that a journal and a browser say the same thing.

In: `subgraphs.events.registration.inputs`. Out: one struct for each kind of message, made from the input of that name, and
the way from a struct back to the input. A field that an input gets, messages get with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, is_dataclass
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeAlias, get_args, get_origin, get_type_hints

import msgspec
import strawberry
from strawberry import UNSET

from subgraphs.events.registration import inputs
from subgraphs.events.registration.checks import LONG, MAX_SHORT, MAX_TEXT

KINDS: Final[Mapping[str, type]] = {
    "registerEvent": inputs.RegisterEventInput,
    "amendEvent": inputs.AmendEventInput,
    "assign": inputs.AssignInput,
    "dispatch": inputs.DispatchInput,
    "recordArrival": inputs.RecordArrivalInput,
    "recordDecision": inputs.RecordDecisionInput,
    "linkPerson": inputs.LinkPersonInput,
    "linkVehicle": inputs.LinkVehicleInput,
    "linkDocument": inputs.LinkDocumentInput,
    "linkItem": inputs.LinkItemInput,
    "transferToAgency": inputs.TransferInput,
    "close": inputs.CloseInput,
    "reopen": inputs.ReasonInput,
    "annul": inputs.ReasonInput,
}
"""The kinds of messages are the mutations of registration."""

IN_ENVELOPE: Final = ("idempotency_key", "event_id", "expected_version")
"""What the envelope says instead: message, event and order."""

UNKNOWN_TO_SOURCES: Final = ("case_id",)
"""Ids that no source has: it names a case by its number."""

_MOMENT: Final = r"^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$"
Moment: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True, extra_json_schema={"pattern": _MOMENT})]
"""A moment with its offset (RFC 3339)."""

_LEAST_AND_MOST: Final[Mapping[str, tuple[float, float]]] = {
    "lat": (-90, 90),
    "lon": (-180, 180),
    "observed_age": (0, 130),
    "quantity": (1, 1_000_000),
}


def body_of(kind: str) -> type[msgspec.Struct]:
    """The struct of the bodies of this kind."""
    return _STRUCTS[KINDS[kind]]


def as_input(body: msgspec.Struct, **envelope: object) -> Any:
    """The input that the body stands for, with what the envelope says."""
    given = ((name, getattr(body, name)) for name in body.__struct_fields__)
    said = {name: _back(value) for name, value in given if value is not msgspec.UNSET}  # left out there, left out here
    return _INPUTS[type(body)](**said, **envelope)


def _struct_of(given: type) -> type[msgspec.Struct]:
    known = _STRUCTS.get(given)
    if known is not None:
        return known
    hints = get_type_hints(given)
    fields: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for name, field in given.__dataclass_fields__.items():  # type: ignore[attr-defined]  # strawberry inputs are dataclasses
        if name in IN_ENVELOPE or name in UNKNOWN_TO_SOURCES:
            continue
        described = _described(name, _type_of(name, hints[name]), field.description)
        if field.default is MISSING:
            fields.append((name, described))
        elif field.default is UNSET:
            fields.append((name, described | msgspec.UnsetType, msgspec.UNSET))
        else:
            fields.append((name, described, field.default))
    made = msgspec.defstruct(
        given.__name__.removesuffix("Input"),
        fields,
        namespace={"__doc__": given.__strawberry_definition__.description},  # type: ignore[attr-defined]  # strawberry adds it
        frozen=True,
        kw_only=True,
        gc=False,
        rename="camel",
        forbid_unknown_fields=True,
        omit_defaults=True,
    )
    _STRUCTS[given] = made
    _INPUTS[made] = given
    return made


def _type_of(name: str, hint: Any) -> Any:
    """The type of a field as messages have it."""
    if isinstance(hint, UnionType) or get_origin(hint) is not None:
        parts = get_args(hint)
        if NoneType in parts:
            (inner,) = (part for part in parts if part is not NoneType)
            return _type_of(name, inner) | None
        (item,) = parts
        return Annotated[list[_type_of(name, item)], msgspec.Meta(max_length=100)]  # type: ignore[misc]  # made at run time
    match hint:
        case strawberry.ID:
            return Annotated[str, msgspec.Meta(pattern="^[a-z]{3,4}_[0-9a-f]{32}$")]
        case _ if hint is datetime:
            return Moment
        case _ if hint is str:
            return _text(name)
        case _ if hint in (int, float) and name in _LEAST_AND_MOST:
            least, most = _LEAST_AND_MOST[name]
            return Annotated[hint, msgspec.Meta(ge=least, le=most)]
        case _ if is_dataclass(hint):
            return _struct_of(hint)  # type: ignore[arg-type]  # a class: it was given as a type
    return hint


def _text(name: str) -> Any:
    if name == "atvk":
        return Annotated[str, msgspec.Meta(pattern="^[0-9]{7}$")]
    return Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT if name in LONG else MAX_SHORT)]


def _described(name: str, hint: Any, description: str | None) -> Any:
    return Annotated[hint, msgspec.Meta(title=name.replace("_", " "), description=description or name)]


def _back(value: Any) -> Any:
    """From a struct's value to an input's: times in UTC, structs as the inputs that they stand for."""
    match value:
        case str() | None:
            return value
        case datetime():
            return value.astimezone(UTC)
        case msgspec.Struct():
            return as_input(value)
        case list():
            return [_back(each) for each in value]
    return value


_STRUCTS: Final[dict[type, type[msgspec.Struct]]] = {}
_INPUTS: Final[dict[type, type]] = {}
for _given in KINDS.values():
    _struct_of(_given)
