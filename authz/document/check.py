"""A document held against the form: YAML nodes in, every mistake reported with its place.

One run reports everything. What passes has only words of the form with values of their kinds, so that the reading needs no
second look.
"""

from __future__ import annotations

import difflib
import re
from datetime import date, datetime
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Report
from authz.document.kinds import (
    DURATION,
    CanaryLine,
    Choice,
    Day,
    Duration,
    Either,
    FieldName,
    Flag,
    Group,
    Instant,
    Kind,
    ListOf,
    Named,
    RowRule,
    Share,
    Text,
    Value,
    Whole,
    described,
)
from authz.document.row_rules import row_rule
from authz.document.source import is_null, place_of, plain_value

_WHOLE: Final = re.compile(r"\A\d{1,12}\Z")
_SHARE: Final = re.compile(r"\A(0|1|0?\.\d{1,6}|1\.0{1,6})\Z")


def check(node: Node, kind: Kind, name: str, report: Report) -> None:
    """Report what in the node does not fit the kind; `name` is how messages call the node."""
    match kind:
        case Group():
            _group(node, kind, name, report)
        case Named(item, noun, _):
            for key, value in _pairs(node, name, report):
                check(value, item, f"the {noun} `{key.value}`", report)
        case ListOf(item, least):
            _list(node, item, least, name, report)
        case Either(choice, other):
            check(node, other if isinstance(node, SequenceNode) else choice, name, report)
        case RowRule():
            row_rule(node, report)
        case CanaryLine():
            _canary(node, report)
        case Value():
            _value(node, name, report)
        case _:
            _scalar(node, kind, name, report)


def _group(node: Node, group: Group, name: str, report: Report) -> None:
    found: dict[str, Node] = {}
    for key, value in _pairs(node, name, report):
        found[str(key.value)] = value
        word = group.word(str(key.value))
        if word is None:
            _unknown(key, group, name, report)
        elif not is_null(value):
            inner = word.kind
            check(value, inner, _named(word.name, inner, name), report)
    for word in group.words:
        if word.required and (word.name not in found or is_null(found[word.name])):
            report.error("MISSING", place_of(node), f"{name} needs the word `{word.name}`: {word.help}")


def _named(word: str, kind: Kind, name: str) -> str:
    return f"`{word}`" if isinstance(kind, Group | Named) else f"`{word}` in {name}"


def _pairs(node: Node, name: str, report: Report) -> list[tuple[Node, Node]]:
    if not isinstance(node, MappingNode):
        report.error("WRONG_KIND", place_of(node), f"{name} is a mapping of words.")
        return []
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, ScalarNode):
            report.error("WRONG_KIND", place_of(key), f"A word of {name} is a text.")
            continue
        spelled = str(key.value).lower()
        if spelled in seen:
            report.error("TWICE", place_of(key), f"`{key.value}` stands twice in {name}: keep one.")
        seen.add(spelled)
    return [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]


def _unknown(key: Node, group: Group, name: str, report: Report) -> None:
    known = [word.name for word in group.words]
    near = difflib.get_close_matches(str(key.value), known, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else f" It has {', '.join(sorted(known))}."
    report.error("UNKNOWN_WORD", place_of(key), f"{name} has no word `{key.value}`.{hint}")


def _list(node: Node, item: Kind, least: int, name: str, report: Report) -> None:
    if not isinstance(node, SequenceNode):
        report.error("WRONG_KIND", place_of(node), f"{name} is a list.")
        return
    if len(node.value) < least:
        report.error("EMPTY", place_of(node), f"{name} needs one item at least.")
    for inner in node.value:
        check(inner, item, f"an item of {name.partition(' in ')[0]}", report)


def _canary(node: Node, report: Report) -> None:
    value = plain_value(node)
    if not (isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value)):
        report.error("CANARY", place_of(node), "A test is [purpose, right, Type.field], e.g. [X, filter:eq, A.b].")


def _value(node: Node, name: str, report: Report) -> None:
    items = node.value if isinstance(node, SequenceNode) else [node]
    for item in items:
        if not isinstance(item, ScalarNode) or is_null(item):
            report.error("WRONG_KIND", place_of(item), f"{name} is {described(Value())}.")


def _scalar(node: Node, kind: Kind, name: str, report: Report) -> None:
    if not isinstance(node, ScalarNode):
        report.error("WRONG_KIND", place_of(node), f"{name} is {described(kind)}.")
    elif not str(node.value).strip():
        report.error("EMPTY", place_of(node), f"{name} is empty.")
    elif not _fits(str(node.value), kind):
        hint = ""
        if isinstance(kind, Choice):
            near = difflib.get_close_matches(str(node.value), kind.choices, n=1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
        report.error("WRONG_KIND", place_of(node), f"{name} is {described(kind)}, not {node.value}.{hint}")


def _fits(text: str, kind: Kind) -> bool:
    match kind:
        case Text(pattern):
            return pattern is None or re.fullmatch(pattern, text) is not None
        case Whole(least):
            return _WHOLE.match(text) is not None and int(text) >= least
        case Share():
            return _SHARE.match(text) is not None
        case Flag():
            return text in ("true", "false")
        case Choice(choices):
            return text in choices
        case Duration():
            return DURATION.match(text) is not None
        case Instant():
            return _is_instant(text)
        case Day():
            return _is_day(text)
        case _:
            assert isinstance(kind, FieldName)
            return True


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
