"""Merges arguments and the fields of input objects.

Only what every subgraph accepts can be offered, with the strictest of the types.
"""

from __future__ import annotations

from collections.abc import Mapping

from graphql import ConstValueNode

from gateway.composition.gathered import Gathered
from gateway.composition.merge.marks import merge_marks
from gateway.composition.merged import JoinField, MergedInput, MergedInputObject
from gateway.composition.type_references import merge_input
from gateway.schema.subgraph import Field, InputObjectType, InputValue


def merge_arguments(fields: Mapping[str, Field]) -> dict[str, MergedInput]:
    """The arguments that the field has in every one of its subgraphs; contextual ones are no business of clients."""
    names = dict.fromkeys(name for field in fields.values() for name in field.arguments)
    merged: dict[str, MergedInput] = {}
    for name in names:
        sources = {graph: field.arguments[name] for graph, field in fields.items() if name in field.arguments}
        if any(one.context is not None for one in sources.values()):
            continue
        if len(sources) == len(fields):
            merged[name] = merge_input_value(name, sources)
    return merged


def merge_input_value(name: str, sources: Mapping[str, InputValue]) -> MergedInput:
    """One argument or input field from all its subgraphs."""
    types = [one.type for one in sources.values()]
    defaults: list[ConstValueNode] = [one.default for one in sources.values() if one.default is not None]
    # Types that do not go together are reported by a rule; the first one stands in until then.
    merged_type = merge_input(types) or types[0]
    return MergedInput(
        name=name,
        type=merged_type,
        default=defaults[-1] if defaults else None,
        marks=merge_marks(one.marks for one in sources.values()),
        sources=sources,
    )


def merge_input_object(name: str, gathered: Gathered) -> MergedInputObject:
    """An input object: the intersection of its fields."""
    sources = {graph: one for graph, one in gathered.types[name].items() if isinstance(one, InputObjectType)}
    names = dict.fromkeys(field for one in sources.values() for field in one.fields)
    fields: dict[str, MergedInput] = {}
    for field in names:
        values = {graph: one.fields[field] for graph, one in sources.items() if field in one.fields}
        if len(values) == len(sources):
            fields[field] = _with_joins(merge_input_value(field, values))
    return MergedInputObject(name, fields, merge_marks(one.marks for one in sources.values()), sources)


def _with_joins(merged: MergedInput) -> MergedInput:
    everywhere_default = all(one.default is not None for one in merged.sources.values())
    differs = any(one.type != merged.type for one in merged.sources.values())
    joins = tuple(JoinField(graph, type=one.type) for graph, one in merged.sources.items()) if differs else ()
    return MergedInput(
        merged.name,
        merged.type,
        merged.default if everywhere_default else None,
        merged.marks,
        merged.sources,
        joins,
    )
