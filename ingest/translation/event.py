"""The translator: compiled once from a mapping, then run for every event.

In: `Bundle`, the id that the event has already (or none). Out: `Translated`, or its faults. An event is made whole or not at
all: one bad row of a person refuses the event, because an event that silently lacks somebody is worse than one that waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple, cast

from ingest.faults import Fault, Reason, Refused, distinct
from ingest.layout import Layout
from ingest.mapping.document import Mapping, Part, Value
from ingest.translation.bundle import Bundle, Placed
from ingest.translation.fields import Arguments, filler
from ingest.translation.keys import key_reader, moment_of
from ingest.translation.parts import Making, PartReader, Skip, Thing, part_reader
from ingest.values.compile import compile_value, names_of
from ingest.values.leaf import TEXT
from ingest.values.reader import Places, Reader, Row, Seen
from kernel.ids import derived_id
from subgraphs.events.model import EventRecord, Place
from subgraphs.room.records import Source

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NONE: Final[Seen] = {}


class Translated(NamedTuple):
    """An event and the things of other rooms that came with it."""

    event: EventRecord
    things: tuple[Thing, ...]


class Join(NamedTuple):
    """Rows of another journal that are brought to events: which journal, and how its rows name the event."""

    source: str
    key: Callable[[Row], str | Fault]
    columns: str


class Translator:
    """What a mapping says, as functions."""

    def __init__(self, mapping: Mapping, layout: Layout) -> None:
        self.mapping = mapping
        self.layout = layout
        places = layout.places(mapping.event.source)
        self._skip = Skip(mapping.event.skip, places) if mapping.event.skip is not None else None
        self._fields = filler(EventRecord, mapping.event.fields, places, remember=True)
        self._folded = [(name, compile_value(mapping.event.fields[name], places, TEXT)) for name in mapping.event.fold]
        self.key = _key_reader(mapping.event.id, layout, mapping.event.source)
        """The event's key in a row of the event's journal, or the fault that it has."""
        joins = dict.fromkeys((part.source, part.key) for part in mapping.parts if part.source is not None)
        self.joins = tuple(Join(source, _key_reader(key, layout, source), names_of(key)) for source, key in joins)
        """The distinct joins: parts that read one journal by one key share its rows."""
        self._parts = _part_readers(mapping.parts, layout, list(joins))

    def is_skipped(self, row: Row) -> bool:
        """Whether the mapping passes over this row of the event's journal."""
        return self._skip is not None and self._skip(row)

    def translate(self, bundle: Bundle, known_id: str | None) -> Translated | list[Fault]:
        """The records that `bundle` means. `known_id` is the event's id when its register has it already."""
        faults: list[Fault] = []
        seen: Seen = {}
        arguments = self._event(bundle, seen, faults)
        system = self.mapping.system
        registered_at = arguments.get("registered_at")
        at = max(registered_at, _EPOCH) if isinstance(registered_at, datetime) else _EPOCH  # ids hold no earlier time
        id_ = known_id or derived_id("evt", at, system, bundle.key)
        making = Making(system, bundle.key, moment_of(id_), _territories(arguments), _agencies(arguments), seen, faults)
        for part in self._parts:
            made = part.read(self._rows_of(part, bundle), making)
            if made:
                arguments[part.kind] = (*cast("tuple[object, ...]", arguments.get(part.kind, ())), *made)
        if faults:
            return distinct(faults)
        event = EventRecord(**arguments, id=id_, source=Source(system, bundle.key))  # type: ignore[arg-type]  # the filler checked them
        return Translated(event, tuple(making.things))

    def _rows_of(self, part: PartReader, bundle: Bundle) -> Sequence[Placed]:
        """The rows that a part reads: of its join, or of its list in the event's own row (in all of them, where they fold)."""
        if part.join is not None:
            return bundle.joined[part.join] if part.join < len(bundle.joined) else ()
        nested = part.nested or 0
        main = bundle.main[-1:] if self.mapping.event.duplicates == "latest" else bundle.main
        return [Placed(row.file, row.line, inner) for row in main if nested < len(row.nested) for inner in row.nested[nested]]

    def _event(self, bundle: Bundle, seen: Seen, faults: list[Fault]) -> Arguments:
        """The event's own fields; those of its first row, or of its last where the mapping says `latest`."""
        latest = self.mapping.event.duplicates == "latest"
        main = bundle.main[-1] if latest else bundle.main[0]
        arguments = self._fields(main.row, seen, faults) or {}
        faults[:] = [fault.at(main.file, main.line) for fault in faults]
        if len(bundle.main) > 1 and not latest:
            self._fold(bundle, arguments, faults)
        return arguments

    def _fold(self, bundle: Bundle, arguments: Arguments, faults: list[Fault]) -> None:
        """Bring the further rows of one id together: `fold` fields hold the lines of all, everything else has to agree."""
        first, *others = bundle.main
        mine = {name: value for name, value in arguments.items() if name not in self.mapping.event.fold}
        for other in others:
            theirs = self._fields(other.row, {}, []) or {}
            if mine != {name: value for name, value in theirs.items() if name not in self.mapping.event.fold}:
                detail = {"id": bundle.key, "line": str(first.line)}
                faults.append(
                    Fault(Reason.DUPLICATE_ID, names_of(self.mapping.event.id), bundle.key, detail, other.file, other.line)
                )
        for name, reader in self._folded:
            lines = [line for placed in bundle.main for line in _lines(reader, placed)]
            if lines:
                arguments[name] = "\n".join(dict.fromkeys(lines))


def _lines(reader: Reader, placed: Placed) -> list[str]:
    try:
        return str(reader(placed.row, _NONE) or "").splitlines()
    except Refused:
        return []  # the comparison of the rows has reported it


def _key_reader(values: tuple[Value, ...], layout: Layout, source: str) -> Callable[[Row], str | Fault]:
    read = key_reader(values, layout.places(source))
    return lambda row: read(row, _NONE)


def _part_readers(parts: Sequence[Part], layout: Layout, joins: list[tuple[str | None, tuple[Value, ...]]]) -> list[PartReader]:
    """The parts in an order in which vehicles come before the persons who sat in them."""
    readers: list[PartReader] = []
    nested = 0
    for index, part in enumerate(parts):
        earlier = sum(1 for other in parts[:index] if other.kind == part.kind)
        name = f"{part.kind}-{earlier + 1}" if earlier else part.kind
        if part.source is not None:
            places, join = layout.places(part.source), joins.index((part.source, part.key))
            readers.append(part_reader(part, name, places, join=join, nested=None))
        else:
            places = Places(layout.each[index])
            readers.append(part_reader(part, name, places, join=None, nested=nested))
            nested += 1
    return sorted(readers, key=lambda reader: reader.kind != "vehicles")


def _territories(arguments: Arguments) -> tuple[str, ...]:
    """The municipality of the event's place: the first four digits of its ATVK code."""
    place = arguments.get("place")
    return (f"{place.atvk[:4]}000",) if isinstance(place, Place) and place.atvk else ()


def _agencies(arguments: Arguments) -> tuple[str, ...]:
    owner = arguments.get("territory_owner")
    return (owner,) if isinstance(owner, str) else ()
