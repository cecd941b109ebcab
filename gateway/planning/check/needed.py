"""Which fields of the requests somebody needs, and when.

What comes in: marks from the checks of the answer's shape and of inputs, and every entry that the plan makes. What goes out:
faults for fields that nobody needs, or that are asked also when nobody needs them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graphql import FieldNode, InlineFragmentNode, SelectionSetNode

from gateway.planning.check.delivery import Delivery
from gateway.planning.check.fault import FaultKind, Faults
from gateway.planning.check.fields import response_key
from gateway.planning.check.source import Entry
from gateway.planning.check.when import NEVER, When, both, either, implies, print_when


class Needed:
    """The marks. Nodes are known by identity: the plan's documents live as long as the check."""

    def __init__(self) -> None:
        self._needed: dict[int, When] = {}
        self._asked: dict[int, When] = {}

    def mark(self, entries: Iterable[Entry], when: When) -> None:
        """Somebody needs these entries, when this holds."""
        for entry in entries:
            for node, asked in entry.nodes:
                self._needed[id(node)] = either(self._needed.get(id(node), NEVER), both(asked, when))

    def see(self, entries: Iterable[Entry]) -> None:
        """These entries are made."""
        for entry in entries:
            for node, asked in entry.nodes:
                self._asked[id(node)] = either(self._asked.get(id(node), NEVER), asked)

    def check(self, deliveries: Iterable[Delivery], faults: Faults) -> None:
        """Reports what is asked and not needed."""
        for delivery in deliveries:
            for path, node in _fields(delivery.selections, ""):
                if node.name.value == "__typename":
                    continue
                needed, asked = self._needed.get(id(node), NEVER), self._asked.get(id(node), NEVER)
                if not needed:
                    faults.add(FaultKind.SUPERFLUOUS, delivery.id, path, f"nobody needs {node.name.value}")
                elif not implies(asked, needed):
                    message = f"{node.name.value} is asked {print_when(asked)} and needed {print_when(needed)}"
                    faults.add(FaultKind.SUPERFLUOUS, delivery.id, path, message)


def _fields(selections: SelectionSetNode, path: str) -> Iterator[tuple[str, FieldNode]]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            inner = f"{path}.{response_key(node)}" if path else response_key(node)
            yield inner, node
            if node.selection_set is not None:
                yield from _fields(node.selection_set, inner)
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, path)
