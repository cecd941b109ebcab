"""IMPLICITLY_UPGRADED_FEDERATION_VERSION: a specification that a subgraph links by itself came later than its federation."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import Hint


def check(merged: Merged) -> Iterator[Hint]:
    """Subgraphs that are composed as if they linked a newer version than they do."""
    for graph in merged.gathered.graphs.values():
        subgraph = graph.subgraph
        if not subgraph.is_federation_1 and subgraph.implied_version > subgraph.version:
            message = (
                f'Subgraph "{graph.name}" has been implicitly upgraded from federation {subgraph.version} to'
                f" {subgraph.implied_version}: it links a specification that came with the newer version. Link that version."
            )
            yield Hint("IMPLICITLY_UPGRADED_FEDERATION_VERSION", message, (graph.name,))
