"""Selections: what a contract withholds is taken out before anything is planned, so it is never fetched.

In: selection sets of a document that is valid for the contract's view. Out: selection sets that may run, and what was
withheld where.

Decisions are on concrete type and field, never on an interface, a response key or a directive. A selection on an interface
that only some of its types allow becomes fragments of those types. Fragment spreads become inline fragments, decided once
for each fragment and set of concrete types it meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
)

from authz.errors import NotInSchema, OperationTooLarge
from authz.operation.arguments import ArgumentWalk, Judged
from authz.operation.permit import Withheld
from authz.visibility import leading_nowhere

MAX_SELECTIONS: Final = 20_000
MAX_WITHHELD: Final = 1_000
MAX_NESTING: Final = 100

Composite = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType
Verdict = Literal["allowed", "hidden"] | Withheld
_TYPENAME: Final = FieldNode(name=NameNode(value="__typename"))
_NOTHING: Final[frozenset[Withheld]] = frozenset()


@dataclass(frozen=True, slots=True)
class Pruned:
    """What is left of a selection set, what was withheld below it, and how many selections that is with fragments unfolded."""

    selections: tuple[SelectionNode, ...]
    withheld: frozenset[Withheld]
    size: int


class SelectionWalk:
    """Prunes the selections of one operation under one mask."""

    def __init__(
        self,
        schema: GraphQLSchema,
        judged: Judged,
        fragments: Mapping[str, FragmentDefinitionNode],
        arguments: ArgumentWalk,
        exempt: frozenset[str],
        audit_key: str | None,
    ) -> None:
        self._schema = schema
        self._mask = judged.mask
        self._catalogue = judged.catalogue
        self._fragments = fragments
        self._arguments = arguments
        self._exempt = exempt
        self._audit_key = audit_key
        self._pruned: dict[tuple[str, frozenset[str]], Pruned | None] = {}
        self._readable: dict[str, bool] = {}
        self.fields: set[str] = set()
        self.counts: set[str] = set()
        self.denied_keys: set[str] = set()
        self.entities: set[str] = set()
        # In a room the schema has keys alone of other rooms' things: there nothing leads anywhere.
        self._dead = frozenset[str]() if exempt else leading_nowhere(schema, judged.mask)

    @property
    def unreadable(self) -> frozenset[str]:
        """The types that were met and of which nothing may be read."""
        return frozenset(type_name for type_name, readable in self._readable.items() if not readable)

    def inside(self, selections: SelectionSetNode, parent: Composite, scope: frozenset[str], nesting: int = 0) -> Pruned:
        """Prune what is selected in a field (or the operation) that returns `parent`; `scope` are the concrete types it can
        be.
        """
        if nesting > MAX_NESTING:
            raise OperationTooLarge(f"The operation nests deeper than {MAX_NESTING} levels: ask in several operations.")
        pruned = self._prune(selections.selections, parent, scope, nesting)
        kept = pruned.selections or self._typename(_TYPENAME, parent, scope)
        if self._audit_key is not None:
            kept = (*kept, *self._audit_keys(kept, parent, scope))
        return Pruned(kept, pruned.withheld, pruned.size)

    def _prune(self, selections: Iterable[SelectionNode], parent: Composite, scope: frozenset[str], nesting: int) -> Pruned:
        kept: list[SelectionNode] = []
        withheld: set[Withheld] = set()
        size = 0
        for selection in selections:
            part = self._selection(selection, parent, scope, nesting)
            kept.extend(part.selections)
            withheld.update(part.withheld)
            size += part.size
            if size > MAX_SELECTIONS or len(withheld) > MAX_WITHHELD:
                raise OperationTooLarge("The operation's fragments unfold to too many selections: ask in several operations.")
        return Pruned(tuple(kept), frozenset(withheld), size)

    def _selection(self, node: SelectionNode, parent: Composite, scope: frozenset[str], nesting: int) -> Pruned:
        match node:
            case FieldNode() if node.name.value == "__typename":
                return Pruned(self._typename(node, parent, scope), _NOTHING, 1)
            case FieldNode() if node.name.value in ("__schema", "__type") and parent is self._schema.query_type:
                return Pruned((node,), _NOTHING, 1)
            case FieldNode() if isinstance(parent, GraphQLObjectType):
                return self._field_of_object(node, parent, nesting)
            case FieldNode():
                return self._field_of_abstract(node, parent, scope, nesting)
            case InlineFragmentNode():
                return self._inline_fragment(node, parent, scope, nesting)
            case FragmentSpreadNode():
                return self._spread(node, scope, nesting)
            case _:
                raise AssertionError("there are three kinds of selections")

    # fields

    def _verdict(self, type_name: str, node: FieldNode) -> Verdict:
        verdict = self._judged_field(f"{type_name}.{node.name.value}", _key(node))
        if verdict != "allowed":
            self.denied_keys.add(_key(node))
        return verdict

    def _judged_field(self, coordinate: str, key: str) -> Verdict:
        entry = self._catalogue.fields.get(coordinate)
        if coordinate in self._exempt:
            return "allowed"
        if entry is None or not entry.mark.is_marked or coordinate in self._dead:
            return "hidden"
        missing = None
        if entry.mark.classification is not None and coordinate not in self._mask.read:
            missing = "read"
        elif entry.mark.counts and coordinate not in self._mask.count:
            missing = "count"
        if missing is None:
            return "allowed"
        if coordinate not in self._mask.listed:
            return "hidden"
        return Withheld((key,), coordinate, missing, self._mask.reasons.get(coordinate, "NOT_GRANTED"))

    def _field_of_object(self, node: FieldNode, parent: GraphQLObjectType, nesting: int) -> Pruned:
        definition = parent.fields.get(node.name.value)
        verdict = self._verdict(parent.name, node)
        if definition is None or verdict == "hidden":
            raise _unknown_field(node, parent)
        if isinstance(verdict, Withheld):
            return Pruned((), frozenset((verdict,)), 1)
        return self._allowed(node, (parent.name,), definition.type, nesting)

    def _field_of_abstract(self, node: FieldNode, parent: Composite, scope: frozenset[str], nesting: int) -> Pruned:
        name = node.name.value
        definition = None if isinstance(parent, GraphQLUnionType) else parent.fields.get(name)
        verdicts = {type_name: self._verdict(type_name, node) for type_name in sorted(scope)}
        allowed = tuple(type_name for type_name, verdict in verdicts.items() if verdict == "allowed")
        withheld = frozenset(verdict for verdict in verdicts.values() if isinstance(verdict, Withheld))
        if definition is None or not (allowed or withheld or self._is_known(node, parent)):
            raise _unknown_field(node, parent)
        if not allowed:
            return Pruned((), withheld, 1)
        if len(allowed) == len(scope):
            return self._allowed(node, allowed, definition.type, nesting)
        parts = [
            (self._object(type_name), self._field_of_object(node, self._object(type_name), nesting)) for type_name in allowed
        ]
        kept = tuple(_fragment_on(concrete.name, part.selections) for concrete, part in parts if part.selections)
        return Pruned(kept, withheld.union(*(part.withheld for _, part in parts)), sum(part.size for _, part in parts))

    def _is_known(self, node: FieldNode, parent: Composite) -> bool:
        """Whether the view has the field on this interface: one of its types shows it, if none that can stand here does."""
        coordinates = (f"{type_name}.{node.name.value}" for type_name in self._possible(parent))
        return any(self._judged_field(coordinate, _key(node)) != "hidden" for coordinate in coordinates)

    def _allowed(self, node: FieldNode, owners: tuple[str, ...], returns: GraphQLOutputType, nesting: int) -> Pruned:
        """A field that every owner allows: its rights and arguments are noted, and what is selected in it is pruned."""
        scope: set[str] = set()
        for owner in owners:
            definition = self._object(owner).fields[node.name.value]
            self._note(owner, node, definition)
            scope.update(self._possible(get_named_type(definition.type)))
        if node.selection_set is None:
            return Pruned((node,), _NOTHING, 1)
        named = cast("Composite", get_named_type(returns))
        is_abstract = not isinstance(named, GraphQLObjectType)
        if is_abstract and not any(self._is_readable(type_name) for type_name in scope):
            # Otherwise the number of objects would tell of things of which nothing may be read.
            entries = (Withheld((_key(node),), f"{owner}.{node.name.value}", "read", "NO_READABLE_TYPE") for owner in owners)
            return Pruned((), frozenset(entries), 1)
        inner = self.inside(node.selection_set, named, frozenset(scope), nesting + 1)
        kept = replace(node, selection_set=SelectionSetNode(selections=inner.selections))
        return Pruned((kept,), frozenset(entry.below(_key(node)) for entry in inner.withheld), inner.size + 1)

    def _note(self, owner: str, node: FieldNode, definition: GraphQLField) -> None:
        coordinate = f"{owner}.{node.name.value}"
        if coordinate in self._exempt:
            return
        mark = self._catalogue.fields[coordinate].mark
        if mark.classification is not None:
            self.fields.add(coordinate)
        if mark.counts:
            self.counts.add(coordinate)
        self._arguments.field(owner, node, definition.args)

    # fragments

    def _inline_fragment(self, node: InlineFragmentNode, parent: Composite, scope: frozenset[str], nesting: int) -> Pruned:
        condition = parent if node.type_condition is None else self._composite(node.type_condition.name.value)
        narrowed = scope & self._possible(condition)
        if not narrowed:
            return Pruned((), _NOTHING, 1)
        self._check_nesting(nesting)
        inner = self._prune(node.selection_set.selections, condition, narrowed, nesting + 1)
        if not inner.selections:
            return inner
        return replace(inner, selections=(replace(node, selection_set=SelectionSetNode(selections=inner.selections)),))

    def _spread(self, node: FragmentSpreadNode, scope: frozenset[str], nesting: int) -> Pruned:
        fragment = self._fragments.get(node.name.value)
        if fragment is None:
            raise NotInSchema(f'Unknown fragment "{node.name.value}".')
        narrowed = scope & self._possible(self._composite(fragment.type_condition.name.value))
        if not narrowed:
            return Pruned((), _NOTHING, 1)
        inner = self._fragment(fragment, narrowed, nesting)
        if not inner.selections:
            return inner
        inline = InlineFragmentNode(
            type_condition=fragment.type_condition,
            directives=node.directives,
            selection_set=SelectionSetNode(selections=inner.selections),
        )
        return replace(inner, selections=(inline,))

    def _fragment(self, fragment: FragmentDefinitionNode, scope: frozenset[str], nesting: int) -> Pruned:
        key = (fragment.name.value, scope)
        if key in self._pruned:
            known = self._pruned[key]
            if known is None:
                raise NotInSchema(f'Cannot spread fragment "{fragment.name.value}" within itself.')
            return known
        self._check_nesting(nesting)
        self._pruned[key] = None
        condition = self._composite(fragment.type_condition.name.value)
        pruned = self._pruned[key] = self._prune(fragment.selection_set.selections, condition, scope, nesting + 1)
        return pruned

    def _check_nesting(self, nesting: int) -> None:
        if nesting > MAX_NESTING:
            raise OperationTooLarge(f"The operation nests deeper than {MAX_NESTING} levels: ask in several operations.")

    # types

    def _typename(self, node: FieldNode, parent: Composite, scope: frozenset[str]) -> tuple[SelectionNode, ...]:
        """`__typename` tells that something of a type exists: only of types of which something may be read."""
        if isinstance(parent, GraphQLObjectType):
            return (node,)
        readable = sorted(type_name for type_name in scope if self._is_readable(type_name))
        return (node,) if len(readable) == len(scope) else tuple(_fragment_on(type_name, (node,)) for type_name in readable)

    def _is_readable(self, type_name: str) -> bool:
        known = self._readable.get(type_name)
        if known is None:
            fields = self._object(type_name).fields
            coordinates = [f"{type_name}.{name}" for name in fields]
            known = self._readable[type_name] = any(
                coordinate in self._mask.read or coordinate in self._exempt for coordinate in coordinates
            )
        return known

    def _audit_keys(
        self, kept: tuple[SelectionNode, ...], parent: Composite, scope: frozenset[str]
    ) -> tuple[SelectionNode, ...]:
        """The selections of `id` that the audit needs to name each entity, unless it is selected already."""
        is_certain = isinstance(parent, GraphQLObjectType)
        wanted = sorted(t for t in scope if self._has_audit_key(t) and (is_certain or self._is_readable(t)))
        self.entities.update(wanted)
        if not wanted or any(isinstance(node, FieldNode) and self._is_audit_key(node) for node in kept):
            return ()
        assert self._audit_key is not None
        alias = None if self._audit_key == "id" else NameNode(value=self._audit_key)
        key = FieldNode(name=NameNode(value="id"), alias=alias)
        can_stand_here = not isinstance(parent, GraphQLUnionType) and "id" in parent.fields
        if can_stand_here and len(wanted) == len(scope):
            return (key,)
        return tuple(_fragment_on(type_name, (key,)) for type_name in wanted)

    def _is_audit_key(self, node: FieldNode) -> bool:
        return node.name.value == "id" and _key(node) == self._audit_key and not node.directives

    def _has_audit_key(self, type_name: str) -> bool:
        object_type = self._object(type_name)
        key = object_type.fields.get("id")
        if key is None or str(key.type) != "ID!" or key.args:
            return False
        return f"{type_name}.id" in self._mask.read or any(interface.name == "Node" for interface in object_type.interfaces)

    def _possible(self, named: object) -> frozenset[str]:
        match named:
            case GraphQLObjectType():
                return frozenset((named.name,))
            case GraphQLInterfaceType() | GraphQLUnionType():
                return frozenset(possible.name for possible in self._schema.get_possible_types(named))
            case _:
                return frozenset()

    def _composite(self, name: str) -> Composite:
        found = self._schema.get_type(name)
        if isinstance(found, GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType):
            return found
        raise NotInSchema(f'Unknown type "{name}".')

    def _object(self, name: str) -> GraphQLObjectType:
        found = self._schema.get_type(name)
        assert isinstance(found, GraphQLObjectType), f"{name} is a possible type, and those are objects"
        return found


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _fragment_on(type_name: str, selections: tuple[SelectionNode, ...]) -> InlineFragmentNode:
    return InlineFragmentNode(
        type_condition=NamedTypeNode(name=NameNode(value=type_name)), selection_set=SelectionSetNode(selections=selections)
    )


def _unknown_field(node: FieldNode, parent: Composite) -> NotInSchema:
    return NotInSchema(f'Cannot query field "{node.name.value}" on type "{parent.name}".')
