"""TYPE_DEFINITION_INVALID: a subgraph's own copy of a federation type must be a scalar, as the original."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ScalarTypeDefinitionNode, TypeDefinitionNode

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """FieldSet, Scope, Policy and ContextFieldValue are scalars."""
    for node in subgraph.document.definitions:
        if not isinstance(node, TypeDefinitionNode) or node.name.value not in subgraph.names.types:
            continue
        if not isinstance(node, ScalarTypeDefinitionNode):
            found = "".join(word.capitalize() for word in node.kind.removesuffix("_definition").split("_"))
            name = node.name.value
            message = f"Invalid definition for type {name}: {name} should be a ScalarType but is defined as a {found}"
            yield problem("TYPE_DEFINITION_INVALID", message, node)
