"""Which object types stand behind an interface or union of one subgraph, read from the supergraph.

In: a `Supergraph`. Out: the function that `compile_plan` asks: (service, type name) → names of object types. The clients'
schema does not tell: a subgraph may have a type without the interface that it implements elsewhere.
"""

from __future__ import annotations

from gateway.execution.step import MembersOf
from gateway.query_graph.supergraph import Supergraph


def members_of(supergraph: Supergraph) -> MembersOf:
    """The members of `supergraph`, subgraph by subgraph; nothing for a type that the subgraph does not have."""

    def members(service: str, typename: str) -> frozenset[str]:
        subgraph = supergraph.subgraphs.get(service)
        if subgraph is None or typename not in supergraph.types:
            return frozenset()
        return frozenset(supergraph.names(supergraph.possible_in(typename, subgraph.graph)))

    return members
