"""Reads what a mapping says about one value.

In: a node of the document and the kind of field it is for. Out: a `Value`. Everything that can be known without a journal is
checked here: words, patterns, forms, zones, and that every code means something that the field can hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, cast

from ingest.faults import Refused
from ingest.mapping import words
from ingest.mapping.document import (
    Clock,
    CodeList,
    Column,
    Constant,
    Day,
    First,
    Joined,
    Moment,
    NumberForm,
    Position,
    Refined,
    Value,
)
from ingest.mapping.nodes import Node, nearest
from ingest.values.leaf import TEXT, WHOLE, Leaf, converted
from ingest.values.times import ISO, UNIX, zone_of


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for all values of a document: texts that mean nothing, code lists by name, the clock, the fields read so
    far.
    """

    empty: frozenset[str]
    lists: Table[str, CodeList]
    clock: Clock | None
    fields: tuple[str, ...] = ()
    columns: frozenset[str] | None = None


def read_value(node: Node, leaf: Leaf, setting: Setting) -> Value:
    """The value that `node` describes, for a field of kind `leaf`. Raises BadMapping."""
    if node.is_text:
        name = node.text()
        if leaf.kind in ("moment", "day"):
            node.fail(f"a {'time' if leaf.kind == 'moment' else 'date'} needs `{_word(leaf)}: {{text: {name}, form: …}}`")
        return Position() if name == words.POSITION else _checked_column(node, name, setting)
    if not node.is_table:
        node.fail("expected the name of a column, or a table such as `{column: …, codes: …}`")
    table = node.table((*words.SOURCES, *words.REFINEMENTS, *words.BESIDE_JOIN), "word of a value")
    sources = [word for word in words.SOURCES if word in table]
    if len(sources) != 1:
        node.fail(f"a value has exactly one of {', '.join(words.SOURCES)}; this one has {', '.join(sources) or 'none'}")
    if "with" in table and sources[0] != "join":
        table["with"].fail("`with` stands beside `join`")
    _check_refinements(table, sources[0])
    refined = "codes" in table or "pattern" in table or "number" in table
    source = _read_source(sources[0], table, TEXT if refined else leaf, setting)
    return _refine(source, table, leaf, setting)


def _checked_column(node: Node, name: str, setting: Setting) -> Column:
    if not name or name.startswith("$"):
        node.fail(f"`{name}` is not the name of a column{nearest(name, (words.POSITION,))}")
    return Column(name, setting.empty)


def _word(leaf: Leaf) -> str:
    return "moment" if leaf.kind == "moment" else "date"


def _check_refinements(table: Table[str, Node], source: str) -> None:
    """Times and choices take no cleaning of their own: their parts do."""
    if source in ("moment", "date", "first"):
        for word in words.REFINEMENTS:
            if word in table and word != "required":
                table[word].fail(f"`{word}` does not go with `{source}`: put it on the values inside")
    if "otherwise" in table and "codes" not in table:
        table["otherwise"].fail("`otherwise` goes with `codes`")


def _read_source(word: str, table: Table[str, Node], leaf: Leaf, setting: Setting) -> Value:
    node = table[word]
    match word:
        case "column":
            if leaf.kind in ("moment", "day"):
                node.fail(
                    f"a {'time' if leaf.kind == 'moment' else 'date'} needs `{_word(leaf)}: {{text: {node.text()}, form: …}}`"
                )
            own = frozenset(table["empty"].texts()) if "empty" in table else setting.empty
            name = node.text()
            return Position() if name == words.POSITION else replace(_checked_column(node, name, setting), empty=own)
        case "value":
            check_word(node, node.text(), leaf)
            return Constant(node.text())
        case "join":
            separator = table["with"].text() if "with" in table else " "
            return Joined(tuple(read_value(part, TEXT, setting) for part in node.items()), separator)
        case "first":
            return First(tuple(read_value(part, leaf, setting) for part in node.items()))
        case "moment":
            if leaf.kind not in ("moment", "text"):
                node.fail(f"this field takes a {leaf.kind} value, not a time")
            return _read_moment(node, setting)
        case _:
            if leaf.kind not in ("day", "text"):
                node.fail(f"this field takes a {leaf.kind} value, not a date")
            return _read_day(node, setting)


def check_word(node: Node, text: str, leaf: Leaf) -> None:
    """Fail at `node` when a fixed text is not among the words that the field can hold."""
    if leaf.kind == "enum" and text not in leaf.words:
        node.fail(f"`{text}` is not in {leaf.list_name}{nearest(text, leaf.words)}; possible: {', '.join(leaf.words)}")
    try:
        converted(text, leaf)
    except Refused as refused:
        node.fail(f"`{text}`: {refused.fault.message()}")


def _refine(source: Value, table: Table[str, Node], leaf: Leaf, setting: Setting) -> Value:
    refined = Refined(source)
    if "pattern" in table:
        refined = replace(refined, pattern=_read_pattern(table["pattern"]))
    if "codes" in table:
        refined = replace(refined, codes=_read_codes(table["codes"], leaf, setting))
    if "otherwise" in table:
        if table["otherwise"].text():
            check_word(table["otherwise"], table["otherwise"].text(), leaf)
        refined = replace(refined, otherwise=table["otherwise"].text())
    if "number" in table:
        refined = replace(refined, number=read_number_form(table["number"]))
    if "default" in table:
        check_word(table["default"], table["default"].text(), leaf)
        refined = replace(refined, default=table["default"].text())
    if "required" in table:
        refined = replace(refined, required=table["required"].truth())
    return source if refined == Refined(source) else refined


