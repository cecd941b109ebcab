"""INCONSISTENT_{OBJECT,INTERFACE}_VALUE_TYPE_FIELD, INCONSISTENT_INPUT_OBJECT_FIELD, INCONSISTENT_UNION_MEMBER,
INCONSISTENT_ENUM_VALUE_FOR_{INPUT,OUTPUT}_ENUM, INCONSISTENT_ARGUMENT_PRESENCE: a part is not in all of its subgraphs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from gateway.composition.merged import (
    Merged,
    MergedComposite,
    MergedEnum,
    MergedInputObject,
    MergedScalar,
    MergedType,
    MergedUnion,
)
from gateway.composition.result import Hint
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import Kind

_ROOTS = frozenset({"Query", "Mutation", "Subscription"})


def check(merged: Merged) -> Iterator[Hint]:
    """Parts of types that some subgraph of the type lacks."""
    for one in merged.types.values():
        match one:
            case MergedComposite():
                yield from _check_composite(merged, one)
                yield from _check_arguments(merged, one)
            case MergedInputObject():
                yield from _check_input_object(merged, one)
            case MergedUnion():
                members = {graph: source.members for graph, source in one.sources.items()}
                fate = "the union has it in the supergraph"
                yield from _check(merged, one, members, "INCONSISTENT_UNION_MEMBER", "Union member", fate)
            case MergedEnum():
                yield from _check_enum(merged, one)
            case MergedScalar():
                pass


def _check_composite(merged: Merged, one: MergedComposite) -> Iterator[Hint]:
    if one.name in _ROOTS or any(source.keys for source in one.sources.values()):
        return
    fields = {
        graph: source.fields
        for graph, source in one.sources.items()
        if not all(field.external for field in source.fields.values())
    }
    is_object = one.kind is Kind.OBJECT
    code = f"INCONSISTENT_{'OBJECT' if is_object else 'INTERFACE'}_VALUE_TYPE_FIELD"
    noun = "Field of non-entity object" if is_object else "Field of interface"
    yield from _check(merged, one, fields, code, noun, "it is in the supergraph all the same")


def _check_input_object(merged: Merged, one: MergedInputObject) -> Iterator[Hint]:
    wrong = {name for source in one.sources.values() for name, field in source.fields.items() if field.is_required}  # errors
    fields = {graph: [name for name in source.fields if name not in wrong] for graph, source in one.sources.items()}
    fate = "it will not be part of the input object in the supergraph"
    yield from _check(merged, one, fields, "INCONSISTENT_INPUT_OBJECT_FIELD", "Input object field", fate)


def _check_enum(merged: Merged, one: MergedEnum) -> Iterator[Hint]:
    if one.is_input and one.is_output:
        return  # an error
    values = {graph: source.values for graph, source in one.sources.items()}
    if one.is_input:
        fate = "it will not be part of the enum in the supergraph, which is only used for input"
        yield from _check(merged, one, values, "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM", "Enum value", fate)
    else:
        fate = "it is in the supergraph all the same"
        yield from _check(merged, one, values, "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM", "Enum value", fate)


def _check_arguments(merged: Merged, one: MergedComposite) -> Iterator[Hint]:
    for field in one.fields.values():
        arguments = {graph: source.arguments for graph, source in field.sources.items() if not source.external}
        for name in dict.fromkeys(name for found in arguments.values() for name in found):
            coordinate = f"{one.name}.{field.name}({name}:)"
            if any(name in found and (found[name].context or found[name].is_required) for found in arguments.values()):
                continue  # not a client's to give, or an error
            fate = "it will not be part of the supergraph"
            yield from _hint(
                merged, arguments, name, f'Optional argument "{coordinate}"', "INCONSISTENT_ARGUMENT_PRESENCE", fate
            )


def _check(
    merged: Merged, one: MergedType, sources: Mapping[str, Collection[str]], code: str, noun: str, fate: str
) -> Iterator[Hint]:
    for name in dict.fromkeys(name for source in sources.values() for name in source):
        yield from _hint(merged, sources, name, f'{noun} "{one.name}.{name}"', code, fate)


def _hint(
    merged: Merged, sources: Mapping[str, Collection[str]], name: str, place: str, code: str, fate: str
) -> Iterator[Hint]:
    present = [graph for graph, source in sources.items() if name in source]
    missing = [graph for graph in sources if graph not in present]
    if missing:
        message = (
            f"{place} is not in all of its subgraphs: it is in {in_graphs(merged.gathered, present)} but not in"
            f" {in_graphs(merged.gathered, missing)}; {fate}."
        )
        yield Hint(code, message, names(merged.gathered, [*present, *missing]))
