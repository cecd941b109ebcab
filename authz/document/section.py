"""One mapping of a document that was held against the form: its words by name, as Python values.

Nothing is judged here (`check.py` did). A word that is absent is None, empty, or the form's default; asking for a word that the
form does not have is a fault of this program and raises KeyError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from authz.document.findings import Place
from authz.document.kinds import Choice, Group
from authz.document.model import Word
from authz.document.source import is_null, place_of, plain_value

_BRACES: Final = re.compile(r"\A([A-Za-z_]\w*)\.\{([\w\s,]+)\}\Z")


class Section:
    """Reads one mapping by the words of its group; without a node every word is absent."""

    def __init__(self, node: Node | None, group: Group, at: Place) -> None:
        self.at = at if node is None else place_of(node)
        self._group = group
        self._nodes: dict[str, Node] = {}
        self._places: dict[str, Place] = {}
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self._places[str(key.value)] = place_of(key)
                if not is_null(value):
                    self._nodes[str(key.value)] = value

    def node(self, word: str) -> Node | None:
        """The word's value."""
        if self._group.word(word) is None:
            raise KeyError(word)
        return self._nodes.get(word)

    def place(self, word: str) -> Place:
        """Where the word stands; where the section begins when it does not."""
        return self._places.get(word, self.at)

    def maybe(self, word: str) -> str | None:
        """The text, or None."""
        node = self.node(word)
        return None if node is None else str(node.value)

    def text(self, word: str) -> str:
        """The text; empty when absent."""
        return self.maybe(word) or ""

    def whole(self, word: str) -> int | None:
        text = self.maybe(word)
        return None if text is None else int(text)

    def share(self, word: str) -> float | None:
        text = self.maybe(word)
        return None if text is None else float(text)

    def flag(self, word: str) -> bool:
        return self.maybe(word) == "true"

    def choice(self, word: str) -> str:
        """The chosen word; the first of the form's choices when absent."""
        text = self.maybe(word)
        if text is not None:
            return text
        found = self._group.word(word)
        assert found is not None
        assert isinstance(found.kind, Choice)
        return found.kind.choices[0]

    def moment(self, word: str) -> datetime:
        return datetime.fromisoformat(self.text(word)).astimezone(UTC)

    def day(self, word: str) -> date | None:
        text = self.maybe(word)
        return None if text is None else date.fromisoformat(text)

    def items(self, word: str) -> tuple[Node, ...]:
        """The list's items; none when it is absent."""
        node = self.node(word)
        return tuple(node.value) if isinstance(node, SequenceNode) else ()

    def texts(self, word: str) -> tuple[str, ...]:
        """A list of texts as they stand."""
        return tuple(str(item.value) for item in self.items(word))

    def words(self, word: str) -> tuple[Word, ...]:
        """A list of names with their places; `Vehicle.{make, model}` is two names."""
        return words_of(self.node(word))

    def section(self, word: str, group: Group) -> Section:
        """The mapping under the word."""
        return Section(self.node(word), group, self.place(word))

    def sections(self, word: str, group: Group) -> tuple[Section, ...]:
        """The mappings of the list under the word."""
        return tuple(Section(item, group, place_of(item)) for item in self.items(word))

    def entries(self, word: str) -> Iterator[tuple[str, Place, Node]]:
        """The words of a mapping whose words are names of the author's choosing, with place and value."""
        node = self.node(word)
        for key, value in node.value if isinstance(node, MappingNode) else ():
            yield str(key.value), place_of(key), value

    def plain(self, word: str) -> object:
        """The value as JSON values."""
        node = self.node(word)
        return None if node is None else plain_value(node)


def words_of(node: Node | None) -> tuple[Word, ...]:
    """The names in a list node, unfolded."""
    items = node.value if isinstance(node, SequenceNode) else ()
    return tuple(
        Word(name, place_of(item)) for item in items if isinstance(item, ScalarNode) for name in unfolded(str(item.value))
    )


def unfolded(text: str) -> tuple[str, ...]:
    """`Vehicle.{make, model}` as two names, anything else as it is.

    >>> unfolded("Vehicle.{make, model}")
    ('Vehicle.make', 'Vehicle.model')
    """
    match = _BRACES.match(text)
    if match is None:
        return (text,)
    return tuple(f"{match[1]}.{name.strip()}" for name in match[2].split(",") if name.strip())
