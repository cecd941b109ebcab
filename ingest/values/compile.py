"""From what a mapping says about a value to the function that reads it from a row.

In: `Value`, the columns' places in a row, the `Leaf` (what kind of field waits for it). Out: a `Reader`. Mappings are
compiled once per import; the readers run for every row, so whatever can be decided here is decided here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from ingest.faults import Reason, Refused
from ingest.mapping.document import (
    Column,
    Constant,
    Day,
    First,
    Joined,
    Moment,
    Position,
    Refined,
    Value,
)
from ingest.values.leaf import TEXT, WHOLE, Leaf, converted
from ingest.values.moments import Readers, day_reader, moment_reader, once_a_row, shifted
from ingest.values.reader import Places, Reader, Row, Seen

POSITION: Final = "$position"
_REMEMBERED: Final = 512  # distinct texts per column whose reading is kept; more than that is not a code but free text


def compile_value(value: Value, columns: Mapping[str, int], leaf: Leaf = TEXT) -> Reader:
    """A reader of `value` for a field of kind `leaf`; `columns` gives each column's place in the rows."""
    match value:
        case Column():
            return _of_column(value, columns, leaf)
        case Constant(text):
            constant = converted(text, leaf, "")
            return lambda row, seen: constant  # noqa: ARG005  a reader's form
        case Position() if leaf.kind == "text" and leaf.holds is None:
            return lambda row, seen: str(seen[POSITION])  # noqa: ARG005  a reader's form
        case Position():
            return lambda row, seen: converted(str(seen[POSITION]), leaf, "")  # noqa: ARG005  a reader's form
        case Joined(parts, separator):
            return _joined(parts, separator, columns, leaf)
        case First(choices):
            return _first([compile_value(choice, columns, leaf) for choice in choices])
        case Refined():
            return _refined(value, columns, leaf)
        case Moment():
            return _moment(value, columns)
        case Day():
            return day_reader(value, _readers(value, columns))


def columns_of(value: Value) -> Iterable[str]:
    """Every column that `value` reads, in order."""
    match value:
        case Column(name):
            yield name
        case Joined(parts) | First(parts):
            for part in parts:
                yield from columns_of(part)
        case Refined(of=of):
            yield from columns_of(of)
        case Moment() | Day():
            for part in (*value.parts.values(), *((value.text,) if value.text is not None else ())):
                yield from columns_of(part)
            if isinstance(value, Moment):
                yield from columns_of(value.clock.zone)
        case Constant() | Position():
            return


def names_of(values: Iterable[Value]) -> str:
    """The columns of some values, for messages."""
    return ", ".join(dict.fromkeys(column for value in values for column in columns_of(value)))


def fields_of(value: Value) -> Iterable[str]:
    """The event fields that `value` refers to: they must be read before it."""
    match value:
        case Joined(parts) | First(parts):
            for part in parts:
                yield from fields_of(part)
        case Refined(of=of):
            yield from fields_of(of)
        case Moment(near=near) if near is not None:
            yield near
        case _:
            return


def _of_column(column: Column, columns: Mapping[str, int], leaf: Leaf) -> Reader:
    place, empty, name = columns[column.name], column.empty, column.name
    if leaf.kind == "text" and leaf.holds is None:
        return Remembering(place, _plain(empty, leaf, name))

    def convert(text: str | None) -> object:
        text = text.strip() if text is not None else ""
        return None if not text or text in empty else converted(text, leaf, name)

    return Remembering(place, convert)


def _plain(empty: frozenset[str], leaf: Leaf, name: str) -> Callable[[str | None], object]:
    """Text that only has to be trimmed: most columns of most journals."""
    limit = leaf.limit

    def convert(text: str | None) -> object:
        text = text.strip() if text is not None else ""
        if len(text) > limit:
            raise Refused(Reason.TOO_LONG, name, text, limit=limit)
        return text if text and text not in empty else None

    return convert


class Remembering:
    """Reads one column; each distinct text is converted once. Refusals are not kept: they are rare.

    `known[text]`, when it is there, is what the call would return: fillers look there themselves before they call.
    """

    __slots__ = ("_convert", "known", "place")

    def __init__(self, place: int, convert: Callable[[str | None], object]) -> None:
        self.place = place
        self.known: dict[str | None, object] = {}
        self._convert = convert

    def __call__(self, row: Row, seen: Seen) -> object:  # noqa: ARG002  a reader's form
        text = row[self.place]
        known = self.known
        result = known.get(text, known)  # the dict itself stands for "not yet": no reading gives it
        if result is known:
            result = self._convert(text)
            if len(known) < _REMEMBERED:
                known[text] = result
        return result


