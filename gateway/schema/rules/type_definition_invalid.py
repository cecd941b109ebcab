"""TYPE_DEFINITION_INVALID: a subgraph's own copy of a federation type must be a scalar, as the original."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import DirectiveDefinitionNode, ScalarTypeDefinitionNode, TypeDefinitionNode, print_ast

from gateway.schema.problems import Problem, problem
from gateway.schema.specification import specification
from gateway.schema.subgraph import Subgraph
from gateway.schema.versions import NEWEST_FEDERATION


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """FieldSet, Scope, Policy and ContextFieldValue are scalars, also when only own copies of directives name them."""
    names = {*subgraph.names.types, *_named_by_copies(subgraph)}
    for node in subgraph.document.definitions:
        if not isinstance(node, TypeDefinitionNode) or node.name.value not in names:
            continue
        if not isinstance(node, ScalarTypeDefinitionNode):
            found = "".join(word.capitalize() for word in node.kind.removesuffix("_definition").split("_"))
            name = node.name.value
            message = f"Invalid definition for type {name}: {name} should be a ScalarType but is defined as a {found}"
            yield problem("TYPE_DEFINITION_INVALID", message, node)


def _named_by_copies(subgraph: Subgraph) -> Iterator[str]:
    """The federation types that the subgraph's own definitions of federation directives take as arguments."""
    types = specification(NEWEST_FEDERATION).types
    for node in subgraph.document.definitions:
        if isinstance(node, DirectiveDefinitionNode) and node.name.value in subgraph.names.directives:
            names = (print_ast(argument.type).strip("[]!") for argument in node.arguments or ())
            yield from (name for name in names if name in types)
