"""What a word of the contract form takes: kinds of values, as data.

The form (`form.py`) is a tree of these. The check, the JSON Schema for editors and the starter are all made from it, so they
cannot say different things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias

DURATION: Final = re.compile(r"\A[1-9]\d{0,5}(s|m|h|d|w|y)\Z")
FIELD: Final = re.compile(r"\A(@[\w\-.]+|[A-Za-z_]\w*\.(\*|[A-Za-z_]\w*|\{[\w\s,]+\}))\Z")


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text; `pattern` is what the whole of it matches, `form` how to say that."""

    pattern: str | None = None
    form: str = "a text"


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number of at least `least`."""

    least: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A number from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`; absent is false."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; the first stands where it is absent."""

    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duration:
    """A number and its unit: 30s, 5m, 8h, 1d, 2w, 1y."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A date and time with its offset."""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class FieldName:
    """`Type.field`, `Type.{a, b}`, `Type.*` or `@bundle`. Whether the form fits is for lint, which knows where it stands."""


@dataclass(frozen=True, slots=True)
class RowRule:
    """`all`, `none`, or an expression over row attributes (`row_rules.py`)."""


@dataclass(frozen=True, slots=True)
class CanaryLine:
    """`[purpose, right, Type.field]`."""


@dataclass(frozen=True, slots=True)
class Value:
    """A text, a number, true or false, or a list of those."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list with at least `least` items."""

    item: Kind
    least: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """A mapping whose words are names of the author's choosing; `noun` is what they name, `name` an example of one."""

    item: Kind
    noun: str
    name: str


@dataclass(frozen=True, slots=True)
class Either:
    """A word of `choice`, or a list."""

    choice: Choice
    other: ListOf


@dataclass(frozen=True, slots=True)
class FormWord:
    """One word of a group: what it takes and what it means (one line).

    A starter writes `example` (YAML) as it stands, and `hint` as a comment: a word that not every contract needs.
    """

    name: str
    kind: Kind
    help: str
    required: bool = False
    example: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping with exactly these words."""

    words: tuple[FormWord, ...]

    def word(self, name: str) -> FormWord | None:
        """The word of that name, if the group has it."""
        return next((word for word in self.words if word.name == name), None)


Kind: TypeAlias = (
    Text
    | Whole
    | Share
    | Flag
    | Choice
    | Duration
    | Instant
    | Day
    | FieldName
    | RowRule
    | CanaryLine
    | Value
    | ListOf
    | Named
    | Either
    | Group
)


_SAID: Final[dict[type, str]] = {
    Share: "a number from 0 to 1",
    Flag: "true or false",
    Duration: "a duration like 60s, 8h, 1d or 1y",
    Instant: "an instant with its offset like 2026-01-01T00:00:00Z",
    Day: "a date like 2026-07-01",
    FieldName: "a field: `Type.field`, `Type.{a, b}`, `Type.*` or `@bundle`",
    RowRule: "a row rule",
    CanaryLine: "[purpose, right, Type.field]",
    Value: "a text, a number, true or false, or a list of those",
    ListOf: "a list",
    Named: "a mapping",
    Group: "a mapping",
}


def described(kind: Kind) -> str:
    """The kind in words, as messages say it."""
    match kind:
        case Text():
            return kind.form
        case Whole(least):
            return f"a whole number of at least {least}"
        case Choice(choices):
            return f"one of {', '.join(choices)}"
        case Either(choice):
            return f"{described(choice)}, or a list"
        case _:
            return _SAID[type(kind)]
