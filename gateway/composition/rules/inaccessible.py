"""REFERENCED_INACCESSIBLE, DEFAULT_VALUE_USES_INACCESSIBLE, REQUIRED_INACCESSIBLE, IMPLEMENTED_BY_INACCESSIBLE,
ONLY_INACCESSIBLE_CHILDREN: what clients see makes a whole without what is hidden from them."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import ConstValueNode, EnumValueNode, ListValueNode, ObjectValueNode

from gateway.composition.merged import (
    Merged,
    MergedComposite,
    MergedEnum,
    MergedField,
    MergedInput,
    MergedInputObject,
    MergedType,
    MergedUnion,
)
from gateway.composition.result import CompositionError
from gateway.composition.wording import names
from gateway.schema.subgraph import Kind, Marks, named_type


def check(merged: Merged) -> Iterator[CompositionError]:
    """Check every element that clients can see."""
    for one in merged.types.values():
        if one.marks.inaccessible:
            continue
        yield from _only_hidden_children(merged, one)
        match one:
            case MergedComposite():
                for field in one.fields.values():
                    if field.marks.inaccessible:
                        yield from _hidden_field_of_interface(merged, one, field)
                    else:
                        yield from _check_field(merged, one, field)
            case MergedInputObject():
                for value in one.fields.values():
                    yield from _check_input(merged, f"{one.name}.{value.name}", value, "Input field", "input field of its type")


def _error(merged: Merged, one: MergedType, code: str, message: str) -> CompositionError:
    return CompositionError(code, message, names(merged.gathered, one.sources))


def _only_hidden_children(merged: Merged, one: MergedType) -> Iterator[CompositionError]:
    children: list[Marks] = []
    kind = "fields"
    match one:
        case MergedComposite():
            children = [field.marks for field in one.fields.values()]
        case MergedInputObject():
            children = [field.marks for field in one.fields.values()]
        case MergedEnum():
            children, kind = [value.marks for value in one.values.values()], "values"
        case MergedUnion():
            children, kind = [merged.types[member].marks for member in one.members if member in merged.types], "members"
    if children and all(child.inaccessible for child in children):
        message = f'Type "{one.name}" is in the API schema but all of its {kind} are @inaccessible.'
        yield _error(merged, one, "ONLY_INACCESSIBLE_CHILDREN", message)


def _check_field(merged: Merged, one: MergedComposite, field: MergedField) -> Iterator[CompositionError]:
    coordinate = f"{one.name}.{field.name}"
    yield from _check_reference(merged, coordinate, field.type, field.sources)
    for argument in field.arguments.values():
        place = f"{coordinate}({argument.name}:)"
        yield from _check_input(merged, place, argument, "Argument", "argument of its field")


def _check_reference(merged: Merged, coordinate: str, type_text: str, sources: object) -> Iterator[CompositionError]:
    target = merged.types.get(named_type(type_text))
    if target is not None and target.marks.inaccessible:
        message = f'Type "{target.name}" is @inaccessible but is referenced by "{coordinate}", which is in the API schema.'
        assert hasattr(sources, "__iter__")
        graphs = dict.fromkeys([*target.sources, *sources])
        yield CompositionError("REFERENCED_INACCESSIBLE", message, names(merged.gathered, graphs))


def _check_input(merged: Merged, coordinate: str, one: MergedInput, noun: str, role: str) -> Iterator[CompositionError]:
    involved = names(merged.gathered, one.sources)
    if one.marks.inaccessible:
        if one.type.endswith("!") and one.default is None:
            message = f'{noun} "{coordinate}" is @inaccessible but is a required {role}.'
            yield CompositionError("REQUIRED_INACCESSIBLE", message, involved)
        return
    yield from _check_reference(merged, coordinate, one.type, one.sources)
    for hidden in _hidden_values(merged, one.default, named_type(one.type)):
        message = f'{hidden} is @inaccessible but is used in the default value of "{coordinate}", which is in the API schema.'
        yield CompositionError("DEFAULT_VALUE_USES_INACCESSIBLE", message, involved)


def _hidden_values(merged: Merged, value: ConstValueNode | None, type_name: str) -> Iterator[str]:
    target = merged.types.get(type_name)
    match value, target:
        case ListValueNode(), _:
            for one in value.values:
                yield from _hidden_values(merged, one, type_name)
        case EnumValueNode(), MergedEnum():
            known = target.values.get(value.value)
            if known is not None and known.marks.inaccessible:
                yield f'Enum value "{type_name}.{value.value}"'
        case ObjectValueNode(), MergedInputObject():
            for field in value.fields:
                known_field = target.fields.get(field.name.value)
                if known_field is None:
                    continue
                if known_field.marks.inaccessible:
                    yield f'Input field "{type_name}.{field.name.value}"'
                yield from _hidden_values(merged, field.value, named_type(known_field.type))


def _hidden_field_of_interface(merged: Merged, one: MergedComposite, field: MergedField) -> Iterator[CompositionError]:
    for name in one.interfaces:
        interface = merged.composite(name)
        promised = interface.fields.get(field.name) if interface and interface.kind is Kind.INTERFACE else None
        if interface is None or promised is None or interface.marks.inaccessible or promised.marks.inaccessible:
            continue
        message = (
            f'Field "{one.name}.{field.name}" is @inaccessible but implements the interface field "{name}.{field.name}",'
            " which is in the API schema."
        )
        graphs = dict.fromkeys([*field.sources, *promised.sources])
        yield CompositionError("IMPLEMENTED_BY_INACCESSIBLE", message, names(merged.gathered, graphs))
