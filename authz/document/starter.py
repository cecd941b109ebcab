"""A new contract to begin with: every word of the form with its meaning beside it.

In: ids and a title. Out: YAML that reads and lints without errors against the shipped graph. Words that not every contract
needs stand there as comments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from authz.document.form import FORM
from authz.document.json_schema import EDITOR_LINE
from authz.document.kinds import FormWord, Group, Kind, ListOf, Named

_COLUMN: Final = 46
_OFFERED: Final = frozenset(("clients", "schema", "masks", "quotas", "assurance", "break_glass"))
"""What one begins without: these stand as comments."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What the starter is for. `schema_path` is the path of the JSON Schema from where the document will lie."""

    id: str
    title: str
    agency: str
    agency_name: str
    begins: datetime
    schema_path: str


def starter(draft: Draft) -> str:
    """The document."""
    ends = draft.begins + timedelta(days=365)
    given = {
        "metadata.id": draft.id,
        "metadata.title": _quoted(draft.title),
        "consumer.id": draft.agency,
        "consumer.name": _quoted(draft.agency_name),
        "validity.not_before": draft.begins.strftime("%Y-%m-%dT00:00:00Z"),
        "validity.not_after": ends.strftime("%Y-%m-%dT00:00:00Z"),
        "validity.review_by": (ends - timedelta(days=90)).strftime("%Y-%m-%d"),
    }
    lines = [
        f"{EDITOR_LINE}{draft.schema_path}",
        "# A cooperation contract. What is not granted here is denied. `saite contract lint FILE` checks it.",
    ]
    for word in FORM.words:
        if word.name in _OFFERED:
            lines.extend(_written(word, "", "# ", given))
        elif word.name != "signatures":
            lines.extend(_written(word, "", "", given))
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _written(word: FormWord, parent: str, indent: str, given: Mapping[str, str]) -> Iterator[str]:
    """The word's lines: itself with its meaning beside it, or what is inside it below."""
    value = given.get(f"{parent}.{word.name}", word.example)
    if value is None and word.hint:
        value, indent = word.hint, indent if indent.startswith("#") else f"{indent}# "
    if value is not None:
        yield f"{indent + word.name + ': ' + value:<{_COLUMN}}  # {word.help}"
        return
    yield f"{indent + word.name + ':':<{_COLUMN}}  # {word.help}"
    yield from _inside(word.kind, word.name, f"{indent}  ", given)


def _inside(kind: Kind, name: str, indent: str, given: Mapping[str, str]) -> Iterator[str]:
    match kind:
        case Group(words):
            for word in words:
                yield from _written(word, name, indent, given)
        case Named(item, _, example):
            yield f"{indent}{example}:"
            yield from _inside(item, name, f"{indent}  ", given)
        case ListOf(Group(words)):
            item_lines = [line for word in words for line in _written(word, name, f"{indent}  ", given)]
            yield item_lines[0].replace(f"{indent}  ", f"{indent}- ", 1)
            yield from item_lines[1:]
