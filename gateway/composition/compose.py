"""Stage 2 of the gateway: subgraphs → a supergraph, or every error at once.

The way: problems of each subgraph → rules before merging → merge → hints → rules → satisfiability → print. Each step runs
only when the one before found nothing (satisfiability also after faults that do not change what can be asked where), since its
findings would be noise otherwise; within a step everything is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gateway.composition import satisfiability
from gateway.composition.gathered import gather
from gateway.composition.graphs import name_graphs
from gateway.composition.hints import hints
from gateway.composition.merge import merge
from gateway.composition.printing import print_supergraph
from gateway.composition.result import Composed, CompositionError, Failed
from gateway.composition.rules import HARMLESS_TO_QUERIES, RULES, RULES_BEFORE_MERGING, invalid_graphql
from gateway.schema.subgraph import Subgraph


def compose(subgraphs: Sequence[Subgraph]) -> Composed | Failed:
    """Compose subgraphs into a supergraph.

    The order in which they are given does not matter, apart from names that differ only in punctuation.
    """
    graphs = name_graphs(subgraphs)
    errors = _distinct(error for graph in graphs for error in _problems(graph.subgraph))
    if errors:
        return Failed(errors)
    gathered = gather(graphs)
    errors = _distinct(error for rule in RULES_BEFORE_MERGING for error in rule(gathered))
    if errors:
        return Failed(errors)
    merged = merge(gathered)
    found = hints(merged)
    errors = _distinct(error for rule in RULES for error in rule(merged)) or _distinct(invalid_graphql.check(merged))
    if all(error.code in HARMLESS_TO_QUERIES for error in errors):
        errors = _distinct((*errors, *satisfiability.check(merged)))
    return Failed(errors, found) if errors else Composed(print_supergraph(merged), found)


def _problems(subgraph: Subgraph) -> Iterable[CompositionError]:
    for one in subgraph.problems:
        place = f" (line {one.line}, column {one.column})" if one.line else ""
        yield CompositionError(one.code, f"[{subgraph.name}] {one.message}{place}", (subgraph.name,))


def _distinct(errors: Iterable[CompositionError]) -> tuple[CompositionError, ...]:
    return tuple(dict.fromkeys(errors))
