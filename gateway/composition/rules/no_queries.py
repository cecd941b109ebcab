"""NO_QUERIES: a supergraph answers something."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.result import CompositionError
from gateway.composition.wording import names


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """At least one subgraph has a field on its query root."""
    if not any(query.fields for query in gathered.composites("Query").values()):
        message = "No queries found in any subgraph: a supergraph must have a query root type with at least one field."
        yield CompositionError("NO_QUERIES", message, names(gathered, gathered.graphs))
