"""What the registers know already: persons by personal code, vehicles by plate or VIN, documents by number.

In: translated events whose mapping asks for it (`match`). Out: the same events, linked to what is registered, and the things
that are left to write. Something that another event (or the register itself) brought is linked and not written over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from ingest.registers import Registers
from ingest.translation import Thing, Translated
from subgraphs.events.model import EventRecord
from subgraphs.room.records import Involved
from subgraphs.room.where import Rows

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
            # The first event of the batch that names an unknown thing brings it; later ones find it here.
            found = (
                thing.record.id if thing.natural is None else known.setdefault((thing.match, thing.natural), thing.record.id)
            )
            if found == thing.record.id:
                things.append(thing)
            else:
                renamed[thing.record.id] = found
                assert thing.record.involved is not None  # the translation tells of every thing whom it involves
                involved.setdefault(thing.kind, []).append(msgspec.structs.replace(thing.record.involved, id=found))
        events.append(_relinked(event, renamed) if renamed else event)
    return Matched(events, things, involved)


async def _ask(things: Iterable[Thing], registers: Registers) -> dict[tuple[object, object], str]:
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
