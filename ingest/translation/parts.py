"""What belongs to an event: persons, vehicles, documents, items, dispatches, decisions.

In: the rows of one part of a mapping for one event. Out: involvements for the event's record, and `Thing`s for the other rooms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, ClassVar, Final

import msgspec

from ingest.faults import Fault, Reason
from ingest.mapping.document import Condition, Kind, NaturalKey, Part
from ingest.mapping.targets import INVOLVEMENTS, RECORDS, Struct
from ingest.translation.bundle import Placed
from ingest.translation.fields import Arguments, Filler, filler
from ingest.translation.keys import KeyReader, key_reader
from ingest.values.compile import POSITION, names_of
from ingest.values.reader import Row, Seen
from kernel.ids import Prefix, derived_id
from kernel.natural_keys import normal_number, normal_personal_code, normal_plate, normal_vin
from subgraphs.documents.model import DocumentRecord
from subgraphs.events.enumerations import CATEGORY_OF_ROLE
from subgraphs.persons.model import PersonRecord
from subgraphs.room.records import Involved, Source
from subgraphs.vehicles.model import VehicleRecord

_PREFIX: Final[Mapping[Kind, Prefix]] = {"persons": "per", "vehicles": "veh", "documents": "doc"}
_REFERENCE: Final[Mapping[Kind, str]] = {"persons": "person_id", "vehicles": "vehicle_id", "documents": "document_id"}
_PLAIN: Final = frozenset({"dispatches", "decisions", "qualification"})


Natural = str | tuple[str | None, ...] | None
"""A natural key in the form in which its register compares it."""


class _Thing(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What came with an event; `natural` is the key by which the register may know it already."""

    match: NaturalKey | None
    natural: Natural


class PersonThing(_Thing, frozen=True, gc=False, array_like=True, tag="persons"):
    """A person that came with an event."""

    kind: ClassVar[Kind] = "persons"
    record: PersonRecord


class VehicleThing(_Thing, frozen=True, gc=False, array_like=True, tag="vehicles"):
    """A vehicle that came with an event."""

    kind: ClassVar[Kind] = "vehicles"
    record: VehicleRecord


class DocumentThing(_Thing, frozen=True, gc=False, array_like=True, tag="documents"):
    """A document that came with an event."""

    kind: ClassVar[Kind] = "documents"
    record: DocumentRecord


Thing = PersonThing | VehicleThing | DocumentThing
_THINGS: Final[Mapping[Kind, Callable[..., Thing]]] = {
    "persons": PersonThing,
    "vehicles": VehicleThing,
    "documents": DocumentThing,
}


