"""A YAML document whose every part knows its line, read strictly.

In: the text of a mapping document. Out: a `Node` tree; asking a node for what it is not raises BadMapping with
`file:line:column`. Scalars stay text (so that a code `No` or `0012` means what is written), keys may not repeat.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

import yaml

from ingest.errors import BadMapping

MAX_BYTES: Final = 1_000_000
MAX_NODES: Final = 50_000  # aliases repeat nodes: a document of a few lines could otherwise unfold without end


@dataclass(frozen=True, slots=True)
class Node:
    """One part of the document: `node` is PyYAML's, `file` names the document in messages."""

    node: yaml.Node
    file: str

    @property
    def place(self) -> str:
        """`file:line:column`, counted from 1."""
        mark = self.node.start_mark
        return f"{self.file}:{mark.line + 1}:{mark.column + 1}"

    def error(self, message: str) -> BadMapping:
        """What is wrong at this node's place."""
        return BadMapping(f"{self.place}: {message}")

    def fail(self, message: str) -> NoReturn:
        """Raise BadMapping at this node's place."""
        raise self.error(message)

    @property
    def is_text(self) -> bool:
        """Whether this is a single value that is not null."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.tag != "tag:yaml.org,2002:null"

    @property
    def is_list(self) -> bool:
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_table(self) -> bool:
        return isinstance(self.node, yaml.MappingNode)

    def text(self) -> str:
        """The scalar as written."""
        if not self.is_text:
            self.fail("expected a single value here")
        return str(self.node.value)

    def whole(self) -> int:
        """The scalar as a whole number."""
        try:
            return int(self.text())
        except ValueError:
            raise self.error(f"expected a whole number, found `{self.text()}`") from None

    def number(self) -> float:
        """The scalar as a number."""
        try:
            return float(self.text())
        except ValueError:
            raise self.error(f"expected a number, found `{self.text()}`") from None

    def truth(self) -> bool:
        """The scalar as true or false."""
        match self.text():
            case "true":
                return True
            case "false":
                return False
            case other:
                raise self.error(f"expected `true` or `false`, found `{other}`")

    def choice(self, words: Sequence[str], what: str) -> str:
        """The scalar, which must be one of `words`."""
        word = self.text()
        if word not in words:
            self.fail(f"`{word}` is not a {what}{nearest(word, words)}; possible: {', '.join(words)}")
        return word

    def items(self) -> list[Node]:
        """The parts of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail("expected a list here (`- …` or `[…]`)")
        return [Node(child, self.file) for child in self.node.value]

    def texts(self) -> tuple[str, ...]:
        """A list of single values, or one value alone."""
        return (self.text(),) if self.is_text else tuple(child.text() for child in self.items())

    def table(self, words: Iterable[str] | None = None, what: str = "word here") -> dict[str, Node]:
        """The entries of a table by key; with `words` only those keys are permitted."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail("expected a table here (`word: value` lines)")
        known = None if words is None else list(words)
        entries: dict[str, Node] = {}
        for key_node, value_node in self.node.value:
            key = Node(key_node, self.file)
            word = key.text()
            if word in entries:
                key.fail(f"`{word}` stands here twice")
            if known is not None and word not in known:
                key.fail(f"`{word}` is not a {what}{nearest(word, known)}; possible: {', '.join(known)}")
            entries[word] = Node(value_node, self.file)
        return entries


def nearest(word: str, words: Iterable[str]) -> str:
    """` (did you mean …?)`, or nothing when no word is near."""
    found = difflib.get_close_matches(word, list(words), 1, 0.6)
    return f" (did you mean `{found[0]}`?)" if found else ""


def parse(text: str, file: str) -> Node:
    """The document's root. Raises BadMapping for broken YAML, an empty document, or one that unfolds without bound."""
    if len(text) > MAX_BYTES:
        raise BadMapping(f"{file}:1:1: the document is larger than {MAX_BYTES:,} characters")
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"{file}:{mark.line + 1}:{mark.column + 1}" if mark else f"{file}:1:1"
        raise BadMapping(f"{place}: not YAML: {error.problem or error}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise BadMapping(f"{file}:1:1: not YAML: {error}") from None
    if root is None:
        raise BadMapping(f"{file}:1:1: the document is empty")
    for count, _ in enumerate(_walk(root)):
        if count > MAX_NODES:
            raise BadMapping(f"{file}:1:1: the document unfolds to more than {MAX_NODES:,} parts")
    return Node(root, file)


def _walk(root: yaml.Node) -> Iterator[yaml.Node]:
    """Every node, an aliased one as often as it is used (an alias to itself never ends: the caller counts)."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            stack.extend(part for pair in node.value for part in pair)
