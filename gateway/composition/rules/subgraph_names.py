"""INVALID_SUBGRAPH_NAME: every subgraph goes by a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.result import CompositionError


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """No two subgraphs have one name: plans and overrides could not tell them apart."""
    for name, count in Counter(graph.name for graph in gathered.graphs.values()).items():
        if count > 1:
            message = f'{count} subgraphs are named "{name}": give every subgraph a name of its own'
            yield CompositionError("INVALID_SUBGRAPH_NAME", message, (name,))
