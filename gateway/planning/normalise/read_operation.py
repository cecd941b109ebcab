"""Document → the one operation that is meant, its fragments read away."""

from __future__ import annotations

from graphql import DocumentNode, FragmentDefinitionNode, OperationDefinitionNode

from gateway.planning.errors import UnknownOperation
from gateway.planning.normalise.operation import Operation
from gateway.planning.plan import OperationKind
from gateway.query_graph.selections import SelectionReader
from gateway.query_graph.supergraph import Supergraph


def read_operation(supergraph: Supergraph, document: DocumentNode, operation_name: str | None) -> Operation:
    """The operation `operation_name`, or the only one. Raises `UnknownOperation`."""
    definition = _find(document, operation_name)
    kind: OperationKind = definition.operation.value
    type_name = supergraph.roots.get(kind)
    if type_name is None:
        raise UnknownOperation(f"This graph has no {kind} type, so the operation cannot be answered.")
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    selections = SelectionReader(supergraph, fragments).read(definition.selection_set, type_name)
    name = definition.name.value if definition.name else None
    return Operation(kind, name, type_name, selections, tuple(definition.variable_definitions or ()))


def _find(document: DocumentNode, operation_name: str | None) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if operation_name is None:
        if len(operations) == 1:
            return operations[0]
        raise UnknownOperation(f"The document has {len(operations)} operations: say with operationName which one is meant.")
    for operation in operations:
        if operation.name and operation.name.value == operation_name:
            return operation
    raise UnknownOperation(f'The document has no operation named "{operation_name}".')
