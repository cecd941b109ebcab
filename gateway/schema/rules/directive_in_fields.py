"""{KEY,REQUIRES,PROVIDES}_DIRECTIVE_IN_FIELDS_ARG: a field set applies no directives."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.field_sets import FieldSet
from gateway.schema.problems import Problem, problem
from gateway.schema.rules.invalid_fields import directive_names, is_known_directive
from gateway.schema.subgraph import Subgraph
from gateway.schema.uses import uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """No (known) directive stands inside a field set; unknown ones make the field set invalid."""
    for use in uses(subgraph, "key", "requires", "provides"):
        parsed = use.parse()
        if not isinstance(parsed, FieldSet):
            continue
        for name in directive_names(parsed.selections):
            if is_known_directive(subgraph, name):
                message = (
                    f"{use.where}: cannot have directive applications in the @{use.directive}(fields:) argument"
                    f" but found @{name}."
                )
                yield problem(f"{use.code}_DIRECTIVE_IN_FIELDS_ARG", message, use.applied.node)
