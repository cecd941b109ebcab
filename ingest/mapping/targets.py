"""Which fields a mapping may fill, and what kind of value each takes: read from the records of the rooms themselves.

In: a record type and a dotted path (`place.lat`). Out: the `Leaf` of that field. A new field of a record can be mapped
without a change here; fields that the import sets itself (ids, sources, projections) cannot be mapped.
"""

from __future__ import annotations

import csv
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import resources
from typing import Final

import msgspec

from ingest.faults import Reason
from ingest.mapping.document import Kind, NaturalKey
from ingest.values.leaf import Leaf
from kernel.natural_keys import is_personal_code, is_vin
from subgraphs.documents.model import DocumentRecord
from subgraphs.events.model import (
    Decision,
    Dispatch,
    DocumentInvolvementRecord,
    EventRecord,
    ItemInvolvementRecord,
    PersonInvolvementRecord,
    Qualification,
    VehicleInvolvementRecord,
)
from subgraphs.persons.model import PersonRecord
from subgraphs.vehicles.model import VehicleRecord

Struct = type[msgspec.Struct]

RECORDS: Final[Mapping[Kind, Struct]] = {"persons": PersonRecord, "vehicles": VehicleRecord, "documents": DocumentRecord}
"""The parts that are things of their own, kept by a room of their own."""

INVOLVEMENTS: Final[Mapping[Kind, Struct]] = {
    "persons": PersonInvolvementRecord,
    "vehicles": VehicleInvolvementRecord,
    "documents": DocumentInvolvementRecord,
    "items": ItemInvolvementRecord,
    "dispatches": Dispatch,
    "decisions": Decision,
    "qualification": Qualification,
}

NATURAL_KEYS: Final[Mapping[Kind, tuple[NaturalKey, ...]]] = {
    "persons": ("personal_code",),
    "vehicles": ("plate", "vin"),
    "documents": ("number",),
}

_OURS: Final = frozenset(
    {"id", "source", "involved", "sequence", "person_id", "vehicle_id", "document_id", "vehicle_involvement_id", "same_as"}
    | {"certificate_id", "holder_id", "holders", "submitter_id", "event_id"}
)
_PARTS_OF_EVENTS: Final = frozenset(INVOLVEMENTS)

_LISTS: Final[Mapping[tuple[str, str], str]] = {
    ("EventRecord", "subkind"): "event-subkind",
    ("EventRecord", "legal_nature"): "legal-nature",
    ("PersonInvolvementRecord", "injury"): "injury",
    ("PersonInvolvementRecord", "state"): "person-state",
    ("PersonInvolvementRecord", "relation_to_victim"): "relation-to-victim",
    ("VehicleRecord", "category"): "vehicle-category",
    ("VehicleRecord", "colour"): "colour",
}

_CHECKED: Final[Mapping[tuple[str, str], Leaf]] = {
    ("PersonalCode", "value"): Leaf("text", holds=is_personal_code, refusal=Reason.BAD_PERSONAL_CODE),
    ("VehicleRecord", "vin"): Leaf("text", holds=is_vin, refusal=Reason.BAD_VIN),
}

_KINDS: Final[Mapping[object, Leaf]] = {
    str: Leaf("text"),
    int: Leaf("whole"),
    float: Leaf("number"),
    Decimal: Leaf("money"),
    bool: Leaf("truth"),
    datetime: Leaf("moment"),
    date: Leaf("day"),
}


@cache
def leaves(record: Struct) -> Mapping[str, Leaf]:
    """Every field of `record` that a mapping may fill, by dotted path, in the record's order."""
    return dict(_leaves(record, ""))


def _leaves(record: Struct, prefix: str) -> Iterator[tuple[str, Leaf]]:
    hints = typing.get_type_hints(record)
    for name in record.__struct_fields__:
        if name in _OURS or (record is EventRecord and name in _PARTS_OF_EVENTS):
            continue
        bare = field_type(hints[name])
        if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            yield from _leaves(bare, f"{prefix}{name}.")
        elif isinstance(bare, type) and issubclass(bare, Enum):
            words = {str(member.value): member for member in bare}
            yield f"{prefix}{name}", Leaf("enum", words, list_name=bare.__name__)
        elif (record.__name__, name) in _LISTS:
            listed = _LISTS[record.__name__, name]
            yield f"{prefix}{name}", Leaf("enum", code_list(listed), list_name=listed)
        else:
            yield f"{prefix}{name}", _CHECKED.get((record.__name__, name), _KINDS[bare])


def field_type(hint: object) -> object:
    """The type of one value of a field: `X` for `X | None` and for `tuple[X, ...]`, of which a mapping fills one."""
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return next(part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is tuple:
        return typing.get_args(hint)[0]
    return hint


@cache
def code_list(name: str) -> Mapping[str, str]:
    """The codes of one of the rooms' code lists, each for itself."""
    text = resources.files("subgraphs.room").joinpath("code_lists", f"{name}.csv").read_text(encoding="utf-8")
    return {row["code"]: row["code"] for row in csv.DictReader(text.splitlines())}
