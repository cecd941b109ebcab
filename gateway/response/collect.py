"""Which fields an object of one type shows: the specification's CollectFields, for conditions that are already known.

In: the selection sets behind one response key, and a type. Out: response key → its field nodes, in the client's order.
Source: GraphQL specification, 6.3.2 "Field Collection".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
)

Collected = dict[str, list[FieldNode]]


class Collector:
    """Collects fields of one document under fixed values of its Boolean variables."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, variables: Mapping[str, object]) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}

    def collect(self, selection_sets: Iterable[SelectionSetNode], on: GraphQLNamedType) -> Collected:
        """The fields for objects of type `on` (or, for an interface, of no more precisely known type)."""
        collected: Collected = {}
        spread: set[str] = set()
        for selections in selection_sets:
            self._visit(selections, on, collected, spread)
        return collected

    def is_certain(self, selection_sets: Iterable[SelectionSetNode], on: GraphQLNamedType) -> bool:
        """Whether every object of the abstract type `on` shows the same fields, so that its own type need not be known."""
        return all(self._is_certain(node, on) for selections in selection_sets for node in selections.selections)

    def _visit(self, selections: SelectionSetNode, on: GraphQLNamedType, collected: Collected, spread: set[str]) -> None:
        for node in selections.selections:
            if not self.is_included(node):
                continue
            match node:
                case FieldNode():
                    collected.setdefault((node.alias or node.name).value, []).append(node)
                case InlineFragmentNode():
                    if node.type_condition is None or self._applies(node.type_condition.name.value, on):
                        self._visit(node.selection_set, on, collected, spread)
                case FragmentSpreadNode():
                    name = node.name.value
                    if name in spread:
                        continue
                    spread.add(name)
                    fragment = self._fragments[name]
                    if self._applies(fragment.type_condition.name.value, on):
                        self._visit(fragment.selection_set, on, collected, spread)

    def is_included(self, node: SelectionNode) -> bool:
        """Whether @skip and @include leave the node in."""
        for directive in node.directives or ():
            wanted = {"include": True, "skip": False}.get(directive.name.value)
            if wanted is None:
                continue
            value = next(argument.value for argument in directive.arguments or ())
            if isinstance(value, VariableNode):
                given = self._variables.get(value.name.value)
            else:
                given = isinstance(value, BooleanValueNode) and value.value
            if given is not wanted:
                return False
        return True

    def _applies(self, condition: str, on: GraphQLNamedType) -> bool:
        if condition == on.name:
            return True
        kind = self._schema.get_type(condition)
        return is_abstract_type(kind) and self._schema.is_sub_type(kind, on)

    def _is_certain(self, node: SelectionNode, on: GraphQLNamedType) -> bool:
        match node:
            case FieldNode():
                return node.name.value != "__typename"
            case InlineFragmentNode():
                condition = on.name if node.type_condition is None else node.type_condition.name.value
                return self._applies(condition, on) and self.is_certain((node.selection_set,), on)
            case FragmentSpreadNode():
                fragment = self._fragments[node.name.value]
                return self._applies(fragment.type_condition.name.value, on) and self.is_certain((fragment.selection_set,), on)
        return False
