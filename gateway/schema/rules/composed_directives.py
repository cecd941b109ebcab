"""DIRECTIVE_COMPOSITION_ERROR: @composeDirective names a directive that is defined here and imported from a specification."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import StringValueNode
from graphql.pyutils import did_you_mean, suggestion_list

from gateway.schema.problems import Problem, problem
from gateway.schema.subgraph import Applied, Subgraph

_MERGED_ANYWAY = frozenset({"tag", "inaccessible", "authenticated", "requiresScopes", "policy", "cost", "listSize", "context"})


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Every composed directive can be told apart from others' by its specification."""
    for one in subgraph.composed:
        reason = _reason(subgraph, one)
        if reason is not None:
            yield problem("DIRECTIVE_COMPOSITION_ERROR", reason, one.node)


def _reason(subgraph: Subgraph, applied: Applied) -> str | None:
    given = applied.value("name")
    if not isinstance(given, StringValueNode):
        if given is None:
            return f'Argument to @composeDirective in subgraph "{subgraph.name}" cannot be NULL or an empty String'
        return None  # a value of another type is invalid GraphQL
    if not given.value:
        return f'Argument to @composeDirective in subgraph "{subgraph.name}" cannot be NULL or an empty String'
    if not given.value.startswith("@"):
        return f'Argument to @composeDirective "{given.value}" in subgraph "{subgraph.name}" must have a leading "@"'
    name = given.value[1:]
    federation = subgraph.names.directives.get(name)
    if federation is not None:
        if federation in _MERGED_ANYWAY:
            return None
        return f'Composing federation directive "@{name}" in subgraph "{subgraph.name}" is not supported'
    if name not in subgraph.directives:
        hint = did_you_mean([f"@{other}" for other in suggestion_list(name, list(subgraph.directives))])
        return (
            f'Could not find matching directive definition for argument to @composeDirective "@{name}" in subgraph'
            f' "{subgraph.name}".{hint}'
        )
    if not _has_specification(subgraph, name):
        return (
            f'Directive "@{name}" in subgraph "{subgraph.name}" cannot be composed because it is not a member of a core'
            " feature: import it by a @link to its specification"
        )
    return None


def _has_specification(subgraph: Subgraph, name: str) -> bool:
    return any(
        any(imported.alias == f"@{name}" for imported in link.imports)
        or name == link.namespace
        or (link.namespace is not None and name.startswith(f"{link.namespace}__"))
        for link in subgraph.links
    )
