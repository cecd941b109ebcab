"""What lies in the quarantine: rows as they were read, why they were refused, how a person corrected them.

In: bundles, rows or lines that were refused. Out: `Entry`, which can be stored, shown, corrected and tried again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import msgspec

from ingest.errors import BadCorrection
from ingest.faults import Fault, Language, Reason
from ingest.journal.line import Nested
from ingest.layout import Layout
from ingest.mapping.document import Mapping as MappingDocument
from ingest.mapping.nodes import nearest
from ingest.translation.bundle import Bundle, Placed

LINE_COLUMN: Final = "$line"
"""The name under which the whole of an unreadable line is corrected."""

_IN_LIST: Final = re.compile(r"(?P<list>.+)\[(?P<position>[1-9]\d*)\]\.(?P<column>.+)")


class EntryKind(StrEnum):
    """What was refused: a whole event with all its rows, a row that found no event, a line that could not be read."""

    EVENT = "EVENT"
    ROW = "ROW"
    LINE = "LINE"


class EntryState(StrEnum):
    """`OPEN` waits for a correction, `CORRECTED` has one that was not yet imported, `IMPORTED` came in after a correction,
    `SUPERSEDED` came in by a later journal.
    """

    OPEN = "OPEN"
    CORRECTED = "CORRECTED"
    IMPORTED = "IMPORTED"
    SUPERSEDED = "SUPERSEDED"


class KeptRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A row by its columns' names; `lists` are the rows of the lists inside it."""

    file: str
    line: int
    values: dict[str, str | None]
    lists: dict[str, list[dict[str, str | None]]] = {}


