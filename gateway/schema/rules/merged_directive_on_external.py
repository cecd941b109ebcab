"""MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL: what is said of a field is said where it is resolved."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import print_ast

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Marks, Subgraph

_MERGED = frozenset({"tag", "inaccessible"})


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """An external field, and its arguments, carry no directive that would be merged into the supergraph."""
    if subgraph.is_federation_1:
        return
    for owner in subgraph.composites():
        for field in owner.fields.values():
            if not field.external:
                continue
            yield from _check(f'external field "{owner.name}.{field.name}"', field.marks)
            for argument in field.arguments.values():
                place = f'argument "{owner.name}.{field.name}({argument.name}:)" of an external field'
                yield from _check(place, argument.marks)


def _check(place: str, marks: Marks) -> Iterator[Problem]:
    for one in marks.applied:
        if (one.federation and one.name in _MERGED) or one.composed:
            message = f"Cannot apply merged directive {print_ast(one.node)} to {place}"
            yield problem("MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL", message, one.node)
