"""{KEY,PROVIDES}_FIELDS_HAS_ARGS: a key or @provides cannot select fields that take arguments."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.field_sets import FieldSet
from gateway.schema.problems import Problem, problem
from gateway.schema.selections import walk
from gateway.schema.subgraph import Subgraph
from gateway.schema.uses import uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """Keys and provided fields have no arguments: nobody could give them values."""
    for use in uses(subgraph, "key", "provides"):
        parsed = use.parse()
        if not isinstance(parsed, FieldSet):
            continue
        for one in walk(subgraph.types, use.target, parsed.selections):
            if one.field is not None and one.field.arguments:
                message = (
                    f"{use.where}: field {one.coordinate} cannot be included because it has arguments"
                    f" (fields with argument are not allowed in @{use.directive})"
                )
                yield problem(f"{use.code}_FIELDS_HAS_ARGS", message, use.applied.node)
