"""INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE: who looks an interface up by key must know all of its types."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged
from gateway.composition.result import CompositionError
from gateway.composition.wording import listed
from gateway.schema.subgraph import Kind


def check(merged: Merged) -> Iterator[CompositionError]:
    """A subgraph with a resolvable key on an interface defines every implementer that the supergraph has."""
    for one in merged.composites():
        if one.kind is not Kind.INTERFACE:
            continue
        wanted = set(merged.gathered.possible_types(one.name))
        for graph, source in one.sources.items():
            subgraph = merged.gathered.graphs[graph].subgraph
            key = next((key for key in source.keys if key.resolvable), None)
            if key is None or source.kind is not Kind.INTERFACE or subgraph.is_federation_1:
                continue
            missing = sorted(wanted - set(subgraph.members(one.name)))
            if missing:
                several = len(missing) > 1
                message = (
                    f'[{subgraph.name}] Interface type "{one.name}" has a resolvable key (@key(fields: "{key.fields.text}")) in'
                    f' subgraph "{subgraph.name}" but that subgraph is missing some of the supergraph implementation types of'
                    f' "{one.name}". Subgraph "{subgraph.name}" should define type{"s" if several else ""} {listed(missing)}'
                    f' (and have {"them" if several else "it"} implement "{one.name}").'
                )
                yield CompositionError("INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE", message, (subgraph.name,))
