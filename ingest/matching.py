"""What the registers know already: persons by personal code, or else by name and birth date, vehicles by plate or VIN,
documents by number.

In: translated events whose mapping asks for it (`match`). Out: the same events, linked to what is registered, and the things
that are left to write. Something that another event (or the register itself) brought is linked and not written over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from ingest.registers import Registers
from ingest.translation import Thing, Translated
from subgraphs.events.model import EventRecord
from subgraphs.persons.identity.matching import Named, named_by
from subgraphs.persons.model import PersonRecord
from subgraphs.room.records import Involved
from subgraphs.room.where import Rows

_BY_NAME: Final = "name and birth date"
_ALL_ROWS: Rows = {}  # an import acts for the registers themselves: nothing is hidden from it


class Matched(msgspec.Struct, frozen=True):
    """Events with their links settled, the things to write, and by kind whom else the events involve."""

    events: list[EventRecord]
    things: list[Thing]
    involved: dict[str, list[Involved]]


async def match(batch: Sequence[Translated], registers: Registers) -> Matched:
    """Ask the registers once for every kind of key in the batch."""
    if not any(thing.match for translated in batch for thing in translated.things):
        return Matched([translated.event for translated in batch], [thing for each in batch for thing in each.things], {})
    known = await _ask([thing for each in batch for thing in each.things], registers)
    events: list[EventRecord] = []
    things: list[Thing] = []
    involved: dict[str, list[Involved]] = {}
    for event, own in batch:
        renamed: dict[str, str] = {}
        for thing in own:
            found = _found(thing, known)
            if found == thing.record.id:
                things.append(thing)
            else:
                renamed[thing.record.id] = found
                assert thing.record.involved is not None  # the translation tells of every thing whom it involves
                involved.setdefault(thing.kind, []).append(msgspec.structs.replace(thing.record.involved, id=found))
        events.append(_relinked(event, renamed) if renamed else event)
    return Matched(events, things, involved)


def _found(thing: Thing, known: dict[tuple[object, object], str]) -> str:
    """Our id for the thing: what a register knows by one of its keys, or its own. The first event of the batch that names an
    unknown thing brings it; later ones find it here.
    """
    keys = _keys(thing)
    found = next((known[key] for key in keys if key in known), thing.record.id)
    known.update(dict.fromkeys(keys, found))
    return found


def _keys(thing: Thing) -> list[tuple[object, object]]:
    """The keys that the thing may be known by, the surest first."""
    keys: list[tuple[object, object]] = [] if thing.natural is None else [(thing.match, thing.natural)]
    named = _named(thing)
    return keys if named is None else [*keys, (_BY_NAME, named)]


def _named(thing: Thing) -> Named | None:
    """The name and birth date that a person may be known by, when both are whole."""
    if not isinstance(thing.record, PersonRecord) or thing.match is None:
        return None
    named = named_by(thing.record)
    return named if named.given_names and named.family_name and named.birth_date else None


async def _ask(things: Sequence[Thing], registers: Registers) -> dict[tuple[object, object], str]:
    """Our id for each (kind of key, key) that a register knows."""
    asked: dict[object, dict[Any, None]] = {}
    for thing in things:
        if thing.natural is not None:
            asked.setdefault(thing.match, {})[thing.natural] = None
    look_up: Mapping[object, Callable[..., Any]] = {
        "personal_code": registers.persons.by_codes,
        "plate": registers.vehicles.by_plates,
        "vin": registers.vehicles.by_vins,
        "number": registers.documents.by_numbers,
    }
    known: dict[tuple[object, object], str] = {}
    for key, values in asked.items():
        found = await look_up[key](list(values), _ALL_ROWS)
        known.update({(key, value): kept.record.id for value, kept in found.items()})
    unknown = [thing for thing in things if not any(key in known for key in _keys(thing))]
    named = list(dict.fromkeys(one for thing in unknown if (one := _named(thing)) is not None))
    if named:
        by_name = await registers.persons.by_names(named, _ALL_ROWS)
        known.update({(_BY_NAME, one): kept.record.id for one, kept in by_name.items()})
    return known


def _relinked(event: EventRecord, renamed: Mapping[str, str]) -> EventRecord:
    """The event with its references to persons, vehicles and documents renamed."""

    def swap(involvements: tuple[Any, ...], field: str) -> tuple[Any, ...]:
        return tuple(
            msgspec.structs.replace(each, **{field: renamed[reference]})
            if (reference := getattr(each, field)) in renamed
            else each
            for each in involvements
        )

    return msgspec.structs.replace(
        event,
        persons=swap(event.persons, "person_id"),
        vehicles=swap(event.vehicles, "vehicle_id"),
        documents=swap(event.documents, "document_id"),
    )
