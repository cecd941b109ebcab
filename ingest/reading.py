"""All journals of one import as numbered rows, with remembered corrections in place, and their staging.

In: journals, a translator, the ledger. Out: `Numbered` rows of the events' journals; a loaded `Staging`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from ingest.faults import Fault
from ingest.journal import Journal, Line, read_lines, read_one
from ingest.journal.open import header_of
from ingest.ledger import EntryKind, Ledger
from ingest.ledger.entry import LINE_COLUMN, Entry, KeptRow, KeptRows, correct, kept_row
from ingest.staging import Bad, Staged, Staging
from ingest.translation import Placed, Translator
from ingest.values import Row

Step = Callable[[int], None]
_STEP: Final = 2_000


class Numbered(NamedTuple):
    """A row of the events' journals: its number over all files (from 1), its file, the row; `entry` when it was corrected by
    hand.
    """

    ordinal: int
    file: int
    line: Line
    entry: str | None = None


class Journals:
    """The files of one import."""

    def __init__(self, files: Sequence[Journal], translator: Translator, ledger: Ledger) -> None:
        self.files = files
        self._translator = translator
        self._ledger = ledger
        self._headers: dict[int, tuple[str, ...]] = {}

    def name(self, file: int) -> str:
        """How a file is called in faults."""
        return self.files[file].path.name

    def events(self) -> Iterator[Numbered]:
        """The rows of the events' journals, file by file."""
        ordinal = 0
        for file, journal in enumerate(self.files):
            if journal.source.name != self._translator.mapping.event.source:
                continue
            for line, entry in self._lines(file):
                ordinal += 1
                yield Numbered(ordinal, file, line, entry)

    def unreadable(self, file: int, line: Line) -> KeptRows:
        """A line that could not be read, as the quarantine keeps it."""
        if file not in self._headers:
            self._headers[file] = header_of(self.files[file])
        place = KeptRow(self.name(file), line.number, {})
        return KeptRows(self.files[file].source.name, [place], raw=line.raw, header=self._headers[file])

    def _lines(self, file: int) -> Iterator[tuple[Line, str | None]]:
        """The lines of a file; an unreadable one that a person has rewritten comes as rewritten."""
        mapping, layout = self._translator.mapping, self._translator.layout
        for line in read_lines(self.files[file], mapping, layout):
            entry = (
                self._ledger.quarantine.corrected(mapping.system, self.unreadable(file, line))
                if line.fault is not None
                else None
            )
            if entry is None:
                yield line, None
            else:
                yield rewritten(entry, self._translator)._replace(number=line.number), entry.id

    def stage(self, staging: Staging, step: Step) -> int:
        """Read everything once into `staging`; the number of rows in the events' journals."""
        total = 0

        def keys() -> Iterator[tuple[str, int]]:
            nonlocal total
            for ordinal, _, line, _ in self.events():
                total = ordinal
                if ordinal % _STEP == 0:
                    step(_STEP)
                key = self.key(line)
                if isinstance(key, str):
                    yield key, ordinal

        staging.add_events(keys())
        for join in range(len(self._translator.joins)):
            staging.add_joined(self._joined(join, staging, step))
        staging.finish_loading()
        if staging.has_repeats:
            self._stage_repeated(staging)
        return total

    def key(self, line: Line) -> str | Fault | None:
        """The event's key in a row, the fault of the row or of its key, or None for a row that the mapping passes over."""
        if line.fault is not None:
            return line.fault
        return None if self._translator.is_skipped(line.row) else self._translator.key(line.row)

    def _stage_repeated(self, staging: Staging) -> None:
        """Keep the rows that share a key, so that they can be brought together at the first of them."""
        wanted = staging.repeated_ordinals()

        def bodies() -> Iterator[tuple[int, Staged]]:
            following = next(wanted, None)
            for ordinal, file, line, _ in self.events():
                if ordinal == following:
                    following = next(wanted, None)
                    yield ordinal, Staged(file, line.number, line.row, line.nested)

        staging.keep_repeated(bodies())

    def _joined(self, join: int, staging: Staging, step: Step) -> Iterator[tuple[int, str, int, Staged]]:
        """The rows of one join with their events' keys; bad ones are put aside in `staging`."""
        source, key_of_row, _ = self._translator.joins[join]
        ordinal = 0
        for file, journal in enumerate(self.files):
            if journal.source.name != source:
                continue
            for line, _ in self._lines(file):
                ordinal += 1
                if ordinal % _STEP == 0:
                    step(_STEP)
                row = self._corrected(file, line) if line.fault is None else line.row
                key = line.fault or key_of_row(row)
                if isinstance(key, str):
                    yield join, key, ordinal, Staged(file, line.number, row)
                else:
                    staging.add_bad(Bad(file, line, key))

    def _corrected(self, file: int, line: Line) -> Row:
        """A joined row as a person corrected it, or as it is."""
        system = self._translator.mapping.system
        if not self._ledger.quarantine.has_corrections(system, EntryKind.ROW):
            return line.row
        kept = self.kept_row(file, Staged(file, line.number, line.row))
        entry = self._ledger.quarantine.corrected(system, kept)
        if entry is None:
            return line.row
        values = correct(entry.rows, entry.corrections).main[0].values
        return tuple(values.get(column) for column in self._translator.layout.columns[self.files[file].source.name])

    def kept_row(self, file: int, row: Staged) -> KeptRows:
        """A row of another journal, as the quarantine keeps it."""
        placed = Placed(self.name(row.file), row.line, row.row)
        return kept_row(placed, self.files[file].source.name, self._translator.mapping, self._translator.layout)


def rewritten(entry: Entry, translator: Translator) -> Line:
    """The line that a person wrote in place of an unreadable one."""
    written = [correction.value for correction in entry.corrections if correction.column == LINE_COLUMN]
    source = translator.mapping.sources[entry.rows.source]
    return read_one(written[-1], entry.rows.header, source, translator.mapping, translator.layout)