@dataclass(slots=True)
class Making:
    """An event while its parts are read. `at` is the instant of its ids, `involved` what row rules of the other rooms need."""

    system: str
    key: str
    at: datetime
    territories: tuple[str, ...]
    agencies: tuple[str, ...]
    seen: Seen
    faults: list[Fault]
    things: list[Thing] = field(default_factory=list)
    vehicles: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartReader:
    """One part of a mapping, compiled. `join` or `nested` says which of a bundle's row lists it reads; `name` is its kind, with
    a number when the mapping has several of the kind, and goes into ids.
    """

    kind: Kind
    name: str
    join: int | None
    nested: int | None
    each: str | None
    id: KeyReader
    id_columns: str
    record: Filler | None
    involvement: Filler
    vehicle: KeyReader | None
    vehicle_columns: str
    skip: Skip | None
    match: NaturalKey | None

    def read(self, rows: Sequence[Placed], making: Making) -> tuple[msgspec.Struct, ...]:
        """The involvements that `rows` make; their persons and things go into `making`."""
        made: list[msgspec.Struct] = []
        lines: dict[str, int] = {}
        faults, seen = making.faults, making.seen
        for position, placed in enumerate(rows, 1):
            seen[POSITION] = position
            before = len(faults)
            own = self._own(placed, making, lines)
            if own is not None:
                involvement = self._involvement(placed.row, own, position, making)
                if involvement is not None:
                    made.append(involvement)
            if len(faults) > before:
                faults[before:] = [self._placed(fault, rows[:position]) for fault in faults[before:]]
        return tuple(made)

    def _placed(self, fault: Fault, rows: Sequence[Placed]) -> Fault:
        """The fault with the place of the last of `rows`; columns of a list inside a row are named `persons[2].age`."""
        placed = rows[-1]
        position = sum(1 for row in rows if row.line == placed.line)
        column = f"{self.each}[{position}].{fault.column}" if self.each is not None else fault.column
        return replace(fault, file=placed.file, line=placed.line, column=column)

    def _own(self, placed: Placed, making: Making, lines: dict[str, int]) -> str | None:
        """What identifies the row within its event; None when it is passed over or refused."""
        own = self.id(placed.row, making.seen)
        if self.skip is not None and self.skip(placed.row):
            if self.kind == "vehicles" and isinstance(own, str):
                making.vehicles.setdefault(own, None)
            return None
        if isinstance(own, Fault):
            making.faults.append(own)
            return None
        if own in lines and self.kind not in _PLAIN:
            detail = {"id": own, "line": str(lines[own])}
            making.faults.append(Fault(Reason.DUPLICATE_ID, self.id_columns, own, detail))
            return None
        lines[own] = placed.line
        return own

    def _involvement(self, row: Row, own: str, position: int, making: Making) -> msgspec.Struct | None:
        seen, faults = making.seen, making.faults
        arguments = self.involvement(row, seen, faults) or {}
        record = self.record(row, seen, faults) if self.record is not None else None
        if self.kind in _PLAIN:
            return None if faults else INVOLVEMENTS[self.kind](**arguments)
        id_ = derived_id("inv", making.at, making.system, making.key, self.name, own)
        if self.kind == "vehicles":
            making.vehicles[own] = id_
        elif self.vehicle is not None:
            link = self._link(self.vehicle, row, making)
            if link is not None:
                arguments["vehicle_involvement_id"] = link
        if faults:
            return None
        arguments["id"] = id_
        arguments["source"] = source = Source(making.system, f"{making.key}/{self.name}/{own}")
        if self.kind == "persons":
            arguments["sequence"] = position
            if "category" not in arguments:
                arguments["category"] = CATEGORY_OF_ROLE[arguments["role"]]  # type: ignore[index]  # the filler read a PersonRole
        if record is not None:
            arguments[_REFERENCE[self.kind]] = self._keep(record, id_, source, making)
        return INVOLVEMENTS[self.kind](**arguments)

    def _keep(self, record: Arguments, involvement_id: str, source: Source, making: Making) -> str:
        """Note the person, vehicle or document itself; its id is that of its involvement under its own prefix."""
        id_ = _PREFIX[self.kind] + involvement_id[3:]
        involved = Involved(id_, making.territories, making.agencies)
        made = RECORDS[self.kind](**record, id=id_, source=source, involved=involved)
        making.things.append(_THINGS[self.kind](self.match, _natural(made, self.match), made))
        return id_

    def _link(self, vehicle: KeyReader, row: Row, making: Making) -> str | None:
        """The involvement of the vehicle that a person was in. A vehicle whose row was skipped is none."""
        other = vehicle(row, making.seen)
        if isinstance(other, Fault):
            if other.reason is not Reason.MISSING_VALUE:
                making.faults.append(other)
            return None
        if other not in making.vehicles:
            making.faults.append(Fault(Reason.NO_SUCH_LINK, self.vehicle_columns, other, {"id": other, "what": "vehicles"}))
            return None
        return making.vehicles[other]


class Skip:
    """Whether a mapping passes over a row."""

    __slots__ = ("_negated", "_place", "_texts")

    def __init__(self, condition: Condition, places: Mapping[str, int]) -> None:
        self._place = places[condition.column]
        self._texts = condition.texts
        self._negated = condition.negated

    def __call__(self, row: Row) -> bool:
        return ((row[self._place] or "").strip() in self._texts) is not self._negated


def part_reader(part: Part, name: str, places: Mapping[str, int], *, join: int | None, nested: int | None) -> PartReader:
    """`part`, compiled for rows whose columns stand at `places`."""
    record: Struct | None = RECORDS.get(part.kind) if part.record else None
    return PartReader(
        kind=part.kind,
        name=name,
        join=join,
        nested=nested,
        each=part.each,
        id=key_reader(part.id, places),
        id_columns=names_of(part.id),
        record=filler(record, part.record, places) if record is not None else None,
        involvement=filler(INVOLVEMENTS[part.kind], part.involvement, places),
        vehicle=key_reader(part.vehicle, places) if part.vehicle else None,
        vehicle_columns=names_of(part.vehicle),
        skip=Skip(part.skip, places) if part.skip is not None else None,
        match=part.match,
    )


def _natural(record: Any, match: NaturalKey | None) -> Natural:
    """The key in the form in which the register compares it, or None where the record has none."""
    match match:
        case "personal_code":
            return normal_personal_code(record.codes[0].value) if record.codes else None
        case "plate":
            return (normal_plate(record.plate), record.country) if record.plate else None
        case "vin":
            return normal_vin(record.vin) if record.vin else None
        case "number":
            return (str(record.kind), record.issuing_country, normal_number(record.number)) if record.number else None
        case None:
            return None
