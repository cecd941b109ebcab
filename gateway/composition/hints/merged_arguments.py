"""MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS, INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS: a directive that stands once
has different arguments in different subgraphs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graphql import print_ast

from gateway.composition.merged import Merged, MergedComposite
from gateway.composition.result import Hint
from gateway.composition.wording import names
from gateway.schema.subgraph import CompositeType, EnumType, Field, InputObjectType, ScalarType, UnionType

_MERGED = ("requiresScopes", "policy", "cost", "listSize")
_Element = CompositeType | EnumType | Field | InputObjectType | ScalarType | UnionType


def check(merged: Merged) -> Iterator[Hint]:
    """Types and fields whose rights, costs or deprecations differ."""
    for one in merged.types.values():
        yield from _check(merged, one.name, one.sources)
        if isinstance(one, MergedComposite):
            for field in one.fields.values():
                yield from _check(merged, f"{one.name}.{field.name}", field.sources)


def _check(merged: Merged, coordinate: str, sources: Mapping[str, _Element]) -> Iterator[Hint]:
    for directive in _MERGED:
        given = {graph: print_ast(one.node) for graph, source in sources.items() for one in source.marks.all(directive)}
        if len(set(given.values())) > 1:
            message = (
                f'Directive @{directive} is applied to "{coordinate}" in multiple subgraphs with different arguments: the'
                " supergraph merges them."
            )
            yield Hint("MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, names(merged.gathered, given))
    reasons = {
        graph: source.marks.deprecation.reason for graph, source in sources.items() if source.marks.deprecation is not None
    }
    if len(set(reasons.values())) > 1:
        message = (
            f'Directive @deprecated is applied to "{coordinate}" in multiple subgraphs but with incompatible arguments: the'
            " supergraph takes the first one."
        )
        yield Hint("INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS", message, names(merged.gathered, reasons))
