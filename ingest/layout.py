"""Which columns of which journal a mapping uses, and in which order a row holds them.

In: `Mapping`. Out: `Layout`: rows are tuples of just these columns, in this order, from the reading of a file to the
quarantine.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass

from ingest.mapping.document import EventPart, Mapping, Part, Value
from ingest.values.compile import columns_of
from ingest.values.reader import Places


@dataclass(frozen=True, slots=True)
class Layout:
    """`columns[source]` are the used columns of a journal, `each[i]` those of the list that part `i` reads (empty for joined
    parts).
    """

    columns: Table[str, tuple[str, ...]]
    each: tuple[tuple[str, ...], ...]

    def places(self, source: str) -> Places:
        """Where in a row of `source` each column stands."""
        return Places(self.columns[source])


def layout_of(mapping: Mapping) -> Layout:
    """The layout of a mapping's rows."""
    used: dict[str, dict[str, None]] = {name: {} for name in mapping.sources}
    used[mapping.event.source].update(dict.fromkeys(_columns_of_event(mapping.event)))
    each: list[tuple[str, ...]] = []
    for part in mapping.parts:
        columns = dict.fromkeys(_columns_of_part(part))
        if part.source is not None:
            used[part.source].update(columns)
        each.append(() if part.source is not None else tuple(columns))
    return Layout({name: tuple(columns) for name, columns in used.items()}, tuple(each))


def _columns_of_event(event: EventPart) -> Iterator[str]:
    yield from _columns((*event.id, *event.fields.values()))
    if event.skip is not None:
        yield event.skip.column


def _columns_of_part(part: Part) -> Iterator[str]:
    yield from _columns((*part.key, *part.id, *part.record.values(), *part.involvement.values(), *part.vehicle))
    if part.skip is not None:
        yield part.skip.column


def _columns(values: tuple[Value, ...]) -> Iterator[str]:
    for value in values:
        yield from columns_of(value)
