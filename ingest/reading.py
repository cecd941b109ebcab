"""All journals of one import, read once into the staging, with remembered corrections in place.

In: journals, a translator, the ledger. Out: a loaded `Staging`; refused rows in the form in which the quarantine keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.journal import Journal, Line, read_lines, read_one
from ingest.journal.open import header_of
from ingest.ledger import EntryKind, Ledger
from ingest.ledger.entry import LINE_COLUMN, Entry, KeptRow, KeptRows, correct, kept_row
from ingest.staging import Bad, Numbered, Staging
from ingest.translation import Placed, Translator

Step = Callable[[int], None]
_STEP: Final = 2_000


@dataclass(frozen=True, slots=True)
class Staged:
    """What the staging holds: the number of the last row of the events' journals, and how many the mapping passes over."""

    rows: int
    skipped: int


class Journals:
    """The files of one import."""

    def __init__(self, files: Sequence[Journal], translator: Translator, ledger: Ledger) -> None:
        self.files = files
        self._translator = translator
        self._quarantine = ledger.quarantine
        self._headers: dict[int, tuple[str, ...]] = {}
        system = translator.mapping.system
        self._lines_corrected = ledger.quarantine.has_corrections(system, EntryKind.LINE)
        self._rows_corrected = ledger.quarantine.has_corrections(system, EntryKind.ROW)

    def name(self, file: int) -> str:
        """How a file is called in faults."""
        return self.files[file].path.name

    def stage(self, staging: Staging, step: Step) -> Staged:
        """Read every journal into `staging`; `step` hears how many more rows were read."""
        rows = skipped = 0

        def events() -> Iterator[tuple[int, Numbered]]:
            nonlocal rows, skipped
            for file, line, entry in self._rows_of(self._translator.mapping.event.source, step):
                rows += 1
                key = line.fault or (None if self._translator.is_skipped(line.row) else self._translator.key(line.row))
                if isinstance(key, str):
                    yield rows, Numbered(key, file, line, None, entry)
                elif key is not None:
                    yield rows, Numbered(None, file, line, key)
                else:
                    skipped += 1

        staging.add_events(events())
        for join in range(len(self._translator.joins)):
            staging.add_joined(self._joined(join, staging, step))
        staging.finish_loading()
        return Staged(rows, skipped)

    def _joined(self, join: int, staging: Staging, step: Step) -> Iterator[tuple[int, str, int, Placed]]:
        """The rows of one join with their events' keys; bad ones are put aside in `staging`."""
        source, key_of_row, _ = self._translator.joins[join]
        for ordinal, (file, line, entry) in enumerate(self._rows_of(source, step)):
            placed = Placed(self.name(file), line.number, line.row, (), entry)
            if self._rows_corrected and line.fault is None:
                placed = self._corrected(placed, source)
            key = line.fault or key_of_row(placed.row)
            if isinstance(key, str):
                yield join, key, ordinal, placed
            else:
                staging.add_bad(Bad(file, line, key))

    def _rows_of(self, source: str, step: Step) -> Iterator[tuple[int, Line, str | None]]:
        """The lines of one kind of journal, file by file; an unreadable one that a person has rewritten comes as rewritten."""
        mapping, layout = self._translator.mapping, self._translator.layout
        read = 0
        for file, journal in enumerate(self.files):
            if journal.source.name != source:
                continue
            for line in read_lines(journal, mapping, layout):
                read += 1
                if read % _STEP == 0:
                    step(_STEP)
                entry = self._rewriting(file, line) if line.fault is not None and self._lines_corrected else None
                if entry is None:
                    yield file, line, None
                else:
                    yield file, rewritten(entry, self._translator)._replace(number=line.number), entry.id

    def _rewriting(self, file: int, line: Line) -> Entry | None:
        return self._quarantine.corrected(self._translator.mapping.system, self.unreadable(file, line))

    def _corrected(self, row: Placed, source: str) -> Placed:
        """A joined row as a person corrected it, or as it is."""
        entry = self._quarantine.corrected(self._translator.mapping.system, self.kept_row(row, source))
        if entry is None:
            return row
        values = correct(entry.rows, entry.corrections).main[0].values
        return row._replace(entry=entry.id, row=tuple(values.get(column) for column in self._translator.layout.columns[source]))

    def kept_row(self, row: Placed, source: str) -> KeptRows:
        """A row of another journal, as the quarantine keeps it."""
        return kept_row(row, source, self._translator.mapping, self._translator.layout)

    def unreadable(self, file: int, line: Line) -> KeptRows:
        """A line that could not be read, as the quarantine keeps it."""
        if file not in self._headers:
            self._headers[file] = header_of(self.files[file])
        place = KeptRow(self.name(file), line.number, {})
        return KeptRows(self.files[file].source.name, [place], raw=line.raw, header=self._headers[file])


def rewritten(entry: Entry, translator: Translator) -> Line:
    """The line that a person wrote in place of an unreadable one."""
    written = [correction.value for correction in entry.corrections if correction.column == LINE_COLUMN]
    source = translator.mapping.sources[entry.rows.source]
    return read_one(written[-1], entry.rows.header, source, translator.mapping, translator.layout)
