"""Which response keys a request answers, level by level: where an error goes when the whole answer is missing, and what a
subgraph left out of an answer.

In: the selection set of the root, or of one `_entities`. Out: an `Expected` that names, for a type and the request's Boolean
variables, the keys under which data must be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

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

from gateway.execution.raw import Json, Place, ResponsePath, written_out
from gateway.planning.plan import OnTypes, RenameKey

MAX_LEVELS: Final = 256


@dataclass(frozen=True, slots=True)
class _Guard:
    variable: str
    value: bool


class _Condition(NamedTuple):
    """A type condition and the types that may fulfil it. Not all of them need do so in a subgraph."""

    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True)
class _ExpectedKey:
    key: str
    shown: str
    types: tuple[_Condition, ...]
    guards: tuple[_Guard, ...]
    depth: int | None
    is_object: bool
    children: tuple[_ExpectedKey, ...]


class _Level(NamedTuple):
    """What one object must have: its keys, and what the objects under some of them (in so many lists) must have."""

    keys: frozenset[str]
    inner: tuple[tuple[str, int | None, Expected], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Expected:
    """The keys of one level, in the order of the fetch's text. `switches` are the variables that decide about them.

    `is_root` says that the type need not be told: all objects here are of the root type.
    """

    _keys: tuple[_ExpectedKey, ...]
    _switches: tuple[str, ...]
    _is_root: bool = False
    _levels: dict[object, _Level] = field(default_factory=dict)

    def keys(self, typename: str | None, variables: Mapping[str, object]) -> tuple[str, ...]:
        """The keys that an object of `typename` (None: the root) has in the client's answer, without `__typename`."""
        return tuple(dict.fromkeys(expected.shown for expected in self._present(typename, variables)))

    def without(self, keys: frozenset[str]) -> Expected:
        """The same without some keys, named as the subgraph answers them."""
        return _expected(tuple(one for one in self._keys if one.key not in keys), is_root=self._is_root)

    def shown_as(self, keys: frozenset[str]) -> frozenset[str]:
        """What keys of the subgraph's answer are in the client's."""
        return frozenset(one.shown for one in self._keys if one.key in keys)

    def asked_part(self, path: ResponsePath) -> ResponsePath:
        """The longest beginning of `path`, a place in the subgraph's answer, that was asked for."""
        level = self._keys
        for at, step in enumerate(path):
            if isinstance(step, str):
                found = [one for one in level if one.key == step]
                if not found:
                    return path[:at]
                level = tuple(child for one in found for child in one.children)
        return path

    def objects(self) -> Iterator[tuple[str, ...]]:
        """The places of objects in an answer, by the keys that lead there."""
        return _objects(self._keys)

    def left_out(self, answer: dict[str, Json], typename: str | None, variables: Mapping[str, object]) -> list[ResponsePath]:
        """The places inside `answer`, as the subgraph gave it, at which a field that was asked for is not there."""
        found: list[Place] = []
        _find(self, answer, 0, typename, variables, (), found)
        return [written_out(place) for place in found]

    def level(self, typename: str | None, variables: Mapping[str, object]) -> _Level:
        """What an object of `typename` must have: what is asked of that type by name, or of all types."""
        key = (typename, tuple(variables.get(name) for name in self._switches))
        known = self._levels.get(key)
        if known is None:
            if len(self._levels) >= MAX_LEVELS:
                self._levels.clear()  # a subgraph may make up type names without end
            certain = (one for one in self._present(typename, variables) if all(on.name == typename for on in one.types))
            known = self._levels[key] = _level_of(list(certain))
        return known

    def _present(self, typename: str | None, variables: Mapping[str, object]) -> Iterator[_ExpectedKey]:
        return (
            expected
            for expected in self._keys
            if ((typename is None and self._is_root) or all(typename in on.members for on in expected.types))
            and all(variables.get(guard.variable) is guard.value for guard in expected.guards)
        )


