"""ROOT_{QUERY,MUTATION,SUBSCRIPTION}_USED: when a root type has another name, its usual name must be free."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.machinery import ROOTS, collisions
from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """In the supergraph the roots are Query, Mutation and Subscription; nothing else may be called so."""
    for operation, node in collisions(subgraph.document):
        name = operation.value
        usual = ROOTS[operation]
        message = (
            f'The schema has a type named "{usual}" but it is not set as the {name} root type'
            f' ("{node.type.name.value}" is instead): this is not supported by federation. If a root type does not use its'
            " default name, there should be no other type with that default name."
        )
        yield problem(f"ROOT_{name.upper()}_USED", message, node)
