"""A request without fragments: each spread becomes an inline fragment, so that nothing behind needs to know of them.

What comes in: a parsed request. What goes out: its operation; equal fragments are one object, however often they are spread.
"""

from __future__ import annotations

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    Visitor,
    visit,
)


def without_fragments(document: DocumentNode, operation: OperationDefinitionNode) -> OperationDefinitionNode:
    """`operation` of `document`, all fragments spread. Spreads of unknown fragments stay: validation tells them."""
    found = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    if not found:
        return operation
    spread: OperationDefinitionNode = visit(operation, _Spreader(found))
    return spread


class _Spreader(Visitor):
    def __init__(self, fragments: dict[str, FragmentDefinitionNode]) -> None:
        super().__init__()
        self._fragments = fragments
        self._done: dict[str, SelectionSetNode] = {}

    def leave_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> Node | None:
        fragment = self._fragments.get(node.name.value)
        if fragment is None:
            return None
        return InlineFragmentNode(
            type_condition=fragment.type_condition, directives=node.directives, selection_set=self._selections(fragment)
        )

    def _selections(self, fragment: FragmentDefinitionNode) -> SelectionSetNode:
        name = fragment.name.value
        if name not in self._done:
            others = {key: one for key, one in self._fragments.items() if key != name}  # one that spreads itself is no fragment
            inner = _Spreader(others)
            inner._done = self._done
            self._done[name] = visit(fragment.selection_set, inner)
        return self._done[name]
