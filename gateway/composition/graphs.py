"""The graphs of a supergraph: every subgraph with its value in the enum `join__Graph`.

In: subgraphs. Out: `Graph`s in the order in which composition visits them (by enum value), whatever order they came in, so
that "the first one wins" always means the same one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gateway.schema.subgraph import Subgraph

_NOT_A_NAME = re.compile(r"[^A-Za-z0-9]")
_HUMP = re.compile(r"([a-z0-9])([A-Z])")


@dataclass(frozen=True, slots=True)
class Graph:
    """A subgraph and the enum value `id` that stands for it in join directives."""

    id: str
    subgraph: Subgraph

    @property
    def name(self) -> str:
        """The subgraph's name."""
        return self.subgraph.name


def name_graphs(subgraphs: Sequence[Subgraph]) -> tuple[Graph, ...]:
    """Give each subgraph its enum value; names that collide get `_1`, `_2`, … in the order given."""
    proposed = [_constant(subgraph.name) for subgraph in subgraphs]
    repeated = {name for name, count in Counter(proposed).items() if count > 1}
    used: Counter[str] = Counter()
    graphs: list[Graph] = []
    for subgraph, name in zip(subgraphs, proposed, strict=True):
        used[name] += 1
        graphs.append(Graph(f"{name}_{used[name]}" if name in repeated else name, subgraph))
    return tuple(sorted(graphs, key=lambda graph: (graph.id.replace("_", " "), graph.id)))


def _constant(name: str) -> str:
    """`team-service` and `teamService` → TEAM_SERVICE; a leading digit is fenced in by underscores."""
    words = _HUMP.sub(r"\1_\2", _NOT_A_NAME.sub("_", name))
    constant = re.sub(r"_+", "_", words).strip("_").upper() or "_"
    return f"_{constant}_" if constant[0].isdigit() else constant
