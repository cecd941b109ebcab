"""EMPTY_MERGED_INPUT_TYPE: at least one field of an input object is known to all subgraphs that have it."""

from __future__ import annotations

from collections.abc import Iterator

from gateway.composition.merged import Merged, MergedInputObject
from gateway.composition.result import CompositionError
from gateway.composition.wording import names


def check(merged: Merged) -> Iterator[CompositionError]:
    """No input object loses all of its fields by merging."""
    for one in merged.types.values():
        if isinstance(one, MergedInputObject) and not one.fields:
            message = (
                f'None of the fields of input object type "{one.name}" are consistently defined in all the subgraphs defining'
                " that type. As only fields common to all subgraphs are merged, this would result in an empty type."
            )
            yield CompositionError("EMPTY_MERGED_INPUT_TYPE", message, names(merged.gathered, one.sources))