def _joined(parts: tuple[Value, ...], separator: str, columns: Mapping[str, int], leaf: Leaf) -> Reader:
    """Constants alone say nothing of a row: a join is nothing when everything else in it is nothing."""
    readers = [(compile_value(part, columns, TEXT), isinstance(part, Constant)) for part in parts]
    name, only_constants = names_of(parts), all(isinstance(part, Constant) for part in parts)
    plain = leaf.kind == "text" and leaf.holds is None

    def read(row: Row, seen: Seen) -> object:
        texts: list[str] = []
        something = only_constants
        for reader, constant in readers:
            text = reader(row, seen)
            if text is not None:
                texts.append(text if type(text) is str else str(text))
                something = something or not constant
        if not something:
            return None
        whole = separator.join(texts)
        return whole if plain and len(whole) <= leaf.limit else converted(whole, leaf, name)

    return read


def _first(readers: list[Reader]) -> Reader:
    def read(row: Row, seen: Seen) -> object:
        for reader in readers:
            found = reader(row, seen)
            if found is not None:
                return found
        return None

    return read


def _refined(value: Refined, columns: Mapping[str, int], leaf: Leaf) -> Reader:
    if isinstance(value.of, Column):
        place, empty, name = columns[value.of.name], value.of.empty, value.of.name
        clean = _cleaner(value, leaf, name)

        def convert(text: str | None) -> object:
            text = text.strip() if text is not None else ""
            return clean(None if text in empty else text or None)

        return Remembering(place, convert)
    name = names_of((value.of,))
    if isinstance(value.of, Moment | Day | First):
        return (
            _required(compile_value(value.of, columns, leaf), name)
            if value.required
            else compile_value(value.of, columns, leaf)
        )
    inner, clean = compile_value(value.of, columns, TEXT), _cleaner(value, leaf, name)
    return lambda row, seen: clean(None if (text := inner(row, seen)) is None else str(text))


def _required(reader: Reader, name: str) -> Reader:
    def read(row: Row, seen: Seen) -> object:
        found = reader(row, seen)
        if found is None:
            raise Refused(Reason.MISSING_VALUE, name)
        return found

    return read


def _cleaner(value: Refined, leaf: Leaf, column: str) -> Callable[[str | None], object]:
    """The steps of a refined value in their order: pattern, codes, number, default, the field's own kind."""
    pattern = re.compile(value.pattern) if value.pattern is not None else None

    def clean(text: str | None) -> object:
        if text is not None and pattern is not None:
            text = _matched(text, pattern, column)
        if text is not None and value.codes is not None:
            text = _decoded(text, value, column)
        if text is None:
            text = value.default
            if text is None and value.required:
                raise Refused(Reason.MISSING_VALUE, column)
            return None if text is None else converted(text, leaf, column)
        return converted(text, leaf, column, value.number)

    return clean


def _matched(text: str, pattern: re.Pattern[str], column: str) -> str | None:
    found = pattern.fullmatch(text)
    if found is None:
        raise Refused(Reason.NO_MATCH, column, text, pattern=pattern.pattern)
    return (found.group(1) if found.re.groups else found.group()) or None


def _decoded(text: str, value: Refined, column: str) -> str | None:
    assert value.codes is not None
    word = value.codes.codes.get(text, value.otherwise)
    if word is None:
        near = difflib.get_close_matches(text, list(value.codes.codes), 1, 0.5)
        raise Refused(Reason.UNKNOWN_CODE, column, text, list=value.codes.name, nearest=near[0] if near else "–")
    return word or None


def _moment(value: Moment, columns: Mapping[str, int]) -> Reader:
    """Fields that read one time, such as when it happened and when it was registered, share its reader."""
    bare = replace(value, plus=timedelta())
    made = columns.moments if isinstance(columns, Places) else []
    reader = next((reader for known, reader in made if known == bare), None)
    if reader is None:
        zone = compile_value(value.clock.zone, columns, TEXT)
        reader = moment_reader(value, _readers(value, columns), zone, names_of((value.clock.zone,)))
        if not any(True for _ in fields_of(value)):
            reader = once_a_row(reader)
        made.append((bare, reader))
    return shifted(reader, value.plus, names_of((value,))) if value.plus else reader


def _readers(value: Moment | Day, columns: Mapping[str, int]) -> Readers:
    parts = {name: compile_value(part, columns, WHOLE) for name, part in value.parts.items()}
    text = None if value.text is None else compile_value(value.text, columns, TEXT)
    return Readers(parts, text, names_of((value,)))
