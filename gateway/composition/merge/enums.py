"""Merges enums: all values when they are only read, the common ones when only written, and when both they must be the same."""

from __future__ import annotations

from gateway.composition.gathered import Gathered
from gateway.composition.merge.marks import merge_marks
from gateway.composition.merged import MergedEnum, MergedEnumValue
from gateway.schema.subgraph import CompositeType, EnumType, InputObjectType, named_type


def merge_enum(name: str, gathered: Gathered) -> MergedEnum:
    """One enum from all its subgraphs."""
    sources = {graph: one for graph, one in gathered.types[name].items() if isinstance(one, EnumType)}
    is_input, is_output = _uses(name, gathered)
    values: dict[str, MergedEnumValue] = {}
    for value in dict.fromkeys(value for one in sources.values() for value in one.values):
        found = {graph: one.values[value] for graph, one in sources.items() if value in one.values}
        if len(found) == len(sources) or not is_input or is_output:
            values[value] = MergedEnumValue(value, merge_marks(one.marks for one in found.values()), found)
    marks = merge_marks(one.marks for one in sources.values())
    return MergedEnum(name, values, marks, sources, is_input, is_output)


def _uses(name: str, gathered: Gathered) -> tuple[bool, bool]:
    """Whether some argument or input field takes the enum, and whether some field answers with it."""
    is_input = is_output = False
    for sources in gathered.types.values():
        for one in sources.values():
            match one:
                case CompositeType():
                    fields = one.fields.values()
                    is_output = is_output or any(named_type(field.type) == name for field in fields)
                    arguments = (argument for field in fields for argument in field.arguments.values())
                    is_input = is_input or any(named_type(argument.type) == name for argument in arguments)
                case InputObjectType():
                    is_input = is_input or any(named_type(field.type) == name for field in one.fields.values())
    return is_input, is_output
