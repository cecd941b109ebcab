"""From the files named on a command line to rows.

In: paths and a mapping. Out: which journal each file is, its digest, its lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from ingest.errors import JournalUnreadable
from ingest.journal.csv_rows import csv_header, read_csv, read_csv_row
from ingest.journal.json_rows import Lists, read_json, read_json_row
from ingest.journal.line import Line
from ingest.layout import Layout
from ingest.mapping.document import Mapping, Source


@dataclass(frozen=True, slots=True)
class Journal:
    """A file and which of the mapping's journals it is."""

    path: Path
    source: Source


def assign(files: Sequence[Path], mapping: Mapping) -> tuple[Journal, ...]:
    """Each file with its journal, in the given order. Raises JournalUnreadable when a file or a journal is left over."""
    journals = tuple(Journal(path, _source_of(path, mapping)) for path in files)
    for source in mapping.sources.values():
        if not any(journal.source is source for journal in journals):
            raise JournalUnreadable(
                f"no file for the journal `{source.name}` of {mapping.name}: give one whose name matches `{source.match}`"
            )
    return journals


def _source_of(path: Path, mapping: Mapping) -> Source:
    if not path.is_file():
        raise JournalUnreadable(f"{path}: there is no such file")
    names = (path.name, path.name.removesuffix(".gz"))
    fitting = [source for source in mapping.sources.values() if any(fnmatchcase(name, source.match) for name in names)]
    if len(fitting) == 1:
        return fitting[0]
    patterns = ", ".join(f"{source.name}: `{source.match}`" for source in fitting or mapping.sources.values())
    verdict = "matches several journals" if fitting else "matches no journal"
    raise JournalUnreadable(f"{path}: its name {verdict} of {mapping.name} ({patterns})")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file as it lies on the disk. Raises JournalUnreadable."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise JournalUnreadable(f"{path}: cannot be read: {error.strerror}") from None


def read_lines(journal: Journal, mapping: Mapping, layout: Layout) -> Iterator[Line]:
    """The rows of a journal, as a stream."""
    columns = layout.columns[journal.source.name]
    if journal.source.format == "csv":
        return read_csv(journal.path, journal.source, columns)
    return read_json(journal.path, journal.source, columns, lists_of(journal.source, mapping, layout))


def read_one(text: str, header: Sequence[str], source: Source, mapping: Mapping, layout: Layout) -> Line:
    """The row that a person wrote in place of an unreadable one."""
    columns = layout.columns[source.name]
    if source.format == "csv":
        return read_csv_row(text, header, source, columns)
    return read_json_row(text, source, columns, lists_of(source, mapping, layout))


def header_of(journal: Journal) -> tuple[str, ...]:
    """The header of a CSV journal; nothing for JSON Lines."""
    return csv_header(journal.path, journal.source) if journal.source.format == "csv" else ()


def lists_of(source: Source, mapping: Mapping, layout: Layout) -> Lists:
    """The lists that the mapping's parts read inside the rows of `source`."""
    if source.name != mapping.event.source:
        return ()
    return tuple((part.each, layout.each[index]) for index, part in enumerate(mapping.parts) if part.each is not None)