def expected_of(
    selections: SelectionSetNode,
    document: DocumentNode,
    rewrites: tuple[RenameKey, ...],
    schema: GraphQLSchema,
    root: str | None = None,
) -> Expected:
    """Read the keys of `selections`, on the root type named `root` or on entities.

    A key of the first level is shown as it is named after `rewrites`.
    """
    reader = _Reader(schema, document)
    renamed = {rewrite.source: rewrite.name for rewrite in rewrites if all(isinstance(step, OnTypes) for step in rewrite.path)}
    found = reader.level(selections, root, (), ())
    return _expected(tuple(replace(one, shown=renamed.get(one.key, one.key)) for one in found), is_root=root is not None)


def _expected(keys: tuple[_ExpectedKey, ...], *, is_root: bool = False) -> Expected:
    switches = tuple(dict.fromkeys(guard.variable for one in keys for guard in one.guards))
    return Expected(keys, switches, is_root)


def _objects(keys: Iterable[_ExpectedKey]) -> Iterator[tuple[str, ...]]:
    for one in keys:
        if one.is_object:
            yield (one.shown,)
            yield from ((one.shown, *inner) for inner in _objects(one.children))


def _level_of(present: list[_ExpectedKey]) -> _Level:
    inner: dict[tuple[str, int | None], list[_ExpectedKey]] = {}
    for one in present:
        if one.children:
            inner.setdefault((one.key, one.depth), []).extend(one.children)
    below = tuple((key, depth, _expected(tuple(children))) for (key, depth), children in inner.items())
    return _Level(frozenset(one.key for one in present), below)


def _find(
    expected: Expected,
    value: Json,
    depth: int | None,
    typename: str | None,
    variables: Mapping[str, object],
    place: Place,
    found: list[Place],
) -> None:
    """Looks into `value`, which is an object inside `depth` lists. What is neither is another error, and not ours to tell."""
    if type(value) is list and depth != 0:
        below = None if depth is None else depth - 1
        for index, item in enumerate(value):
            _find(expected, item, below, None, variables, (place, index), found)
    elif type(value) is dict and not depth:
        given = value.get("__typename", typename)
        level = expected.level(given if type(given) is str else None, variables)
        if not value.keys() >= level.keys:
            found.extend((place, key) for key in sorted(level.keys.difference(value)))
        for key, lists, inner in level.inner:
            under = value.get(key)
            if under is not None:
                _find(inner, under, lists, None, variables, (place, key), found)


class _Reader:
    """Reads the selections of one document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def level(
        self, selections: SelectionSetNode, parent: str | None, types: tuple[_Condition, ...], guards: tuple[_Guard, ...]
    ) -> Iterator[_ExpectedKey]:
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

    def _key(
        self, node: FieldNode, parent: str | None, types: tuple[_Condition, ...], guards: tuple[_Guard, ...]
    ) -> _ExpectedKey:
        key = (node.alias or node.name).value
        kind = self._field_type(parent, node.name.value)
        named = get_named_type(kind).name if kind is not None else None
        children = () if node.selection_set is None else tuple(self.level(node.selection_set, named, (), ()))
        depth = None if kind is None else _list_depth(kind)
        return _ExpectedKey(key, key, types, guards, depth, node.selection_set is not None, children)

    def _field_type(self, parent: str | None, name: str) -> GraphQLOutputType | None:
        """The field's type for clients; None for what they do not see."""
        kind = self._schema.get_type(parent) if parent is not None else None
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or name not in kind.fields:
            return None
        found: GraphQLOutputType = kind.fields[name].type
        return found

    def _condition(self, name: str) -> _Condition:
        kind = self._schema.get_type(name)
        if not isinstance(kind, GraphQLInterfaceType | GraphQLUnionType):
            return _Condition(name, frozenset({name}))
        return _Condition(name, frozenset({name, *(member.name for member in self._schema.get_possible_types(kind))}))


def _list_depth(kind: GraphQLOutputType) -> int:
    return str(kind).count("[")


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
