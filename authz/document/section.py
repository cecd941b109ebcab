"""One mapping of a document, read word by word.

Every word is asked for by name and kind. A wrong value is reported and a neutral one stands in, so that one run reports
everything; `close` reports the words that nobody asked for, with the nearest known one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Report
from authz.document.model import Word
from authz.document.source import line_of, plain_value

_DURATION: Final = re.compile(r"\A[1-9]\d{0,5}(s|m|h|d|w|y)\Z")
_BRACES: Final = re.compile(r"\A([A-Za-z_]\w*)\.\{([\w\s,]+)\}\Z")


class Section:
    """Reads one mapping; without one (the word is absent) every word of it is absent too."""

    def __init__(self, node: Node | None, name: str, report: Report, line: int = 1) -> None:
        self.name = name
        self.report = report
        self.line = line_of(node) if node is not None else line
        self._asked: list[str] = []
        self._values: dict[str, tuple[int, Node]] = {}
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self._take(str(key.value), line_of(key), value)
        elif node is not None:
            report.error("WRONG_KIND", self.line, f"{name} is a mapping of words.")

    def _take(self, word: str, line: int, value: Node) -> None:
        if any(word.lower() == known.lower() for known in self._values):
            self.report.error("TWICE", line, f"`{word}` stands twice in {self.name}: keep one.")
        self._values[word] = (line, value)

    def __contains__(self, word: str) -> bool:
        return word in self._values

    def line_at(self, word: str) -> int:
        """Where the word stands; the section's own line when it does not."""
        return self._values[word][0] if word in self._values else self.line

    def node(self, word: str, *, required: bool = False) -> Node | None:
        """The word's value, or None (a finding, when it is required)."""
        self._asked.append(word)
        if word in self._values:
            return self._values[word][1]
        if required:
            self.report.error("MISSING", self.line, f"{self.name} needs the word `{word}`.")
        return None

    def _scalar(self, word: str, kind: str, *, required: bool = False) -> str | None:
        node = self.node(word, required=required)
        if node is None or (isinstance(node, ScalarNode) and str(node.tag).endswith(":null")):
            return None
        if isinstance(node, ScalarNode):
            return str(node.value)
        self._wrong(word, kind)
        return None

    def _wrong(self, word: str, kind: str) -> None:
        self.report.error("WRONG_KIND", self.line_at(word), f"`{word}` in {self.name} is {kind}.")

    def required_text(self, word: str) -> str:
        """A text that must be there and not be empty."""
        value = self._scalar(word, "a text", required=True)
        if value is not None and not value.strip():
            self.report.error("EMPTY", self.line_at(word), f"`{word}` in {self.name} is empty.")
        return value or ""

    def text(self, word: str) -> str | None:
        return self._scalar(word, "a text")

    def integer(self, word: str, *, least: int = 0, required: bool = False) -> int | None:
        """A whole number of at least `least`."""
        value = self._scalar(word, "a whole number", required=required)
        if value is None:
            return None
        if not re.fullmatch(r"\d{1,12}", value) or int(value) < least:
            self._wrong(word, f"a whole number of at least {least}, not {value}")
            return None
        return int(value)

    def number(self, word: str) -> float | None:
        value = self._scalar(word, "a number")
        try:
            return None if value is None else float(value)
        except ValueError:
            self._wrong(word, f"a number, not {value}")
            return None

    def flag(self, word: str) -> bool:
        """True or false; false when absent."""
        value = self._scalar(word, "true or false")
        if value not in (None, "true", "false"):
            self._wrong(word, f"true or false, not {value}")
        return value == "true"

    def choice(self, word: str, choices: tuple[str, ...], default: str) -> str:
        value = self._scalar(word, "a text")
        if value is None:
            return default
        if value not in choices:
            self._wrong(word, f"one of {', '.join(choices)}, not {value}")
            return default
        return value

    def duration(self, word: str) -> str | None:
        """A number and its unit: 30s, 5m, 8h, 1d, 2w, 1y."""
        value = self._scalar(word, "a duration")
        if value is not None and not _DURATION.match(value):
            self._wrong(word, f"a duration like 60s, 8h, 1d or 1y, not {value}")
            return None
        return value

    def moment(self, word: str) -> datetime:
        """An instant with its offset, required."""
        value = self._scalar(word, "an instant", required=True)
        try:
            found = datetime.fromisoformat(value or "")
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            if value is not None:
                self._wrong(word, f"an instant with its offset like 2026-01-01T00:00:00Z, not {value}")
            return datetime.min.replace(tzinfo=UTC)
        return found.astimezone(UTC)

    def day(self, word: str, *, required: bool = False) -> date | None:
        value = self._scalar(word, "a date", required=required)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError:
            self._wrong(word, f"a date like 2026-07-01, not {value}")
            return None

    def items(self, word: str) -> tuple[Node, ...]:
        """The list's items; none when the word is absent."""
        node = self.node(word)
        if node is None:
            return ()
        if isinstance(node, SequenceNode):
            return tuple(node.value)
        self._wrong(word, "a list")
        return ()

    def words(self, word: str) -> tuple[Word, ...]:
        """A list of names with their lines; `Vehicle.{make, model}` is two names."""
        found: list[Word] = []
        for item in self.items(word):
            if isinstance(item, ScalarNode):
                found.extend(Word(name, line_of(item)) for name in unfolded(str(item.value)))
            else:
                self.report.error("WRONG_KIND", line_of(item), f"`{word}` in {self.name} is a list of names.")
        return tuple(found)

    def texts(self, word: str) -> tuple[str, ...]:
        """A list of texts as they stand."""
        found = [str(item.value) for item in self.items(word) if isinstance(item, ScalarNode)]
        if len(found) != len(self.items(word)):
            self._wrong(word, "a list of texts")
        return tuple(found)

    def section(self, word: str, *, required: bool = False) -> Section:
        """The mapping under the word."""
        return Section(self.node(word, required=required), f"`{word}`", self.report, self.line_at(word))

    def sections(self, word: str) -> tuple[Section, ...]:
        """The mappings of the list under the word."""
        return tuple(Section(item, f"an item of `{word}`", self.report) for item in self.items(word))

    def entries(self) -> Iterator[tuple[str, int, Node]]:
        """Every word of a mapping whose words are names of the author's choosing, with line and value."""
        for name, (line, node) in self._values.items():
            self._asked.append(name)
            yield name, line, node

    def plain(self, word: str) -> object:
        """The value as JSON values."""
        node = self.node(word)
        return None if node is None else plain_value(node)

    def close(self) -> None:
        """Report the words that this section does not have."""
        known = set(self._asked)
        for word, (line, _) in self._values.items():
            if word not in known:
                near = difflib.get_close_matches(word, known, n=1)
                hint = f" Did you mean `{near[0]}`?" if near else f" It has {', '.join(sorted(known))}."
                self.report.error("UNKNOWN_WORD", line, f"{self.name} has no word `{word}`.{hint}")


def unfolded(text: str) -> tuple[str, ...]:
    """`Vehicle.{make, model}` as two names, anything else as it is.

    >>> unfolded("Vehicle.{make, model}")
    ('Vehicle.make', 'Vehicle.model')
    """
    match = _BRACES.match(text)
    if match is None:
        return (text,)
    return tuple(f"{match[1]}.{name.strip()}" for name in match[2].split(",") if name.strip())
