"""LINK_IMPORT_NAME_MISMATCH: a directive that goes into the supergraph under its local name has one name everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.gathered import Gathered
from gateway.composition.result import CompositionError
from gateway.composition.wording import differing, names
from gateway.schema.links import FEDERATION

_NAMED_BY_SUBGRAPHS = ("@cost", "@listSize")


def check(gathered: Gathered) -> Iterator[CompositionError]:
    """@cost and @listSize are imported under the same name by all who import them."""
    for name in _NAMED_BY_SUBGRAPHS:
        aliases = {
            graph.id: f'"{imported.alias}"'
            for graph in gathered.graphs.values()
            for link in graph.subgraph.links
            if link.identity == FEDERATION or link.name == "cost"
            for imported in link.imports
            if imported.name == name
        }
        if len(set(aliases.values())) > 1:
            message = (
                f'The import name "{name}" is imported with mismatched name between subgraphs: it is imported as'
                f" {differing(gathered, aliases, '')}"
            )
            yield CompositionError("LINK_IMPORT_NAME_MISMATCH", message, names(gathered, aliases))
