"""Which response keys a fetch answers at its own level: where an error goes when the whole answer is missing.

In: the selection set of the root, or of `_entities`. Out: an `Expected` that names, for a type and the request's Boolean
variables, the keys under which the client's data waits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
)

from gateway.planning.plan import OnTypes, RenameKey


@dataclass(frozen=True, slots=True)
class _Guard:
    variable: str
    value: bool


@dataclass(frozen=True, slots=True)
class _ExpectedKey:
    key: str
    field: str
    types: tuple[frozenset[str], ...]
    guards: tuple[_Guard, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """The keys of one level, in the order of the fetch's text."""

    _keys: tuple[_ExpectedKey, ...]

    def keys(self, typename: str | None, variables: Mapping[str, object]) -> tuple[str, ...]:
        """The keys that an object of `typename` (None: the root) has, without `__typename`."""
        found = (
            expected.key
            for expected in self._keys
            if (typename is None or all(typename in names for names in expected.types))
            and all(variables.get(guard.variable) is guard.value for guard in expected.guards)
        )
        return tuple(dict.fromkeys(found))

    def keys_of(self, fields: Collection[str]) -> frozenset[str]:
        """The keys under which `fields` are answered."""
        return frozenset(expected.key for expected in self._keys if expected.field in fields)


def expected_of(
    selections: SelectionSetNode,
    document: DocumentNode,
    rewrites: tuple[RenameKey, ...],
    members: Mapping[str, frozenset[str]],
) -> Expected:
    """Read the keys of `selections`; `members` are the possible types of each abstract type.

    A key is named as it is after `rewrites`.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    renamed = {rewrite.source: rewrite.name for rewrite in rewrites if all(isinstance(step, OnTypes) for step in rewrite.path)}
    keys = (
        _ExpectedKey(renamed.get(found.key, found.key), found.field, found.types, found.guards)
        for found in _level(selections, fragments, members, (), ())
        if found.key != "__typename"
    )
    return Expected(tuple(keys))


def _level(
    selections: SelectionSetNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    members: Mapping[str, frozenset[str]],
    types: tuple[frozenset[str], ...],
    guards: tuple[_Guard, ...],
) -> Iterator[_ExpectedKey]:
    for node in selections.selections:
        own = _guards(node)
        if own is None:
            continue
        here = (*guards, *own)
        match node:
            case FieldNode():
                yield _ExpectedKey((node.alias or node.name).value, node.name.value, types, here)
            case InlineFragmentNode():
                narrowed = types if node.type_condition is None else (*types, _names(node.type_condition.name.value, members))
                yield from _level(node.selection_set, fragments, members, narrowed, here)
            case FragmentSpreadNode():
                fragment = fragments[node.name.value]
                narrowed = (*types, _names(fragment.type_condition.name.value, members))
                yield from _level(fragment.selection_set, fragments, members, narrowed, here)


def _names(condition: str, members: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return members.get(condition, frozenset()) | {condition}


def _guards(node: SelectionNode) -> tuple[_Guard, ...] | None:
    """The variables that @skip and @include ask for; None when a literal leaves the node out."""
    guards: list[_Guard] = []
    for directive in node.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        if wanted is None:
            continue
        value = next(argument.value for argument in directive.arguments or ())
        if isinstance(value, VariableNode):
            guards.append(_Guard(value.name.value, wanted))
        elif isinstance(value, BooleanValueNode) and value.value is not wanted:
            return None
    return tuple(guards)
