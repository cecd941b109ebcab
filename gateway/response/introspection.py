"""Answers `__schema` and `__type` from the client's own schema.

In: the operation and the client's schema (a contract's view, so hidden names are not in it). Out: response key → result.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,
)

from gateway.execution.raw import Json
from gateway.response.projection import INTROSPECTION, Projection


def introspection_fields(projection: Projection, operation: OperationDefinitionNode) -> tuple[FieldNode, ...]:
    """The introspection fields at the root of the operation, fragments opened, conditions applied."""
    collected = projection.collector.collect((operation.selection_set,), projection.root_type)
    return tuple(node for nodes in collected.values() for node in nodes if node.name.value in INTROSPECTION)


def introspect(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    fields: tuple[FieldNode, ...],
    variables: Mapping[str, object],
) -> dict[str, Json]:
    """Execute the introspection `fields` alone. graphql-core does it, because this is the specification's own machinery."""
    fragments = tuple(node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
    alone = OperationDefinitionNode(
        operation=operation.operation,
        name=operation.name,
        variable_definitions=operation.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=fields),
    )
    result = execute_sync(schema, DocumentNode(definitions=(alone, *fragments)), variable_values=dict(variables))
    assert isinstance(result, ExecutionResult)
    return result.data or {}
