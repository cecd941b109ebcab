"""Selection sets as the planner sees them: flat, typed by the object types they hold for, shared where they are equal.

What comes in: parsed GraphQL selections (a client's operation, or the field set of `@key`, `@requires`, `@provides`).
What goes out: `SelectionSet`, in which there are no fragments any more. Each `Selection` says for which object types
(`types`, a bit mask) and under which `@skip`/`@include` variables (`conditions`) it holds.

    products { id ... on Book @include(if: $b) { title } }
        Selection(key="id",    types=Book|Magazine, conditions=())
        Selection(key="title", types=Book,          conditions=(b is true))

Fragments are read once per (fragment, types, conditions) and child sets once per list of sources, so that fragments which
spread each other many times cost no more than their text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    SelectionSetNode,
    VariableNode,
    Visitor,
    print_ast,
    visit,
)


class Condition(NamedTuple):
    """The Boolean variable `variable` must be `value`."""

    variable: str
    value: bool


Conditions = tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Arguments:
    """A field's arguments: canonical text (`(a: 1, b: $x)`, sorted by name, empty when none) and the variables in it."""

    text: str = ""
    variables: tuple[str, ...] = ()


NO_ARGUMENTS = Arguments()


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """One field of a selection set. Identity is what counts: equal selections of one set are the same object.

    `supplies` is empty, or names the context that the field supplies to fields below: then nobody else asked for it.
    """

    key: str
    name: str
    arguments: Arguments
    types: int
    conditions: Conditions
    children: SelectionSet | None
    size: int = field(default=1)
    supplies: str = ""

    def replaced(
        self, *, types: int | None = None, conditions: Conditions | None = None, children: SelectionSet | None = None
    ) -> Selection:
        """A copy with the given parts exchanged."""
        return make_selection(
            self.key,
            self.name,
            self.arguments,
            self.types if types is None else types,
            self.conditions if conditions is None else conditions,
            self.children if children is None else children,
            self.supplies,
        )


@dataclass(frozen=True, slots=True, eq=False)
class SelectionSet:
    """The selections on objects of `type_name`; `size` counts the leaves below."""

    type_name: str
    selections: tuple[Selection, ...]
    size: int


def paths_of(asked: SelectionSet) -> frozenset[str]:
    """The values that a field set reads: names with dots between them."""
    found: set[str] = set()
    for one in asked.selections:
        found |= {one.name} if one.children is None else {f"{one.name}.{below}" for below in paths_of(one.children)}
    return frozenset(found)


def make_selection(
    key: str,
    name: str,
    arguments: Arguments,
    types: int,
    conditions: Conditions,
    children: SelectionSet | None,
    supplies: str = "",
) -> Selection:
    """A selection whose `size` is right."""
    size = 1 if children is None else 1 + children.size
    return Selection(key, name, arguments, types, conditions, children, size, supplies)


def make_selection_set(type_name: str, selections: Iterable[Selection]) -> SelectionSet:
    """A selection set whose `size` is right."""
    chosen = tuple(selections)
    return SelectionSet(type_name, chosen, sum(selection.size for selection in chosen))


class TypeSystem(Protocol):
    """What reading selections needs to know of the schema."""

    def possible(self, type_name: str) -> int:
        """The mask of the object types that an object of `type_name` can have."""
        ...

    def field_type(self, type_name: str, field_name: str) -> str | None:
        """The named type of a field when it has selections, None for a leaf."""
        ...


class _Source(NamedTuple):
    node: SelectionSetNode
    type_name: str
    types: int
    conditions: Conditions


class _Group(NamedTuple):
    key: str
    name: str
    arguments: Arguments
    types: int
    conditions: Conditions


