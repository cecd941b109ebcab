"""Requests whose equal selection sets are written once, as fragments, where that makes them smaller.

    firstProduct { id name maker { id } } secondProduct { id name maker { id } }
    →   firstProduct { ...a } secondProduct { ...a }     fragment a on Product { id name maker { id } }

Every different selection set is kept once, with references to those inside it, so that text which would grow with every level
is never written out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from gateway.planning.fetch_graph.step import Step, Tree
from gateway.planning.fetch_graph.write import write_selections
from gateway.query_graph.graph import QueryGraph

_REFERENCE = re.compile(r"\0(\d+)\0")


class Writer:
    """Writes the selections of one request: `add` each step, then make text of what was written around them with `texts`.

    What `add` and `refer` return is short, and equal exactly for equal selections, as long as no tree is changed meanwhile.
    """

    def __init__(self, graph: QueryGraph) -> None:
        self._graph = graph
        self._numbers: dict[tuple[str, str], int] = {}
        self._sets: list[tuple[str, str]] = []
        self._of_tree: dict[Tree, str] = {}

    def add(self, step: Step) -> str:
        """The selections of a step, with references to the selection sets in them."""
        if step.inputs:
            parts = (f"... on {name} {self.refer(tree)}" for name, tree in sorted(step.outputs.items()))
            return f"{{ {' '.join(parts)} }}"
        return "".join(map(self.refer, step.outputs.values()))

    def texts(self, written: str, *, fragments: bool = True) -> str:
        """`written` with its references replaced, and the fragments behind it."""
        names = self._named(written) if fragments else {}
        bodies = self._expanded(names)
        definitions = [f"fragment {name} on {self._sets[number][0]} {bodies[number]}" for number, name in names.items()]
        return " ".join([_replaced(written, bodies, names), *definitions])

    def refer(self, tree: Tree) -> str:
        """A reference to a selection set; what is inside it has a smaller number."""
        known = self._of_tree.get(tree)
        if known is None:
            text = write_selections(tree, self._graph, self.refer)
            number = self._numbers.setdefault((tree.node.type_name, text), len(self._sets))
            if number == len(self._sets):
                self._sets.append((tree.node.type_name, text))
            known = self._of_tree[tree] = f"\0{number}\0"
        return known

    def _named(self, written: str) -> dict[int, str]:
        """The selection sets that become fragments, with their names."""
        uses = Counter(_references([written, *(text for _, text in self._sets)]))
        lengths: list[int] = []
        names: dict[int, str] = {}
        for number, (type_name, text) in enumerate(self._sets):
            inside = Counter(_references([text]))
            used = (count * (_SPREAD if one in names else lengths[one]) for one, count in inside.items())
            lengths.append(len(text) + sum(used))
            if uses[number] * _SPREAD + lengths[number] + len(type_name) + _HEAD < uses[number] * lengths[number]:
                names[number] = f"f{len(names)}"
        return names

    def _expanded(self, names: dict[int, str]) -> list[str]:
        bodies: list[str] = []
        for _, text in self._sets:
            bodies.append(_replaced(text, bodies, names))
        return bodies


_SPREAD = len("{ ...f00 }")
_HEAD = len(" fragment f00 on  ")


def _references(texts: Iterable[str]) -> Iterable[int]:
    return (int(found) for text in texts for found in _REFERENCE.findall(text))


def _replaced(text: str, bodies: list[str], names: dict[int, str]) -> str:
    def of(match: re.Match[str]) -> str:
        number = int(match[1])
        return f"{{ ...{names[number]} }}" if number in names else bodies[number]

    return _REFERENCE.sub(of, text)
