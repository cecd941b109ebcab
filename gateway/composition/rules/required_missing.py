"""REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH, REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH.

What one subgraph insists on and another does not know would vanish by merging, and then the first could not be called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gateway.composition.merged import Merged, MergedInputObject
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, names
from gateway.schema.subgraph import InputValue


def check(merged: Merged) -> Iterator[CompositionError]:
    """Required arguments and input fields are known wherever the field or input object is."""
    for one in merged.composites():
        for field in one.fields.values():
            fields = {graph: source.arguments for graph, source in field.sources.items()}
            for name in dict.fromkeys(name for arguments in fields.values() for name in arguments):
                place = f'Argument "{one.name}.{field.name}({name}:)"'
                yield from _check(merged, fields, name, place, "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH")
    for given in merged.types.values():
        if isinstance(given, MergedInputObject):
            inputs = {graph: source.fields for graph, source in given.sources.items()}
            for name in dict.fromkeys(name for found in inputs.values() for name in found):
                place = f'Input object field "{given.name}.{name}"'
                yield from _check(merged, inputs, name, place, "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH")


def _check(
    merged: Merged, sources: Mapping[str, Mapping[str, InputValue]], name: str, place: str, code: str
) -> Iterator[CompositionError]:
    missing = [graph for graph, found in sources.items() if name not in found]
    required = [graph for graph, found in sources.items() if name in found and found[name].is_required]
    if missing and required:
        message = (
            f"{place} is required in some subgraphs but does not appear in all subgraphs: it is required in"
            f" {in_graphs(merged.gathered, required)} but does not appear in {in_graphs(merged.gathered, missing)}"
        )
        yield CompositionError(code, message, names(merged.gathered, [*required, *missing]))
