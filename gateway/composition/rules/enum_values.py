"""ENUM_VALUE_MISMATCH, EMPTY_MERGED_ENUM_TYPE: an enum that is both read and written has the same values everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedEnum
from gateway.composition.result import CompositionError
from gateway.composition.wording import in_graphs, names


def check(merged: Merged) -> Iterator[CompositionError]:
    """Check enums by their use."""
    for one in merged.types.values():
        if isinstance(one, MergedEnum) and one.is_input:
            if one.is_output:
                yield from _mismatches(merged, one)
            elif not one.values:
                message = (
                    f'None of the values of enum type "{one.name}" are defined consistently in all the subgraphs defining that'
                    " type. As only values common to all subgraphs are merged, this would result in an empty type."
                )
                yield CompositionError("EMPTY_MERGED_ENUM_TYPE", message, names(merged.gathered, one.sources))


def _mismatches(merged: Merged, one: MergedEnum) -> Iterator[CompositionError]:
    for value in one.values.values():
        missing = [graph for graph in one.sources if graph not in value.sources]
        if missing and not value.marks.inaccessible:
            message = (
                f'Enum type "{one.name}" is used as both input type and output type, but value "{value.name}" is not defined'
                f' in all the subgraphs defining "{one.name}": "{value.name}" is defined in'
                f" {in_graphs(merged.gathered, value.sources)} but not in {in_graphs(merged.gathered, missing)}"
            )
            yield CompositionError("ENUM_VALUE_MISMATCH", message, names(merged.gathered, one.sources))
