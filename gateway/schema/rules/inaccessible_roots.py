"""QUERY_ROOT_TYPE_INACCESSIBLE, DISALLOWED_INACCESSIBLE: what GraphQL itself needs cannot be hidden."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import specified_scalar_types

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Subgraph

_BUILT_IN = frozenset(specified_scalar_types)


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """The query root, built-in scalars and the arguments of directives are not @inaccessible."""
    query = subgraph.types.get("Query")
    if query is not None and query.marks.inaccessible:
        message = 'Type "Query" is @inaccessible but is the root query type, which must be in the API schema.'
        yield problem("QUERY_ROOT_TYPE_INACCESSIBLE", message, query.node)
    for one in subgraph.types.values():
        if one.name in _BUILT_IN and one.marks.inaccessible:
            yield problem("DISALLOWED_INACCESSIBLE", f'Built-in type "{one.name}" cannot use @inaccessible.', one.node)
    for directive in subgraph.directives.values():
        for argument in directive.arguments.values():
            if argument.marks.inaccessible:
                message = (
                    f'Directive argument "@{directive.name}({argument.name}:)" cannot use @inaccessible because'
                    f' "@{directive.name}" may be applied to these type-system locations: {", ".join(directive.locations)}.'
                )
                yield problem("DISALLOWED_INACCESSIBLE", message, argument.node)
