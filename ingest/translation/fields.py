"""From a row to the fields of one record, collecting every fault on the way.

In: a record type, what the mapping says about its fields, the columns' places. Out: a `Filler`: row → keyword arguments, or
None for a nested record of which the row says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from ingest.faults import Fault, Reason, Refused
from ingest.mapping.document import Constant, Value
from ingest.mapping.targets import Struct, field_type, leaves
from ingest.values.compile import Remembering, compile_value, names_of
from ingest.values.reader import Reader, Row, Seen

Arguments = dict[str, object]
Filler = Callable[[Row, Seen, list[Fault]], Arguments | None]


@dataclass(slots=True)
class _Level:
    """One record while its filler is put together."""

    record: Struct
    simple: list[_Simple] = field(default_factory=list)
    nested: list[_Nested] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Simple:
    name: str
    path: str
    read: Reader
    required: bool
    constant: bool
    remembered: bool
    columns: str


@dataclass(frozen=True, slots=True)
class _Nested:
    name: str
    type: Struct
    fill: Filler
    required: bool
    listed: bool


def filler(record: Struct, values: Mapping[str, Value], columns: Mapping[str, int], *, remember: bool = False) -> Filler:
    """The function that reads `values` for `record`. With `remember` the times that it reads are noted in `seen`."""
    return _filler(record, values, columns, leaves(record), "", remember)


def _filler(
    record: Struct,
    values: Mapping[str, Value],
    columns: Mapping[str, int],
    known: Mapping[str, object],
    prefix: str,
    remember: bool,
) -> Filler:
    level = _Level(record)
    for spec in msgspec.structs.fields(record):
        path, kind = f"{prefix}{spec.name}", field_type(spec.type)
        if path in values:
            level.simple.append(_simple(record, spec, path, values[path], columns, remember))
        elif (
            isinstance(kind, type) and issubclass(kind, msgspec.Struct) and any(name.startswith(f"{path}.") for name in values)
        ):
            fill = _filler(kind, values, columns, known, f"{path}.", remember)
            level.nested.append(_Nested(spec.name, kind, fill, spec.required, _is_list(spec.type)))
    # In the mapping's order, because a value may refer to a time that stands above it.
    order = {path: place for place, path in enumerate(values)}
    level.simple.sort(key=lambda simple: order[simple.path])
    return _run(level, always=not prefix)


def _is_list(hint: object) -> bool:
    return getattr(hint, "__origin__", None) is tuple


def _simple(
    record: Struct, spec: msgspec.structs.FieldInfo, path: str, value: Value, columns: Mapping[str, int], remember: bool
) -> _Simple:
    root_leaf = leaves(record)[spec.name]
    return _Simple(
        name=spec.name,
        path=path,
        read=compile_value(value, columns, root_leaf),
        required=spec.required,
        constant=isinstance(value, Constant),
        remembered=remember and root_leaf.kind == "moment",
        columns=names_of((value,)),
    )


def _run(level: _Level, *, always: bool) -> Filler:  # noqa: C901  one loop for each kind of field
    """`always`: the record itself, which is there because its row is; a nested one needs a word in the row."""
    constants = {part.name: part.read((), {}) for part in level.simple if part.constant}
    simple = [part for part in level.simple if not part.constant]
    # Most values come from one column and were read before: their readers' memories are asked here, without a call.
    direct = [
        (part.name, part.read.place, part.read.known, part)
        for part in simple
        if isinstance(part.read, Remembering) and not part.remembered
    ]
    others = [part for part in simple if not isinstance(part.read, Remembering) or part.remembered]
    nested = tuple(level.nested)
    given = always or not (nested or simple)

    def fill(row: Row, seen: Seen, faults: list[Fault]) -> Arguments | None:  # noqa: C901  runs for every row: no calls
        arguments: Arguments = constants.copy()
        before = len(faults)
        missing: list[_Simple] = []
        for name, place, known, part in direct:
            found = known.get(row[place], known)
            if found is known:
                found = _read(part, row, seen, faults)
            if found is not None:
                if found is not _REFUSED:
                    arguments[name] = found
            elif part.required:
                missing.append(part)
        for part in others:
            found = _read(part, row, seen, faults)
            if found is not None:
                if found is not _REFUSED:
                    arguments[part.name] = found
                    if part.remembered:
                        seen[part.path] = found
            elif part.required:
                missing.append(part)
        for inner in nested:
            inside = inner.fill(row, seen, faults)
            if inside is not None:
                # A record with a fault inside is not made: it may lack what it needs, and the event is refused anyway.
                made = inner.type(**inside) if len(faults) == before else None
                arguments[inner.name] = (made,) if inner.listed else made
        if not given and len(arguments) == len(constants):
            return None
        if missing:
            faults.extend(Fault(Reason.MISSING_VALUE, part.columns or part.path) for part in missing)
        return arguments

    return fill


_REFUSED: Final = object()


def _read(part: _Simple, row: Row, seen: Seen, faults: list[Fault]) -> object:
    """The value, None for nothing, `_REFUSED` with its fault noted."""
    try:
        return part.read(row, seen)
    except Refused as refused:
        faults.append(refused.fault)
        return _REFUSED
