"""Flat selections as text that people read: what an operation, a key or a requirement asks.

In: a `SelectionSet`. Out: GraphQL-like text; what holds for some types only stands in a fragment that names all of them,
`... on Book | Magazine`, and conditions stand where GraphQL would have them. `@supplies` marks what nobody asked but a field
below takes from its context.
"""

from __future__ import annotations

from gateway.query_graph.selections import Conditions, Selection, SelectionSet
from gateway.query_graph.supergraph import Supergraph


def selection_lines(supergraph: Supergraph, wanted: SelectionSet, limit: int = 2_000) -> list[str]:
    """The selections, one field a line, at most about `limit` lines: fragments that spread each other can mean millions."""
    lines = _Lines(supergraph, limit)
    lines.write(wanted, "")
    return lines.found


def selection_line(supergraph: Supergraph, wanted: SelectionSet) -> str:
    """The selections on one line, as in a field set."""
    return " ".join(line.strip() for line in selection_lines(supergraph, wanted))


def condition_text(conditions: Conditions) -> str:
    """` @include(if: $a) @skip(if: $b)`, empty for none."""
    return "".join(f" @{'include' if one.value else 'skip'}(if: ${one.variable})" for one in conditions)


class _Lines:
    def __init__(self, supergraph: Supergraph, limit: int) -> None:
        self.found: list[str] = []
        self._supergraph = supergraph
        self._limit = limit

    def write(self, wanted: SelectionSet, indent: str) -> None:
        whole = self._supergraph.possible(wanted.type_name)
        groups: dict[int, list[Selection]] = {}
        for selection in wanted.selections:
            types = selection.types & whole
            groups.setdefault(0 if types == whole else types, []).append(selection)
        for types, selections in groups.items():
            if types == 0:
                self._write_all(selections, indent)
                continue
            self.found.append(f"{indent}... on {' | '.join(self._supergraph.names(types))} {{")
            self._write_all(selections, indent + "  ")
            self.found.append(indent + "}")

    def _write_all(self, selections: list[Selection], indent: str) -> None:
        for number, one in enumerate(selections):
            if len(self.found) >= self._limit:
                self.found.append(f"{indent}# and {len(selections) - number} more")
                return
            name = one.name if one.key == one.name else f"{one.key}: {one.name}"
            supplies = f' @supplies(context: "{one.supplies}")' if one.supplies else ""
            head = f"{indent}{name}{one.arguments.text}{condition_text(one.conditions)}{supplies}"
            if one.children is None:
                self.found.append(head)
                continue
            self.found.append(head + " {")
            self.write(one.children, indent + "  ")
            self.found.append(indent + "}")
