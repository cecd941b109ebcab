"""What an oracle run is about: subgraphs with data behind them, and an operation. Everything is text and plain values, so that
a world can be printed, shrunk and pasted into a regression test.

In: nothing. Out: `World`, `Case`, and `Ref`, the reference that stands for an object in the data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import DirectiveNode, ListTypeNode, NonNullTypeNode, TypeNode, value_from_ast_untyped


@dataclass(frozen=True, slots=True)
class Ref:
    """The object in row `row` of the table of `type`. Tables hold references where a field returns objects."""

    type: str
    row: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A value that is the number of mutations run so far."""


Row = Mapping[str, object]
Tables = Mapping[str, Sequence[Row]]
Failing = frozenset[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class World:
    """`subgraphs`: name → SDL. `tables`: object type (value types and root types too) → rows. `schema`: the one schema that the
    subgraphs are parts of, with `@inaccessible` on what clients may not see; empty: whatever they compose to. `failing`: (type,
    field, row) whose resolver raises.
    """

    subgraphs: Mapping[str, str]
    tables: Tables
    schema: str = ""
    failing: Failing = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One operation on a world. `labels` are the override labels that are on."""

    world: World
    query: str
    variables: Mapping[str, object] = field(default_factory=dict)
    labels: frozenset[str] = frozenset()


def named(node: TypeNode) -> str:
    """The name inside lists and non-nulls."""
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    name: str = node.name.value  # type: ignore[attr-defined]  # what is left is a named type
    return name


def argument(directive: DirectiveNode, name: str) -> Any:
    """The value of a directive's argument, None when it is not given."""
    return next((value_from_ast_untyped(one.value) for one in directive.arguments or () if one.name.value == name), None)
