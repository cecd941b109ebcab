"""KEY_FIELDS_SELECT_INVALID_TYPE: a key cannot select a field of an interface or union type."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.schema.field_sets import FieldSet
from gateway.schema.problems import Problem, problem
from gateway.schema.selections import walk
from gateway.schema.subgraph import Kind, Subgraph, named_type
from gateway.schema.uses import uses


def check(subgraph: Subgraph) -> Iterator[Problem]:
    """What a key selects can be compared: scalars, enums, and objects of such."""
    for use in uses(subgraph, "key"):
        parsed = use.parse()
        if not isinstance(parsed, FieldSet):
            continue
        for one in walk(subgraph.types, use.target, parsed.selections):
            output = subgraph.types.get(named_type(one.field.type)) if one.field else None
            if output is not None and output.kind in {Kind.INTERFACE, Kind.UNION}:
                message = f'{use.where}: field "{one.coordinate}" is a {output.kind.value} type which is not allowed in @key'
                yield problem("KEY_FIELDS_SELECT_INVALID_TYPE", message, use.applied.node)