def _read_pattern(node: Node) -> str:
    try:
        pattern = re.compile(node.text())
    except re.error as error:
        node.fail(f"not a regular expression: {error}")
    if pattern.groups > 1:
        node.fail(f"a pattern has at most one group, the part to keep; this one has {pattern.groups}")
    return pattern.pattern


def _read_codes(node: Node, leaf: Leaf, setting: Setting) -> CodeList:
    if node.is_text:
        name = node.text()
        if name not in setting.lists:
            node.fail(
                f"there is no code list `{name}`{nearest(name, setting.lists)}; "
                f"`codes` at the top holds: {', '.join(setting.lists)}"
            )
        codes = setting.lists[name]
        for code, word in codes.codes.items():
            if word:
                check_word(node, word, replace(leaf, list_name=f"{leaf.list_name} (code `{code}`)"))
        return codes
    entries = node.table()
    for word_node in entries.values():
        if word_node.text():
            check_word(word_node, word_node.text(), leaf)
    return CodeList("codes", {code: word.text() for code, word in entries.items()})


def read_number_form(node: Node) -> NumberForm:
    """How a number is written, from the table after `number`."""
    table = node.table(words.NUMBER, "word of `number`")
    form = NumberForm(
        decimal=table["decimal"].text() if "decimal" in table else ".",
        thousands=table["thousands"].text() if "thousands" in table else "",
        low=table["min"].number() if "min" in table else None,
        high=table["max"].number() if "max" in table else None,
        unscale=table["unscale"].number() if "unscale" in table else None,
        whole=table["whole"].truth() if "whole" in table else False,
    )
    if form.unscale is not None and (form.unscale <= 0 or (form.low is None and form.high is None)):
        table["unscale"].fail("`unscale` is a positive number and needs `min` or `max`: it applies to numbers outside them")
    if form.low is not None and form.high is not None and form.low > form.high:
        table["min"].fail("`min` is larger than `max`")
    if form.decimal == form.thousands or len(form.decimal) != 1 or form.decimal.isdigit():
        node.fail("`decimal` is one character, not a digit, and not that of `thousands`")
    return form


def read_clock(table: Table[str, Node], setting: Setting) -> Clock | None:
    """The zone and the rules for the two nights, with what the document says where the table is silent."""
    base = setting.clock
    if "zone" in table:
        zone = _read_zone(table["zone"], setting)
    elif base is not None:
        zone = base.zone
    else:
        return None
    ambiguous = (
        table["ambiguous"].choice(words.AMBIGUOUS, "rule") if "ambiguous" in table else base.ambiguous if base else "earlier"
    )
    gap = table["gap"].choice(words.GAP, "rule") if "gap" in table else base.gap if base else "refuse"
    return Clock(zone, cast("Literal['earlier', 'later', 'refuse']", ambiguous), cast("Literal['refuse', 'later']", gap))


def _read_zone(node: Node, setting: Setting) -> Value:
    """A zone is named as it is (`Europe/Riga`), or read from a column by a table."""
    zone: Value = Constant(node.text()) if node.is_text else read_value(node, TEXT, setting)
    names = (
        [zone.text]
        if isinstance(zone, Constant)
        else list(zone.codes.codes.values())
        if isinstance(zone, Refined) and zone.codes
        else []
    )
    for name in names:
        try:
            zone_of(name)
        except Refused:
            node.fail(f"`{name}` is not a time zone of the IANA list, such as Europe/Riga")
    return zone


def _read_moment(node: Node, setting: Setting) -> Moment:
    table = node.table(words.MOMENT, "word of `moment`")
    clock = read_clock(table, setting)
    if clock is None:
        node.fail("which time zone? Say `zone: Europe/Riga` here or at the top of the document")
    parts, text, form = _read_written(node, table, (*words.DATE_PARTS, *words.TIME_PARTS), setting)
    near = table["near"].text() if "near" in table else None
    if near is not None and ("." in near or near not in setting.fields):
        table["near"].fail(
            f"`{near}` is not an undotted time field of the event that stands above{nearest(near, setting.fields)}"
        )
    plus = table["plus"].table(words.PLUS, "unit") if "plus" in table else {}
    return Moment(parts, text, form, clock, near, timedelta(**{unit: amount.number() for unit, amount in plus.items()}))


def _read_day(node: Node, setting: Setting) -> Day:
    table = node.table(words.DATE, "word of `date`")
    return Day(*_read_written(node, table, words.DATE_PARTS, setting))


def _read_written(
    node: Node, table: Table[str, Node], names: tuple[str, ...], setting: Setting
) -> tuple[dict[str, Value], Value | None, str | None]:
    """A time either by its parts or by one text and its form."""
    parts = {name: read_value(table[name], WHOLE, setting) for name in names if name in table}
    if any(isinstance(part, Position) for part in parts.values()):
        node.fail(f"`{words.POSITION}` is not a part of a time")
    if "text" in table:
        if parts:
            node.fail("either `text` and `form`, or the parts `year`, `month`, …")
        form = table["form"].text() if "form" in table else ISO
        if form not in (ISO, UNIX):
            _check_form(table["form"], form)
        return {}, read_value(table["text"], TEXT, setting), form
    if "year" not in parts:
        node.fail("a time needs `year`, or `text` with `form`")
    return parts, None, None


def _check_form(node: Node, form: str) -> None:
    moment = datetime(2020, 11, 22, 13, 44, 55, tzinfo=UTC)
    try:
        datetime.strptime(moment.strftime(form), form)  # noqa: DTZ007  only the form is tried
    except ValueError as error:
        node.fail(f"`{form}` is not a form of a time ({error}); say `iso`, `unix`, or such as `%d.%m.%Y %H:%M`")
    if "%" not in form:
        node.fail(f"`{form}` holds no directive such as `%Y`; say `iso`, `unix`, or such as `%d.%m.%Y %H:%M`")
