"""What fields below need from a context (`@fromContext`) is asked of the nearest ancestor that supplies it.

    type T @context(name: "c") { prop: String  u: U }      type U { field(a: String @fromContext(field: "$c { prop }")): Int }
    t { u { field } }   →   t { u { field } prop }         where prop is marked as a supply: it is no part of the answer

Objects of one selection may supply a context while others of it do not: then the selection is split by type, since the two
parts have different nearest ancestors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from graphql import FieldNode, OperationDefinitionNode, SelectionSetNode, parse

from gateway.planning.errors import UnreachableField
from gateway.planning.normalise.operation import Operation
from gateway.query_graph.definitions import ContextArgument
from gateway.query_graph.selections import (
    Selection,
    SelectionReader,
    SelectionSet,
    make_selection,
    make_selection_set,
)
from gateway.query_graph.supergraph import Supergraph

Needs = frozenset[ContextArgument]


def supply_contexts(supergraph: Supergraph, operation: Operation) -> Operation:
    """The operation with the supplies that its fields need. Raises `UnreachableField` when no ancestor supplies one."""
    if not supergraph.contextual_fields:
        return operation
    selections, needs = _Supplier(supergraph).visit(operation.selections)
    for need in sorted(needs, key=lambda one: one.supply):
        raise UnreachableField(f"No field above supplies the context {need.context} for the argument {need.name}.")
    return replace(operation, selections=selections)


class _Supplier:
    def __init__(self, supergraph: Supergraph) -> None:
        self._supergraph = supergraph
        self._reader = SelectionReader(supergraph)
        self._visited: dict[SelectionSet, tuple[SelectionSet, Needs]] = {}
        self._parsed: dict[str, SelectionSetNode] = {}

    def visit(self, wanted: SelectionSet) -> tuple[SelectionSet, Needs]:
        """The set with all supplies for what is below it, and what it needs from above."""
        known = self._visited.get(wanted)
        if known is None:
            known = self._visited[wanted] = self._visit(wanted)
        return known

    def _visit(self, wanted: SelectionSet) -> tuple[SelectionSet, Needs]:
        kept: list[Selection] = []
        supplied: dict[str, int] = {}
        by_supply: dict[str, ContextArgument] = {}
        open_needs: set[ContextArgument] = set()
        for selection in wanted.selections:
            open_needs.update(self._own_needs(selection))
            if selection.children is None:
                kept.append(selection)
                continue
            children, needs = self.visit(selection.children)
            parts = [selection if children is selection.children else selection.replaced(children=children)]
            for need in sorted(needs, key=lambda one: (one.supply, one.name, one.type)):
                types = self._supergraph.context_types.get(need.context, 0)
                parts = [half for part in parts for half in _split(part, types)]
                by_supply[need.supply] = need
                supplied[need.supply] = supplied.get(need.supply, 0) | (types & selection.types)
                if selection.types & ~types:
                    open_needs.add(need)
            kept += parts
        for supply, types in supplied.items():
            kept += self._supplies(wanted.type_name, by_supply[supply], types)
        same = len(kept) == len(wanted.selections) and all(a is b for a, b in zip(kept, wanted.selections, strict=True))
        return (wanted if same else make_selection_set(wanted.type_name, kept)), frozenset(open_needs)

    def _own_needs(self, selection: Selection) -> Iterator[ContextArgument]:
        """What the field itself needs."""
        for name in self._supergraph.names(selection.types):
            yield from self._supergraph.contextual_fields.get((name, selection.name), ())

    def _supplies(self, type_name: str, need: ContextArgument, types: int) -> Iterator[Selection]:
        """The selection of a context on objects of `types`."""
        if not types:
            return
        node = self._parse(need.selection)
        known = self._supergraph.types[type_name].fields
        names = [type_name]
        if not all(isinstance(one, FieldNode) and one.name.value in known for one in node.selections):
            names = list(self._supergraph.names(types))
        for name in names:
            for one in self._reader.read(node, name).selections:
                if one.types & types:
                    own = one.types & types
                    yield make_selection(one.key, one.name, one.arguments, own, one.conditions, one.children, need.supply)

    def _parse(self, text: str) -> SelectionSetNode:
        if text not in self._parsed:
            braced = text if text.lstrip().startswith("{") else f"{{ {text} }}"
            operation = parse(braced, no_location=True).definitions[0]
            assert isinstance(operation, OperationDefinitionNode)
            self._parsed[text] = operation.selection_set
        return self._parsed[text]


def _split(selection: Selection, types: int) -> Iterator[Selection]:
    """The parts of a selection inside and outside of `types`. Their children are two objects, so that they stay apart."""
    inside, outside = selection.types & types, selection.types & ~types
    if not inside or not outside:
        yield selection
        return
    assert selection.children is not None
    copy = make_selection_set(selection.children.type_name, selection.children.selections)
    yield selection.replaced(types=inside)
    yield selection.replaced(types=outside, children=copy)
