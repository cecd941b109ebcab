"""Rows of a JSON Lines journal: one object a line.

In: lines, the wanted columns (`place.street` goes into nested objects), the lists that parts read. Out: `Line` after `Line`;
all values are text, as in CSV, so that one mapping language serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ingest.faults import Fault, Reason
from ingest.journal.line import Line
from ingest.journal.text import MAX_LINE, Text, is_clean, readable
from ingest.mapping.document import Source
from ingest.values.reader import Row

Lists = tuple[tuple[str, tuple[str, ...]], ...]
"""The lists inside a row: their path and the columns wanted of their elements."""


def read_json(path: Path, source: Source, columns: tuple[str, ...], lists: Lists) -> Iterator[Line]:
    """The rows of a JSON Lines file; blank lines are passed over."""
    text = Text(path, source.encoding)
    parse = _parser(source, columns, lists)
    for number, line in enumerate(text.lines(), 1):
        if text.took_too_long():
            yield Line(number, (), fault=Fault(Reason.LINE_TOO_LONG, detail={"limit": f"{MAX_LINE:,}"}))
        elif line.strip():
            yield parse(number, line)


def read_json_row(text: str, source: Source, columns: tuple[str, ...], lists: Lists) -> Line:
    """One row that a person corrected."""
    return _parser(source, columns, lists)(0, text)


def _parser(source: Source, columns: tuple[str, ...], lists: Lists) -> Callable[[int, str], Line]:
    paths = [tuple(name.split(".")) for name in columns]
    nested = [(tuple(name.split(".")), name, [tuple(column.split(".")) for column in inner]) for name, inner in lists]

    def parse(number: int, line: str) -> Line:
        if not is_clean(line):
            fault = Fault(Reason.NOT_UTF8, detail={"encoding": source.encoding.removesuffix("-sig")})
            return Line(number, (), fault=fault, raw=readable(line))
        try:
            found = msgspec.json.decode(line)
            if not isinstance(found, dict):
                return _refused(number, line, f"a {type(found).__name__}")
            rows = tuple(_elements(found, path, name, inner) for path, name, inner in nested)
            return Line(number, tuple(_text(found, path) for path in paths), rows)
        except (msgspec.DecodeError, RecursionError) as error:
            return _refused(number, line, str(error) if isinstance(error, msgspec.DecodeError) else "nested too deep")

    return parse


def _refused(number: int, line: str, detail: str) -> Line:
    return Line(number, (), fault=Fault(Reason.NOT_JSON, detail={"detail": detail}), raw=line.rstrip("\r\n"))


def _elements(row: Mapping[str, object], path: tuple[str, ...], name: str, columns: list[tuple[str, ...]]) -> tuple[Row, ...]:
    found = _walk(row, path)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(element, dict) for element in found):
        raise msgspec.DecodeError(f"`{name}` is not a list of objects")
    return tuple(tuple(_text(element, column) for column in columns) for element in found)


def _walk(found: object, path: tuple[str, ...]) -> object:
    for step in path:
        if not isinstance(found, dict):
            return None
        found = found.get(step)
    return found


def _text(row: Mapping[str, object], path: tuple[str, ...]) -> str | None:
    match _walk(row, path):
        case None:
            return None
        case str() as text:
            return text
        case bool() as truth:
            return "true" if truth else "false"
        case int() | float() as number:
            return str(number)
        case other:
            return msgspec.json.encode(other).decode()
