"""Stage 3: a supergraph becomes the graph of moves on which operations are planned."""

from gateway.query_graph.build import build_query_graph
from gateway.query_graph.definitions import SubgraphService
from gateway.query_graph.errors import SupergraphError
from gateway.query_graph.graph import QueryGraph
from gateway.query_graph.supergraph import Supergraph

__all__ = ["QueryGraph", "SubgraphService", "Supergraph", "SupergraphError", "build_query_graph"]
