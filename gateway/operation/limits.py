"""How large an operation may be, checked on the parsed document before validation, because validation can cost far more
than parsing (400 overlapping fields in 2 kB take half a second).

In: a document. Out: nothing, or LimitExceeded with what, how much, and how much is allowed.
Source of the numbers: measured with graphql-core 3.3, see docs/server.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from gateway.operation.errors import LimitExceeded


@dataclass(frozen=True, slots=True)
class Limits:
    """The size of an operation. `fields` counts fields with every fragment opened; introspection has its own depth rule."""

    source_bytes: int = 64 * 1024
    tokens: int = 2_000
    comments: int = 100
    depth: int = 12
    aliases: int = 30
    root_fields: int = 20
    fields_per_selection: int = 100
    same_response_key: int = 20
    fragments: int = 50
    directives: int = 50
    fields: int = 10_000


@dataclass(slots=True)
class _Size:
    """What one selection set comes to when its fragments are opened."""

    depth: int = 0
    fields: int = 0
    width: int = 0


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Raise LimitExceeded when the document exceeds a limit."""
    _Measure(document, limits).check()


class _Measure:
    def __init__(self, document: DocumentNode, limits: Limits) -> None:
        self._limits = limits
        self._operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
        self._fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
        self._sizes: dict[str, _Size | None] = {}
        self._aliases = 0
        self._directives = 0

    def check(self) -> None:
        limits = self._limits
        _at_most("fragments", len(self._fragments), limits.fragments)
        for fragment in self._fragments.values():
            self._directives += len(fragment.directives or ())
            self._of_fragment(fragment.name.value)
        for operation in self._operations:
            self._directives += len(operation.directives or ())
            size = self._of(operation.selection_set)
            _at_most("root fields", size.width, limits.root_fields)
            _at_most("levels of depth", size.depth, limits.depth)
            _at_most("fields", size.fields, limits.fields)
        _at_most("aliases", self._aliases, limits.aliases)
        _at_most("directives", self._directives, limits.directives)

    def _of(self, selections: SelectionSetNode) -> _Size:
        size = _Size()
        keys: Counter[str] = Counter()
        for node in selections.selections:
            self._directives += len(node.directives or ())
            self._add(size, node, keys)
        _at_most("fields in one selection", len(selections.selections), self._limits.fields_per_selection)
        if keys:
            key, times = keys.most_common(1)[0]
            _at_most(f"selections of {key!r} at one place", times, self._limits.same_response_key)
        return size

    def _add(self, size: _Size, node: SelectionNode, keys: Counter[str]) -> None:
        match node:
            case FieldNode():
                keys[(node.alias or node.name).value] += 1
                self._aliases += node.alias is not None
                below = self._of(node.selection_set) if node.selection_set is not None else _Size()
                if node.name.value in ("__schema", "__type"):
                    below = _Size()  # MaxIntrospectionDepthRule knows better what may nest there
                size.depth = max(size.depth, below.depth + 1)
                size.fields += below.fields + 1
                size.width += 1
            case InlineFragmentNode():
                _join(size, self._of(node.selection_set))
            case FragmentSpreadNode():
                _join(size, self._of_fragment(node.name.value))
        _at_most("fields", size.fields, self._limits.fields)

    def _of_fragment(self, name: str) -> _Size:
        """Measured once per fragment; a cycle or an unknown name counts nothing here and fails validation."""
        if name not in self._sizes:
            fragment = self._fragments.get(name)
            self._sizes[name] = None
            self._sizes[name] = self._of(fragment.selection_set) if fragment is not None else _Size()
        return self._sizes[name] or _Size()


def _join(size: _Size, part: _Size) -> None:
    size.depth = max(size.depth, part.depth)
    size.fields += part.fields
    size.width += part.width


def _at_most(what: str, count: int, allowed: int) -> None:
    if count > allowed:
        raise LimitExceeded(
            f"The operation has {count} {what}; at most {allowed} are allowed. Split it into smaller operations."
        )
