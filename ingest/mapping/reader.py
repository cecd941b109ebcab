"""Reads a whole mapping document, strictly: an unknown word, field, code or zone is an error with its line.

In: the text of the document. Out: `Mapping`. What a document cannot know (whether the columns exist) is checked when a
journal is opened.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Table
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Final, cast

import msgspec

from ingest.errors import BadMapping
from ingest.mapping import words
from ingest.mapping.document import (
    CodeList,
    Condition,
    Duplicates,
    EventPart,
    Format,
    Kind,
    Mapping,
    NaturalKey,
    Part,
    Position,
    Source,
    Value,
)
from ingest.mapping.nodes import Node, nearest, parse
from ingest.mapping.targets import INVOLVEMENTS, NATURAL_KEYS, RECORDS, Struct, field_type, leaves
from ingest.mapping.values import Setting, read_clock, read_value
from ingest.values.leaf import TEXT
from subgraphs.events.model import EventRecord

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SYSTEM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FIELD_OF_KEY: Final[Table[NaturalKey, str]] = {
    "personal_code": "codes.value",
    "plate": "plate",
    "vin": "vin",
    "number": "number",
}
_FILLED_BY_IMPORT: Final = frozenset({"id", "category"})  # the category follows from the role where the mapping is silent


def shipped() -> tuple[str, ...]:
    """The names of the mappings that come with Saite."""
    folder = resources.files("ingest.mappings")
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def load_mapping(name_or_path: str) -> Mapping:
    """The mapping in that file, or the shipped one of that name. Raises BadMapping."""
    if name_or_path in shipped():
        text = resources.files("ingest.mappings").joinpath(f"{name_or_path}.yaml").read_text(encoding="utf-8")
        return read_mapping(text, f"{name_or_path}.yaml")
    try:
        return read_mapping(Path(name_or_path).read_text(encoding="utf-8"), name_or_path)
    except OSError as error:
        known = ", ".join(shipped())
        raise BadMapping(
            f"{name_or_path}: cannot be read ({error.strerror}); give a file, or one of the shipped: {known}"
        ) from None
    except UnicodeDecodeError:
        raise BadMapping(f"{name_or_path}: not UTF-8 text") from None


def read_mapping(text: str, file: str) -> Mapping:
    """The mapping that `text` writes; `file` names it in messages. Raises BadMapping."""
    root = parse(text, file)
    table = root.table((*words.DOCUMENT, *words.DOCUMENT_TABLES, *words.PARTS), "word of a mapping")
    for word in ("mapping", "name", "system", "journals", "event"):
        if word not in table:
            root.fail(f"`{word}` is missing")
    if table["mapping"].whole() != words.LANGUAGE:
        table["mapping"].fail(f"this Saite reads version {words.LANGUAGE} of the mapping language")
    empty = frozenset(("", *(table["empty"].texts() if "empty" in table else ())))
    setting = Setting(empty, _read_lists(table), None)
    setting = replace(setting, clock=read_clock(table, setting))
    sources = _read_sources(table["journals"])
    event = _read_event(table["event"], sources, setting)
    within = replace(setting, fields=tuple(event.fields))
    parts = [part for kind in words.PARTS if kind in table for part in _read_parts(kind, table[kind], sources, within)]
    _check_links(table, parts)
    if sources[event.source].format != "jsonl" and (nested := [part for part in parts if part.each is not None]):
        table[nested[0].kind].fail(f"`each` reads a list inside a row: the journal `{event.source}` has to be jsonl")
    return Mapping(
        name=_named(table["name"], _NAME),
        title=table["title"].text() if "title" in table else table["name"].text(),
        system=_named(table["system"], _SYSTEM),
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        sources=sources,
        event=event,
        parts=tuple(parts),
    )


def _named(node: Node, form: re.Pattern[str]) -> str:
    if not form.fullmatch(node.text()):
        node.fail(f"`{node.text()}` is not a name: it has to match {form.pattern}")
    return node.text()


def _read_lists(table: Table[str, Node]) -> dict[str, CodeList]:
    if "codes" not in table:
        return {}
    return {
        name: CodeList(name, {code: word.text() for code, word in node.table().items()})
        for name, node in table["codes"].table().items()
    }


def _read_sources(node: Node) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for name, entry in node.table().items():
        table = entry.table(words.JOURNAL, "word of a journal")
        match = table["match"].text() if "match" in table else "*"
        plain = match.removesuffix(".gz").rstrip("*")
        form = (
            table["format"].choice(words.FORMATS, "format") if "format" in table else "jsonl" if plain.endswith("l") else "csv"
        )
        encoding = table["encoding"].text() if "encoding" in table else "utf-8-sig"
        try:
            "".encode(encoding)
        except LookupError:
            table["encoding"].fail(f"`{encoding}` is not an encoding; say such as utf-8, cp1257, iso-8859-1")
        delimiter = table["delimiter"].text() if "delimiter" in table else ","
        if len(delimiter) != 1:
            table["delimiter"].fail("`delimiter` is one character")
        sources[name] = Source(name, match, cast("Format", form), encoding, delimiter, entry.place)
    if not sources:
        node.fail("at least one journal is needed")
    return sources


def _read_event(node: Node, sources: Table[str, Source], setting: Setting) -> EventPart:
    table = node.table(words.EVENT, "word of `event`")
    for word in ("id", "fields"):
        if word not in table:
            node.fail(f"`{word}` is missing")
    if "from" not in table and len(sources) > 1:
        node.fail("`from` is missing: in which of the journals do the events stand?")
    source = table["from"].choice(tuple(sources), "journal") if "from" in table else next(iter(sources))
    fields = _read_fields(table["fields"], EventRecord, setting, growing=True)
    fold = table["fold"].texts() if "fold" in table else ()
    duplicates = table["duplicates"].choice(words.DUPLICATES, "rule") if "duplicates" in table else "fold" if fold else "refuse"
    known = leaves(EventRecord)
    for name in fold:
        if name not in fields or "." in name or known[name].kind != "text":
            table["fold"].fail(f"`{name}` is not an undotted text field of this event{nearest(name, fields)}")
    if fold and duplicates != "fold":
        table["fold"].fail("`fold` names fields for `duplicates: fold`")
    skip = _read_condition(table["skip"]) if "skip" in table else None
    return EventPart(source, _read_id(table["id"], setting), cast("Duplicates", duplicates), fold, fields, skip)


def _read_id(node: Node, setting: Setting) -> tuple[Value, ...]:
    nodes = node.items() if node.is_list else [node]
    if not nodes:
        node.fail("at least one value is needed")
    return tuple(read_value(part, TEXT, setting) for part in nodes)


def _read_fields(node: Node, record: Struct, setting: Setting, *, growing: bool = False) -> dict[str, Value]:
    """Field by field; with `growing` each may refer to those above it."""
    known = leaves(record)
    fields: dict[str, Value] = {}
    for name, value in node.table(known, f"field of {record.__name__}").items():
        above = replace(setting, fields=tuple(fields)) if growing else setting
        fields[name] = read_value(value, known[name], above)
    for missing in _missing(record, fields, ""):
        node.fail(f"`{missing}` is missing: {record.__name__} needs it")
    return fields


def _missing(record: Struct, fields: Table[str, Value], prefix: str) -> list[str]:
    """The fields that a record must have and the mapping does not fill; those of a nested record only where it is used."""
    missing: list[str] = []
    for field in msgspec.structs.fields(record):
        path, kind = f"{prefix}{field.name}", field_type(field.type)
        nested = isinstance(kind, type) and issubclass(kind, msgspec.Struct)
        used = any(name == path or name.startswith(f"{path}.") for name in fields)
        if field.required and not used and field.name not in _FILLED_BY_IMPORT:
            missing.append(path)
        if nested and used:
            missing += _missing(cast("Struct", kind), fields, f"{path}.")
    return missing


def _read_parts(kind: Kind, node: Node, sources: Table[str, Source], setting: Setting) -> list[Part]:
    return [_read_part(kind, entry, sources, setting) for entry in (node.items() if node.is_list else [node])]


def _read_part(kind: Kind, node: Node, sources: Table[str, Source], setting: Setting) -> Part:
    thing = kind in RECORDS
    plain = kind in ("dispatches", "decisions", "qualification")
    permitted = words.PART_PLAIN if plain else words.PART_THING if thing else ("involvement",)
    table = node.table((*words.PART, *permitted), f"word of `{kind}`")
    if ("from" in table) == ("each" in table):
        node.fail("either `from` (another journal, joined by `event`) or `each` (a list inside the event's own row)")
    if "from" in table and "event" not in table:
        node.fail("`event` is missing: the values that make up the event's id in this journal's rows")
    if "each" in table and "event" in table:
        table["event"].fail("`event` goes with `from`; rows of a list belong to the event they stand in")
    fields_word = "fields" if plain else "involvement"
    if fields_word not in table:
        node.fail(f"`{fields_word}` is missing")
    record = _read_fields(table["record"], RECORDS[kind], setting) if "record" in table else {}
    return Part(
        kind=kind,
        source=table["from"].choice(tuple(sources), "journal") if "from" in table else None,
        each=table["each"].text() if "each" in table else None,
        key=_read_id(table["event"], setting) if "event" in table else (),
        id=_read_id(table["id"], setting) if "id" in table else (Position(),),
        record=record,
        involvement=_read_fields(table[fields_word], INVOLVEMENTS[kind], setting),
        vehicle=_read_vehicle(kind, table, setting),
        skip=_read_condition(table["skip"]) if "skip" in table else None,
        match=_read_match(kind, table, record),
        place=node.place,
    )


def _read_vehicle(kind: Kind, table: Table[str, Node], setting: Setting) -> tuple[Value, ...]:
    if "vehicle" not in table:
        return ()
    if kind != "persons":
        table["vehicle"].fail("`vehicle` says in which vehicle a person was: it goes with `persons`")
    return _read_id(table["vehicle"], setting)


def _read_match(kind: Kind, table: Table[str, Node], record: Table[str, Value]) -> NaturalKey | None:
    if "match" not in table:
        return None
    key = cast("NaturalKey", table["match"].choice(NATURAL_KEYS[kind], f"key by which {kind} can be found"))
    if _FIELD_OF_KEY[key] not in record:
        table["match"].fail(f"`match: {key}` needs the field `{_FIELD_OF_KEY[key]}` in `record`")
    return key


def _read_condition(node: Node) -> Condition:
    table = node.table(words.CONDITION, "word of a condition")
    if "column" not in table or ("is" in table) == ("is_not" in table):
        node.fail("a condition has `column` and one of `is`, `is_not`")
    word = "is" if "is" in table else "is_not"
    return Condition(table["column"].text(), frozenset(table[word].texts()), word == "is_not")


def _check_links(table: Table[str, Node], parts: list[Part]) -> None:
    if any(part.vehicle for part in parts) and not any(part.kind == "vehicles" for part in parts):
        table["persons"].fail("a person's `vehicle` points to `vehicles`, and this mapping has none")