class SelectionReader:
    """Reads selection sets of one document, sharing whatever is equal."""

    def __init__(self, types: TypeSystem, fragments: Mapping[str, FragmentDefinitionNode] | None = None) -> None:
        self._types = types
        self._fragments = fragments or {}
        self._arguments: dict[int, Arguments] = {}
        self._sets: dict[tuple[object, ...], SelectionSet] = {}

    def read(self, node: SelectionSetNode, type_name: str) -> SelectionSet:
        """The selections of `node` on an object of `type_name`."""
        return self._read_sources(type_name, (_Source(node, type_name, self._types.possible(type_name), ()),))

    def _read_sources(self, type_name: str, sources: Sequence[_Source]) -> SelectionSet:
        memo_key = (type_name, *((id(source.node), source.type_name, source.types) for source in sources))
        known = self._sets.get(memo_key)
        if known is not None:
            return known
        groups: dict[_Group, list[FieldNode]] = {}
        homes: dict[_Group, list[str]] = {}
        visited: set[tuple[str, int, Conditions]] = set()
        pending = list(reversed(sources))
        while pending:
            self._read_source(pending.pop(), groups, homes, visited)
        made = make_selection_set(type_name, [self._selection(group, nodes, homes[group]) for group, nodes in groups.items()])
        self._sets[memo_key] = made
        return made

    def _read_source(
        self,
        source: _Source,
        groups: dict[_Group, list[FieldNode]],
        homes: dict[_Group, list[str]],
        visited: set[tuple[str, int, Conditions]],
    ) -> None:
        for node in source.node.selections:
            conditions = _conditions(node.directives, source.conditions)
            if conditions is None:
                continue
            match node:
                case FieldNode():
                    group = self._group(node, source.types, conditions)
                    groups.setdefault(group, []).append(node)
                    homes.setdefault(group, []).append(source.type_name)
                case InlineFragmentNode():
                    inner = node.type_condition.name.value if node.type_condition else source.type_name
                    self._read_fragment(node.selection_set, inner, source, conditions, groups, homes, visited)
                case FragmentSpreadNode():
                    fragment = self._fragments[node.name.value]
                    inner = fragment.type_condition.name.value
                    seen = (node.name.value, source.types & self._types.possible(inner), conditions)
                    if seen not in visited:
                        visited.add(seen)
                        self._read_fragment(fragment.selection_set, inner, source, conditions, groups, homes, visited)

    def _read_fragment(
        self,
        node: SelectionSetNode,
        type_name: str,
        outer: _Source,
        conditions: Conditions,
        groups: dict[_Group, list[FieldNode]],
        homes: dict[_Group, list[str]],
        visited: set[tuple[str, int, Conditions]],
    ) -> None:
        types = outer.types & self._types.possible(type_name)
        if types:
            self._read_source(_Source(node, type_name, types, conditions), groups, homes, visited)

    def _group(self, node: FieldNode, types: int, conditions: Conditions) -> _Group:
        name = node.name.value
        return _Group(node.alias.value if node.alias else name, name, self._read_arguments(node), types, conditions)

    def _read_arguments(self, node: FieldNode) -> Arguments:
        if not node.arguments:
            return NO_ARGUMENTS
        known = self._arguments.get(id(node))
        if known is None:
            known = read_arguments(node)
            self._arguments[id(node)] = known
        return known

    def _selection(self, group: _Group, nodes: list[FieldNode], homes: list[str]) -> Selection:
        children = None
        if nodes[0].selection_set is not None:
            sources: dict[tuple[int, str], _Source] = {}
            for node, home in zip(nodes, homes, strict=True):
                inner = self._types.field_type(home, group.name)
                if inner is not None and node.selection_set is not None:
                    source = _Source(node.selection_set, inner, self._types.possible(inner), ())
                    sources.setdefault((id(node.selection_set), inner), source)
            if sources:
                unique = tuple(sources.values())
                children = self._read_sources(unique[0].type_name, unique)
        return make_selection(group.key, group.name, group.arguments, group.types, group.conditions, children)


def read_arguments(node: FieldNode) -> Arguments:
    """The canonical form of a field's arguments."""
    arguments = sorted(node.arguments or (), key=lambda argument: argument.name.value)
    if not arguments:
        return NO_ARGUMENTS
    text = ", ".join(f"{argument.name.value}: {print_ast(argument.value)}" for argument in arguments)
    found = _Variables()
    for argument in arguments:
        visit(argument.value, found)
    return Arguments(f"({text})", tuple(sorted(found.names)))


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.names.add(node.name.value)


def _conditions(directives: Sequence[DirectiveNode] | None, outer: Conditions) -> Conditions | None:
    """The conditions of a selection inside `outer`; None when it can never hold."""
    if not directives:
        return outer
    found = dict(outer)
    for directive in directives:
        if directive.name.value not in ("skip", "include"):
            continue
        wanted = directive.name.value == "include"
        value = next(argument.value for argument in directive.arguments or () if argument.name.value == "if")
        if isinstance(value, BooleanValueNode):
            if value.value is not wanted:
                return None
        elif isinstance(value, VariableNode):
            name = value.name.value
            if found.setdefault(name, wanted) is not wanted:
                return None
    return tuple(sorted(Condition(name, wanted) for name, wanted in found.items()))