class KeptRows(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was refused. `source` names the journal of `main`, `joined` holds the rows of each join; `raw` and `header` an
    unreadable line.
    """

    source: str
    main: list[KeptRow] = []
    joined: list[list[KeptRow]] = []
    raw: str = ""
    header: tuple[str, ...] = ()


class Correction(msgspec.Struct, frozen=True):
    """A person's value for a column of a row. `file` and `line` say which row where the entry has several with that column."""

    column: str
    value: str
    file: str | None = None
    line: int | None = None


class KeptFault(msgspec.Struct, frozen=True, omit_defaults=True):
    """A fault as it is stored."""

    reason: Reason
    file: str
    line: int
    column: str = ""
    value: str = ""
    detail: dict[str, str] | None = None

    def message(self, language: Language = "en") -> str:
        """The reason in words."""
        return Fault(self.reason, detail=self.detail).message(language)


class Entry(msgspec.Struct, frozen=True):
    """One refusal. `mapping` is the digest of the mapping that refused, `key` the event's key at its source where it is
    known.
    """

    id: str
    system: str
    mapping: str
    kind: EntryKind
    key: str
    digest: str
    state: EntryState
    rows: KeptRows
    faults: list[KeptFault]
    corrections: list[Correction]
    first_seen: str
    last_seen: str


def kept_faults(faults: Sequence[Fault]) -> list[KeptFault]:
    """Faults in the form in which they are stored."""
    return [
        KeptFault(fault.reason, fault.file, fault.line, fault.column, fault.value, dict(fault.detail) if fault.detail else None)
        for fault in faults
    ]


def kept_bundle(bundle: Bundle, mapping: MappingDocument, layout: Layout) -> KeptRows:
    """A bundle by its columns' names."""
    source = mapping.event.source
    return KeptRows(
        source,
        [_kept_row(row, source, mapping, layout) for row in bundle.main],
        [
            [_kept_row(row, journal, mapping, layout) for row in rows]
            for journal, rows in zip(join_sources(mapping), bundle.joined, strict=False)
        ],
    )


def kept_row(row: Placed, source: str, mapping: MappingDocument, layout: Layout) -> KeptRows:
    """One row of a journal by its columns' names."""
    return KeptRows(source, [_kept_row(row, source, mapping, layout)])


def join_sources(mapping: MappingDocument) -> list[str]:
    """The journal of each join of a mapping, in the order of `Bundle.joined`."""
    return [source for source, _ in dict.fromkeys((part.source, part.key) for part in mapping.parts if part.source is not None)]


def _kept_row(row: Placed, source: str, mapping: MappingDocument, layout: Layout) -> KeptRow:
    lists: dict[str, list[dict[str, str | None]]] = {}
    nested = [(part.each, columns) for part, columns in zip(mapping.parts, layout.each, strict=True) if part.each is not None]
    if source == mapping.event.source:
        for (name, columns), rows in zip(nested, row.nested, strict=False):
            merged = lists.setdefault(name, [{} for _ in rows])
            for values, inner in zip(merged, rows, strict=False):
                values.update(zip(columns, inner, strict=True))
    return KeptRow(row.file, row.line, dict(zip(layout.columns[source], row.row, strict=True)), lists)


def bundle_of(key: str, rows: KeptRows, mapping: MappingDocument, layout: Layout) -> Bundle:
    """The bundle that kept rows are, for a mapping that may have changed since: a column that was not kept is nothing."""
    main = tuple(_placed(row, rows.source, mapping, layout) for row in rows.main)
    sources = join_sources(mapping)
    joined = tuple(
        tuple(_placed(row, source, mapping, layout) for row in kept) for source, kept in zip(sources, rows.joined, strict=False)
    )
    return Bundle(key, main, joined + ((),) * (len(sources) - len(joined)))


def _placed(row: KeptRow, source: str, mapping: MappingDocument, layout: Layout) -> Placed:
    nested: Nested = ()
    if source == mapping.event.source:
        nested = tuple(
            tuple(tuple(values.get(column) for column in columns) for values in row.lists.get(part.each, []))
            for part, columns in zip(mapping.parts, layout.each, strict=True)
            if part.each is not None
        )
    return Placed(row.file, row.line, tuple(row.values.get(column) for column in layout.columns[source]), nested)


def digest_of_rows(rows: KeptRows) -> str:
    """What was refused, wherever it stood; an unreadable line without text is told by its place."""
    if rows.raw:
        content: object = (rows.source, rows.raw)
    else:
        content = (rows.source, _contents(rows.main), [_contents(joined) for joined in rows.joined])
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()


def _contents(rows: Sequence[KeptRow]) -> list[object]:
    return [(row.values, row.lists) if row.values else (row.file, row.line) for row in rows]


def correct(rows: KeptRows, corrections: Sequence[Correction]) -> KeptRows:
    """The rows with the corrected values in their places. Raises BadCorrection."""
    for correction in corrections:
        if correction.column != LINE_COLUMN:
            rows = _correct(rows, correction)
    return rows


def _correct(rows: KeptRows, correction: Correction) -> KeptRows:
    every = [row for group in (rows.main, *rows.joined) for row in group]
    inside = _IN_LIST.fullmatch(correction.column)
    fitting = [row for row in every if _fits(row, correction, inside)]
    if len(fitting) != 1:
        _refuse(every, fitting, correction)
    changed = _changed(fitting[0], correction, inside)

    def swapped(group: Sequence[KeptRow]) -> list[KeptRow]:
        return [changed if row is fitting[0] else row for row in group]

    return msgspec.structs.replace(rows, main=swapped(rows.main), joined=[swapped(group) for group in rows.joined])


def _fits(row: KeptRow, correction: Correction, inside: re.Match[str] | None) -> bool:
    if correction.line not in (None, row.line) or correction.file not in (None, row.file):
        return False
    if inside is None:
        return correction.column in row.values
    elements = row.lists.get(inside["list"], [])
    return int(inside["position"]) <= len(elements) and inside["column"] in elements[int(inside["position"]) - 1]


def _changed(row: KeptRow, correction: Correction, inside: re.Match[str] | None) -> KeptRow:
    if inside is None:
        return msgspec.structs.replace(row, values={**row.values, correction.column: correction.value})
    elements = [dict(values) for values in row.lists[inside["list"]]]
    elements[int(inside["position"]) - 1][inside["column"]] = correction.value
    return msgspec.structs.replace(row, lists={**row.lists, inside["list"]: elements})


def _refuse(every: Sequence[KeptRow], fitting: Sequence[KeptRow], correction: Correction) -> None:
    if fitting:
        places = ", ".join(f"{row.file}:{row.line}" for row in fitting)
        raise BadCorrection(f"`{correction.column}` stands in several rows of this entry ({places}): say which line")
    known: Mapping[str, None] = dict.fromkeys(column for row in every for column in row.values)
    raise BadCorrection(
        f"no row of this entry has the column `{correction.column}`{nearest(correction.column, known)}"
        + (f" at line {correction.line}" if correction.line is not None else "")
        + f"; it has {', '.join(known) or LINE_COLUMN}"
    )
