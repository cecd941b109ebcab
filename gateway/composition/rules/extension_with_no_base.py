"""EXTENSION_WITH_NO_BASE: federation 1 extends what some subgraph defines."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError
from gateway.schema.subgraph import Kind

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def check(merged: Merged) -> Iterator[CompositionError]:
    """Some subgraph defines each type; several federation 1 subgraphs may all say @extends, as their tools do."""
    for one in merged.composites():
        if one.kind is not Kind.OBJECT or one.name in _ROOTS or any(source.defined for source in one.sources.values()):
            continue
        graphs = [merged.gathered.graphs[graph].subgraph for graph in one.sources]
        if len(graphs) > 1 and all(
            graph.is_federation_1 and source.extends_directive
            for graph, source in zip(graphs, one.sources.values(), strict=True)
        ):
            continue
        for graph in graphs:
            message = (
                f'[{graph.name}] Type "{one.name}" is an extension type, but there is no type definition for "{one.name}"'
                " in any subgraph."
            )
            yield CompositionError("EXTENSION_WITH_NO_BASE", message, (graph.name,))
