"""Which external fields are still needed, once overrides have taken fields away.

A field that was declared @external only for a @requires of a field that another subgraph has since overridden is stale: the
supergraph must not say that its graph provides anything for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.composition.gathered import Gathered
from gateway.schema.selections import coordinates


@dataclass(frozen=True, slots=True)
class Required:
    """Coordinates (`Type.field`) by graph: needed by some live @requires, or only by overridden ones."""

    live: Mapping[str, frozenset[str]]
    stale: Mapping[str, frozenset[str]]

    def is_live(self, graph: str, coordinate: str) -> bool:
        """Whether a field that this graph still resolves requires it."""
        return coordinate in self.live[graph]

    def is_stale(self, graph: str, coordinate: str) -> bool:
        """Whether only overridden fields of this graph require it."""
        return coordinate in self.stale[graph]


def overridden_graphs(gathered: Gathered, type_name: str, field_name: str) -> dict[str, str | None]:
    """The graphs from which some other graph takes the field over, with the label if it happens progressively."""
    found: dict[str, str | None] = {}
    if f"{type_name}.{field_name}" not in gathered.overridden:
        return found
    for one in gathered.composites(type_name).values():
        field = one.fields.get(field_name)
        source = gathered.graph_of(field.override.source) if field is not None and field.override else None
        if field is not None and field.override is not None and source is not None:
            found[source] = field.override.label
    return found


def read_required(gathered: Gathered) -> Required:
    """Walk every @requires of every graph."""
    live: dict[str, set[str]] = {graph: set() for graph in gathered.graphs}
    stale: dict[str, set[str]] = {graph: set() for graph in gathered.graphs}
    for graph_id, graph in gathered.graphs.items():
        types = graph.subgraph.types
        for owner in graph.subgraph.composites():
            for field in owner.fields.values():
                if field.requires is None:
                    continue
                overridden = overridden_graphs(gathered, owner.name, field.name)
                gone = graph_id in overridden and overridden[graph_id] is None
                target = stale if gone else live
                target[graph_id].update(coordinates(types, owner.name, field.requires.selections))
    return Required(
        live={graph: frozenset(found) for graph, found in live.items()},
        stale={graph: frozenset(found - live[graph]) for graph, found in stale.items()},
    )
