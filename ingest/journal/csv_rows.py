"""Rows of a CSV journal.

In: its lines, its header, the wanted columns. Out: `Line` after `Line`; a row of another length than the header's is a fault, a
missing column an error, because then the file is not what the mapping describes.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from ingest.errors import JournalUnreadable
from ingest.faults import Fault, Reason
from ingest.journal.line import Line
from ingest.journal.text import MAX_LINE, Text, is_clean, readable
from ingest.mapping.document import Source
from ingest.values.reader import Row


def read_csv(path: Path, source: Source, columns: tuple[str, ...]) -> Iterator[Line]:
    """The rows of a CSV file with a header line. Raises JournalUnreadable."""
    text = Text(path, source.encoding)
    rows = csv.reader(text.lines(), delimiter=source.delimiter)
    header = _next(rows)
    if not isinstance(header, list):
        raise JournalUnreadable(f"{path}: empty; the first line of a CSV journal names its columns")
    project = _projection(header, columns, path)
    width, before = len(header), rows.line_num
    while (row := _next(rows)) is not None:
        number, before = before + 1, rows.line_num
        if isinstance(row, csv.Error) or text.took_too_long():
            yield Line(
                number, (), fault=Fault(Reason.LINE_TOO_LONG, detail={"limit": f"{min(MAX_LINE, csv.field_size_limit()):,}"})
            )
        elif len(row) == width:
            yield _checked(number, project(row), row, source)
        elif row:
            fault = Fault(Reason.COLUMN_COUNT, detail={"found": str(len(row)), "expected": str(width)})
            yield Line(number, (), fault=fault, raw=readable(written(row, source.delimiter)))


def read_csv_row(text: str, header: Sequence[str], source: Source, columns: tuple[str, ...]) -> Line:
    """One row that a person corrected, under the header of its file."""
    row = next(csv.reader([text], delimiter=source.delimiter), [])
    if len(row) != len(header):
        fault = Fault(Reason.COLUMN_COUNT, detail={"found": str(len(row)), "expected": str(len(header))})
        return Line(0, (), fault=fault, raw=text)
    return Line(0, _projection(list(header), columns, Path(source.name))(row))


def csv_header(path: Path, source: Source) -> tuple[str, ...]:
    """The names of a CSV file's columns."""
    header = _next(csv.reader(Text(path, source.encoding).lines(), delimiter=source.delimiter))
    return tuple(header) if isinstance(header, list) else ()


def written(row: Sequence[str], delimiter: str) -> str:
    """A row as a line of CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(row)
    return out.getvalue()


def _next(rows: Iterator[list[str]]) -> list[str] | csv.Error | None:
    """The next row, None at the end, or the csv module's complaint; it goes on after one."""
    try:
        return next(rows, None)
    except csv.Error as error:
        return error


def _checked(number: int, projected: Row, row: list[str], source: Source) -> Line:
    if is_clean("".join(row)):
        return Line(number, projected)
    bad = next(text for text in row if not is_clean(text))
    fault = Fault(Reason.NOT_UTF8, value=readable(bad), detail={"encoding": source.encoding.removesuffix("-sig")})
    return Line(number, (), fault=fault, raw=readable(written(row, source.delimiter)))


def _projection(header: list[str], columns: tuple[str, ...], path: Path) -> Callable[[list[str]], Row]:
    """A function from a whole row to the wanted columns. Header names are compared without the blanks around them."""
    places = {name.strip(): place for place, name in enumerate(header)}
    missing = [name for name in columns if name.strip() not in places]
    if missing:
        raise JournalUnreadable(f"{path}: " + "; ".join(_not_there(name, places) for name in missing))
    wanted = [places[name.strip()] for name in columns]
    if len(wanted) == 1:
        only = wanted[0]
        return lambda row: (row[only],)
    return itemgetter(*wanted) if wanted else lambda row: tuple(row[:0])


def _not_there(name: str, places: dict[str, int]) -> str:
    near = difflib.get_close_matches(name, list(places), 1, 0.6)
    return f"there is no column `{name}`" + (f" (did you mean `{near[0]}`?)" if near else f"; there are {', '.join(places)}")
