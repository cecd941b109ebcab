"""From a row to the fields of one record, collecting every fault on the way.

In: a record type, what the mapping says about its fields, the columns' places. Out: a `Filler`: row → keyword arguments, or
None for a nested record of which the row says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import msgspec

from ingest.faults import Fault, Reason, Refused
from ingest.mapping.document import Constant, Value
from ingest.mapping.targets import Struct, field_type, leaves
from ingest.values.compile import columns_of, compile_value
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
        columns=", ".join(dict.fromkeys(columns_of(value))),
    )


def _run(level: _Level, *, always: bool) -> Filler:
    """`always`: the record itself, which is there because its row is; a nested one needs a word in the row."""
    constants = {part.name: part.read((), {}) for part in level.simple if part.constant}
    simple = tuple(part for part in level.simple if not part.constant)
    nested = tuple(level.nested)
    given = always or not (nested or simple)

    def fill(row: Row, seen: Seen, faults: list[Fault]) -> Arguments | None:
        arguments: Arguments = constants.copy()
        something, before = given, len(faults)
        missing: list[Fault] = []
        for part in simple:
            try:
                found = part.read(row, seen)
            except Refused as refused:
                faults.append(refused.fault)
                continue
            if found is None:
                if part.required:
                    missing.append(Fault(Reason.MISSING_VALUE, part.columns or part.path))
                continue
            something = True
            arguments[part.name] = found
            if part.remembered:
                seen[part.path] = found
        for inner in nested:
            inside = inner.fill(row, seen, faults)
            if inside is not None:
                # A record with a fault inside is not made: it may lack what it needs, and the event is refused anyway.
                made = inner.type(**inside) if len(faults) == before else None
                arguments[inner.name] = (made,) if inner.listed else made
                something = True
        if something and missing:
            faults.extend(missing)
        return arguments if something else None

    return fill
