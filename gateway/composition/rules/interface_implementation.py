"""INTERFACE_FIELD_NO_IMPLEM, and INVALID_GRAPHQL for merged types that break an interface's promise.

Each subgraph may be right by itself and the whole still wrong: one adds a field to an interface that an implementer, which
lives in another subgraph, does not have.
"""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedComposite, MergedField
from gateway.composition.result import CompositionError
from gateway.composition.type_references import is_output_subtype
from gateway.composition.wording import in_graphs, names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Every implementer has the interface's fields, of the promised types, with the promised arguments."""
    for one in merged.composites():
        for name in one.interfaces:
            interface = merged.composite(name)
            if interface is None:
                continue
            for promised in interface.fields.values():
                kept = one.fields.get(promised.name)
                if kept is None:
                    yield from _missing(merged, one, interface, promised)
                else:
                    yield from _broken(merged, one, interface, promised, kept)


def _missing(
    merged: Merged, one: MergedComposite, interface: MergedComposite, promised: MergedField
) -> Iterator[CompositionError]:
    implementing = [graph for graph, source in one.sources.items() if interface.name in source.interfaces]
    coordinate = f"{interface.name}.{promised.name}"
    message = (
        f'Interface field "{coordinate}" is declared in {in_graphs(merged.gathered, promised.sources)} but type "{one.name}",'
        f' which implements "{interface.name}" in {in_graphs(merged.gathered, implementing)} does not have field'
        f' "{promised.name}".'
    )
    involved = names(merged.gathered, dict.fromkeys([*promised.sources, *implementing]))
    yield CompositionError("INTERFACE_FIELD_NO_IMPLEM", message, involved)


def _broken(
    merged: Merged, one: MergedComposite, interface: MergedComposite, promised: MergedField, kept: MergedField
) -> Iterator[CompositionError]:
    coordinate, implementing = f"{interface.name}.{promised.name}", f"{one.name}.{kept.name}"
    involved = names(merged.gathered, dict.fromkeys([*promised.sources, *kept.sources]))

    def error(message: str) -> CompositionError:
        return CompositionError("INVALID_GRAPHQL", message, involved)

    if not is_output_subtype(kept.type, promised.type, merged.gathered.is_subtype):
        yield error(
            f"Interface field {coordinate} expects type {promised.type} but {implementing} of type {kept.type}"
            " is not a proper subtype."
        )
    for name, argument in promised.arguments.items():
        given = kept.arguments.get(name)
        if given is None:
            yield error(f"Interface field argument {coordinate}({name}:) expected but {implementing} does not provide it.")
        elif given.type != argument.type:
            yield error(
                f"Interface field argument {coordinate}({name}:) expects type {argument.type} but"
                f" {implementing}({name}:) is type {given.type}."
            )
    for name, argument in kept.arguments.items():
        if name not in promised.arguments and argument.type.endswith("!") and argument.default is None:
            yield error(
                f"Object field {implementing} includes required argument {name} that is missing from the Interface field"
                f" {coordinate}."
            )
