"""Planning, first step: a document becomes one operation of flat selections.

`PASSES` run once, in this order; each returns an operation that asks for the same answer. Last, `supply_contexts` adds what
fields need from their ancestors.
"""

from __future__ import annotations

from graphql import DocumentNode

from gateway.planning.normalise.drop_introspection import drop_introspection
from gateway.planning.normalise.drop_repeats import drop_repeats
from gateway.planning.normalise.gather_conditions import gather_conditions
from gateway.planning.normalise.imply_conditions import imply_conditions
from gateway.planning.normalise.operation import Operation, Pass
from gateway.planning.normalise.read_operation import read_operation
from gateway.planning.normalise.supply_contexts import supply_contexts
from gateway.query_graph.supergraph import Supergraph

PASSES: tuple[Pass, ...] = (
    drop_introspection,
    gather_conditions,
    imply_conditions,
    drop_repeats,  # after the conditions have moved: what they leave behind can repeat
)


def normalise(supergraph: Supergraph, document: DocumentNode, operation_name: str | None = None) -> Operation:
    """The operation that is meant, ready to be walked. Raises `UnknownOperation`."""
    operation = read_operation(supergraph, document, operation_name)
    for one in PASSES:
        operation = one(operation)
    return supply_contexts(supergraph, operation)
