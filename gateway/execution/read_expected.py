"""Reads what a request asks for: a selection set → `Expected`.

In: the selection set of the root, or of one `_entities`, with its document and renames. Out: its keys, level by level.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from gateway.execution.expected import Condition, Expected, ExpectedKey, Guard, made_expected
from gateway.planning.plan import OnTypes, RenameKey

Members = Callable[[str], frozenset[str]]
"""Type name → the object types that fulfil a condition on it in the subgraph."""


def expected_of(
    selections: SelectionSetNode,
    document: DocumentNode,
    rewrites: tuple[RenameKey, ...],
    schema: GraphQLSchema,
    members: Members,
    root: str | None = None,
) -> Expected:
    """Read the keys of `selections`, on the root type named `root` or on entities.

    `schema` is the clients'; `members` tells what a type's members are in the subgraph.

    A key of the first level is shown as it is named after `rewrites`.
    """
    reader = _Reader(schema, members, document)
    renamed = {rewrite.source: rewrite.name for rewrite in rewrites if all(isinstance(step, OnTypes) for step in rewrite.path)}
    found = reader.level(selections, root, (), ())
    return made_expected(tuple(replace(one, shown=renamed.get(one.key, one.key)) for one in found), is_root=root is not None)


class _Reader:
    """Reads the selections of one document."""

    def __init__(self, schema: GraphQLSchema, members: Members, document: DocumentNode) -> None:
        self._schema = schema
        self._members = members
        self._fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def level(
        self, selections: SelectionSetNode, parent: str | None, types: tuple[Condition, ...], guards: tuple[Guard, ...]
    ) -> Iterator[ExpectedKey]:
        """The keys of one level. `parent` is the type selected on; None where a fragment tells it."""
        for node in selections.selections:
            own = _guards(node)
            if own is None:
                continue
            here = (*guards, *own)
            match node:
                case FieldNode():
                    if node.name.value != "__typename":
                        yield self._key(node, parent, types, here)
                case InlineFragmentNode():
                    on = node.type_condition.name.value if node.type_condition is not None else None
                    narrowed = types if on is None else (*types, self._condition(on))
                    yield from self.level(node.selection_set, on or parent, narrowed, here)
                case FragmentSpreadNode():
                    fragment = self._fragments[node.name.value]
                    on = fragment.type_condition.name.value
                    yield from self.level(fragment.selection_set, on, (*types, self._condition(on)), here)

    def _key(self, node: FieldNode, parent: str | None, types: tuple[Condition, ...], guards: tuple[Guard, ...]) -> ExpectedKey:
        key = (node.alias or node.name).value
        kind = self._field_type(parent, node.name.value)
        named = get_named_type(kind).name if kind is not None else None
        children = () if node.selection_set is None else tuple(self.level(node.selection_set, named, (), ()))
        depth = None if kind is None else _list_depth(kind)
        return ExpectedKey(key, key, types, guards, depth, node.selection_set is not None, children)

    def _field_type(self, parent: str | None, name: str) -> GraphQLOutputType | None:
        """The field's type for clients; None for what they do not see."""
        kind = self._schema.get_type(parent) if parent is not None else None
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or name not in kind.fields:
            return None
        found: GraphQLOutputType = kind.fields[name].type
        return found

    def _condition(self, name: str) -> Condition:
        kind = self._schema.get_type(name)
        certain = self._members(name) | {name}
        if not isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return Condition(name, certain, certain)
        possible = {member.name for member in self._schema.get_possible_types(kind)}
        return Condition(name, certain | possible, certain)


def _list_depth(kind: GraphQLOutputType) -> int:
    return str(kind).count("[")


def _guards(node: SelectionNode) -> tuple[Guard, ...] | None:
    """The variables that @skip and @include ask for; None when a literal leaves the node out."""
    guards: list[Guard] = []
    for directive in node.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        if wanted is None:
            continue
        value = next(argument.value for argument in directive.arguments or ())
        if isinstance(value, VariableNode):
            guards.append(Guard(value.name.value, wanted))
        elif isinstance(value, BooleanValueNode) and value.value is not wanted:
            return None
    return tuple(guards)
