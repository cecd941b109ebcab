"""INCONSISTENT_ENTITY: a type has a key in some of its subgraphs, but not in all."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[Hint]:
    """Objects that are entities only here and there."""
    for one in merged.composites():
        keyed = [graph for graph, source in one.sources.items() if source.keys]
        bare = [graph for graph in one.sources if graph not in keyed]
        if one.kind is Kind.OBJECT and keyed and bare:
            message = (
                f'Type "{one.name}" is declared as an entity (has a @key applied) in some but not all defining subgraphs: it'
                f" has no @key in {in_graphs(merged.gathered, bare)} but has some @key in {in_graphs(merged.gathered, keyed)}."
            )
            yield Hint("INCONSISTENT_ENTITY", message, names(merged.gathered, one.sources))
