"""TYPE_KIND_MISMATCH: a type is of one kind in all subgraphs."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.gathered import Gathered, kind_in_supergraph
from gateway.composition.result import CompositionError
from gateway.composition.wording import differing, names


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """No name is an object here and an enum there."""
    for name, sources in gathered.types.items():
        kinds = {graph: f"{kind_in_supergraph(one).value} Type" for graph, one in sources.items()}
        if len(set(kinds.values())) > 1:
            message = f'Type "{name}" has mismatched kind: it is defined as {differing(gathered, kinds, "")}'
            yield CompositionError("TYPE_KIND_MISMATCH", message, names(gathered, kinds))
