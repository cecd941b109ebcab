"""INVALID_GRAPHQL: what merging makes of arguments and input fields keeps GraphQL's own rules.

Each subgraph kept them before. But merging drops enum values and input fields that not all know, and takes the strictest type.
"""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ConstValueNode, EnumValueNode, ListValueNode, NullValueNode, ObjectValueNode, print_ast

from gateway.composition.merged import Merged, MergedComposite, MergedEnum, MergedInput, MergedInputObject
from gateway.composition.result import CompositionError
from gateway.composition.wording import names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Default values fit the merged types, and nothing that must be given is deprecated."""
    for place, one in _inputs(merged):
        if one.default is not None and not _fits(merged, one.default, one.type):
            message = (
                f'{place} has the default value {print_ast(one.default)}, which its merged type "{one.type}" does not allow.'
            )
            yield CompositionError("INVALID_GRAPHQL", message, names(merged.gathered, one.sources))
        if one.marks.deprecation is not None and one.default is None and one.type.endswith("!"):
            message = f'{place} is deprecated in one subgraph but must be given, since its merged type is "{one.type}".'
            yield CompositionError("INVALID_GRAPHQL", message, names(merged.gathered, one.sources))


def _inputs(merged: Merged) -> Iterator[tuple[str, MergedInput]]:
    for one in merged.types.values():
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    for argument in field.arguments.values():
                        yield f'Argument "{one.name}.{field.name}({argument.name}:)"', argument
            case MergedInputObject():
                for value in one.fields.values():
                    yield f'Input field "{one.name}.{value.name}"', value
    for directive in merged.directives.values():
        for argument in directive.arguments.values():
            yield f'Argument "@{directive.name}({argument.name}:)"', argument


def _fits(merged: Merged, value: ConstValueNode, wanted: str) -> bool:
    """Whether a literal, which fits in the subgraph it comes from, fits the merged type as well."""
    if isinstance(value, NullValueNode):
        return not wanted.endswith("!")
    bare = wanted.removesuffix("!")
    if bare.startswith("["):
        values = value.values if isinstance(value, ListValueNode) else (value,)
        return all(_fits(merged, one, bare[1:-1]) for one in values)
    match value, merged.types.get(bare):
        case EnumValueNode(), MergedEnum() as enum:
            return value.value in enum.values
        case ObjectValueNode(), MergedInputObject() as target:
            given = {one.name.value: one.value for one in value.fields}
            must = (one.name for one in target.fields.values() if one.type.endswith("!") and one.default is None)
            return all(name in given for name in must) and all(
                name in target.fields and _fits(merged, one, target.fields[name].type) for name, one in given.items()
            )
        case _:
            return True
